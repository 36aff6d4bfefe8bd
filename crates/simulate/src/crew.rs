//! The working processes: which have room, what each has in hand, and who dies.

use reference::{JobNo, WorkerNo};

/// A place for a process; when one dies, another starts there.
#[derive(Debug, Clone)]
pub struct Seat {
    pub worker: WorkerNo,
    /// Slots that are taken.
    pub busy: u32,
    /// The jobs that its heartbeat keeps.
    pub in_hand: Vec<JobNo>,
    is_free: bool,
}

/// Every seat.
#[derive(Debug)]
pub struct Seats {
    all: Vec<Seat>,
    free: Vec<usize>,
    slots: u32,
    started: u32,
}

impl Seats {
    pub fn new(workers: u32, slots: u32) -> Self {
        let seat = |number| Seat { worker: WorkerNo(number), busy: 0, in_hand: Vec::new(), is_free: true };
        let all: Vec<Seat> = (0..workers).map(seat).collect();
        Self { free: (0..all.len()).rev().collect(), all, slots, started: workers }
    }

    pub fn count(&self) -> usize {
        self.all.len()
    }

    pub fn get(&self, seat: usize) -> &Seat {
        &self.all[seat]
    }

    /// One that has room, and how much. It is asked again until it has none.
    pub fn with_room(&mut self) -> Option<(usize, u32)> {
        while let Some(seat) = self.free.last().copied() {
            let room = self.slots - self.all[seat].busy;
            if room > 0 {
                return Some((seat, room));
            }
            self.all[seat].is_free = false;
            self.free.pop();
        }
        None
    }

    /// A process took a job; one that stands still does not keep it.
    pub fn take(&mut self, seat: usize, job: JobNo, is_kept: bool) {
        self.all[seat].busy += 1;
        if is_kept {
            self.all[seat].in_hand.push(job);
        }
    }

    /// A process is done with a job.
    pub fn leave(&mut self, seat: usize, job: JobNo) {
        let place = &mut self.all[seat];
        place.busy -= 1;
        place.in_hand.retain(|other| *other != job);
        self.free_up(seat);
    }

    /// A process dies, and another takes its seat with nothing in hand.
    pub fn crash(&mut self, seat: usize) {
        let worker = WorkerNo(self.started);
        self.started += 1;
        let is_free = self.all[seat].is_free;
        self.all[seat] = Seat { worker, busy: 0, in_hand: Vec::new(), is_free };
        self.free_up(seat);
    }

    fn free_up(&mut self, seat: usize) {
        if !self.all[seat].is_free {
            self.all[seat].is_free = true;
            self.free.push(seat);
        }
    }
}
