//! The checks, in a book of its own: it sees what is granted, asked and ended, and knows none of the queue's rules.

use std::collections::HashMap;
use std::time::Duration;

use model::Timestamp;
use reference::{DocumentNo, Grant, LaneNo, WorkerNo};

/// A document as the watch knows it.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// How many runs were asked for and have not ended.
    is_live: bool,
    holder: Option<(WorkerNo, i64)>,
    first_start: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    last: Option<(Timestamp, Duration)>,
    running: i64,
}

/// What was seen, and what must hold.
#[derive(Debug)]
pub struct Watch {
    most_at_once: i64,
    bound: Duration,
    documents: Vec<Seen>,
    hosts: HashMap<LaneNo, Asked>,
    pub queued: u64,
    pub ended: u64,
    pub grants: u64,
    pub repeats: u64,
    pub refused: u64,
    /// The least by which two requests at a host were further apart than they had to be.
    pub closest: Option<Duration>,
    pub longest: Duration,
    pub most_attempts: i64,
}

impl Watch {
    pub fn new(most_at_once: i64, bound: Duration) -> Self {
        Self {
            most_at_once,
            bound,
            documents: Vec::new(),
            hosts: HashMap::new(),
            queued: 0,
            ended: 0,
            grants: 0,
            repeats: 0,
            refused: 0,
            closest: None,
            longest: Duration::ZERO,
            most_attempts: 0,
        }
    }

    /// A caller was told that the document has a live job.
    pub fn queued(&mut self, document: DocumentNo) {
        let place = document.0 as usize;
        if self.documents.len() <= place {
            self.documents.resize(place + 1, Seen::default());
        }
        if !self.documents[place].is_live {
            self.documents[place] = Seen { is_live: true, ..Seen::default() };
            self.queued += 1;
        }
    }

    /// A worker was given a job; `is_limited` where the host has a gap, and so a limit to what runs at once.
    pub fn granted(&mut self, grant: &Grant, worker: WorkerNo, is_limited: bool) -> Result<(), String> {
        self.grants += 1;
        self.most_attempts = self.most_attempts.max(grant.attempt);
        let seen = &mut self.documents[grant.document.0 as usize];
        if let Some(holder) = seen.holder.replace((worker, grant.attempt)) {
            return Err(format!("{:?} runs twice at once: {holder:?} and {worker:?}", grant.document));
        }
        if !seen.is_live {
            return Err(format!("{:?} runs though nobody asked for it", grant.document));
        }
        if grant.attempt > grant.max_attempts || grant.attempt < 1 {
            return Err(format!("{:?} is at attempt {} of {}", grant.document, grant.attempt, grant.max_attempts));
        }
        self.repeats += u64::from(seen.first_start.is_some());
        seen.first_start.get_or_insert(grant.start_at);
        let host = self.hosts.entry(grant.lane).or_default();
        host.running += 1;
        if is_limited && host.running > self.most_at_once {
            return Err(format!("{} documents of {:?} run at once", host.running, grant.lane));
        }
        Ok(())
    }

    /// A host is asked; the next may be asked after the gap.
    pub fn asked(&mut self, lane: LaneNo, start: Timestamp, gap: Duration) -> Result<(), String> {
        let host = self.hosts.entry(lane).or_default();
        if let Some((last, gap)) = host.last.replace((start, gap)) {
            let apart = start.since(last);
            let Some(room) = apart.checked_sub(gap) else {
                return Err(format!("{lane:?} was asked {apart:?} after the last time instead of {gap:?}"));
            };
            self.closest = Some(self.closest.map_or(room, |closest| closest.min(room)));
        }
        Ok(())
    }

    /// A worker has settled, or somebody has for it; `goes_on` when the job runs again.
    pub fn settled(
        &mut self,
        grant: &Grant,
        worker: WorkerNo,
        (is_held, goes_on): (bool, bool),
        now: Timestamp,
    ) -> Result<(), String> {
        let seen = &mut self.documents[grant.document.0 as usize];
        let holds = seen.holder == Some((worker, grant.attempt));
        if holds != is_held {
            let what = if is_held { "ended by somebody who does not hold it" } else { "refused to its holder" };
            return Err(format!("{:?} was {what}: {worker:?} at attempt {}", grant.document, grant.attempt));
        }
        if !is_held {
            self.refused += 1;
            return Ok(());
        }
        seen.holder = None;
        self.hosts.entry(grant.lane).or_default().running -= 1;
        if goes_on {
            return Ok(());
        }
        let took = seen.first_start.map_or(Duration::ZERO, |first| now.since(first));
        seen.is_live = false;
        self.ended += 1;
        self.longest = self.longest.max(took);
        if took > self.bound {
            return Err(format!(
                "{:?} ended {took:?} after its first start; the bound is {:?}",
                grant.document, self.bound
            ));
        }
        Ok(())
    }

    /// At the end nothing may be left.
    pub fn all_ended(&self) -> Result<(), String> {
        let left = self.documents.iter().filter(|seen| seen.is_live).count();
        if left == 0 { Ok(()) } else { Err(format!("{left} of {} documents are lost", self.queued)) }
    }
}
