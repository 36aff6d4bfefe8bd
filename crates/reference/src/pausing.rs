//! Pausing: jobs are laid aside as claims meet them, and come back when the pause has ended.

use model::Timestamp;
use model::job::JobState;

use crate::fault::Fault;
use crate::pauses::Pausable;
use crate::queue::Queue;

impl Queue {
    /// Lets nothing of it start from now on. A second pause changes the reason alone.
    pub fn pause(&mut self, what: Pausable, reason: &str, now: Timestamp) {
        self.pauses.begin(what, reason, now);
    }

    /// Ends a pause, and says whether there was one.
    pub fn resume(&mut self, what: Pausable) -> bool {
        self.pauses.end(what)
    }

    /// Brings back what ended pauses have laid aside, and says how many jobs that were.
    pub fn release(&mut self, now: Timestamp) -> u64 {
        let mut released = 0;
        for what in self.pauses.take_ended() {
            let held = match what {
                Pausable::Workspace(workspace) => self.jobs.held_of(workspace),
                Pausable::Lane(lane) => self.jobs.held_at(lane),
            };
            if self.fault == Some(Fault::ForgetsHeld) {
                continue;
            }
            let front = self.shares.served(&self.jobs);
            for job in held {
                released += 1;
                self.jobs.change(job, |row| {
                    (row.state, row.since, row.put_off) = (JobState::Ready, now, None);
                    row.key = row.key.max(front);
                });
            }
        }
        released
    }
}
