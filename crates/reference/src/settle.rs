//! The end of a run, fenced by its worker and attempt.

use std::rc::Rc;

use model::job::JobState;
use model::{Blame, Timestamp, WaitCode};

use crate::claim::Grant;
use crate::documents::Outcome;
use crate::fault::Fault;
use crate::numbers::WorkerNo;
use crate::queue::Queue;

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Text.
    Text,
    /// A failure for good, and what is shown of it.
    Failed(Rc<str>),
    /// It runs again.
    Again(Again),
    /// Its process died, and it runs again.
    Lost(Lost),
}

/// When and why a job runs again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// Not before this.
    pub at: Timestamp,
    /// The reason that is shown.
    pub code: WaitCode,
    /// The same as a sentence.
    pub why: Rc<str>,
    /// Whether the run was really tried.
    pub counts: bool,
}

/// How a job runs again whose process died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Not before this.
    pub at: Timestamp,
    /// The reason as a sentence.
    pub why: Rc<str>,
    /// What the death means for it.
    pub blame: Blame,
}

impl Queue {
    /// Settles a run, and says whether its worker still held the job. If not, nothing changes.
    pub fn settle(&mut self, worker: WorkerNo, grant: &Grant, end: &End, now: Timestamp) -> bool {
        let Some(row) = self.jobs.get(grant.job) else { return false };
        let is_held = row.attempt == grant.attempt && row.lease.is_some_and(|(owner, _)| owner == worker);
        if !is_held && self.fault != Some(Fault::NoFence) {
            return false;
        }
        match end {
            End::Text => self.end(grant.job, Outcome::Completed, "", now),
            End::Failed(error) => self.end(grant.job, Outcome::Failed, error, now),
            End::Again(again) => self.jobs.change(grant.job, |row| {
                row.state = JobState::Delayed;
                row.run_at = again.at;
                row.since = now;
                row.put_off = Some((again.code, Rc::clone(&again.why)));
                row.attempt -= i64::from(!again.counts);
                row.suspicion = if again.counts { 0 } else { row.suspicion };
                row.lease = None;
            }),
            End::Lost(lost) => self.jobs.change(grant.job, |row| {
                row.state = JobState::Delayed;
                row.run_at = lost.at;
                row.since = now;
                row.put_off = Some((WaitCode::Retry, Rc::clone(&lost.why)));
                row.max_attempts += i64::from(!lost.blame.counts);
                row.suspicion = lost.blame.suspicion;
                row.lease = None;
            }),
        }
        true
    }
}
