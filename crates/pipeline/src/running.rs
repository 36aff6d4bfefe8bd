//! The jobs that run in this process: what each is doing, and a way to stop it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{DocumentId, Job, JobId, Timestamp};
use tokio_util::sync::CancellationToken;

/// What a running job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It asks the site, or waits for its turn there.
    Fetching,
    /// The bytes are being read.
    Extracting,
}

/// The jobs in hand. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Running(Arc<Mutex<HashMap<JobId, Entry>>>, Arc<Mutex<Stalls>>);

/// What is known of times in which the process stood still.
#[derive(Debug, Default)]
struct Stalls {
    noticed: Option<Timestamp>,
    /// Jobs that were let off for one already: a machine that stalls again and again must not keep them for ever.
    forgiven: HashSet<JobId>,
}

#[derive(Debug)]
struct Entry {
    document: DocumentId,
    phase: Phase,
    lost: CancellationToken,
}

/// A job's place among the running ones; it leaves when dropped.
#[derive(Debug)]
pub struct Place {
    running: Running,
    job: JobId,
    /// Cancelled when the job is no longer this worker's.
    pub(crate) lost: CancellationToken,
}

impl Running {
    pub(crate) fn enter(&self, job: &Job) -> Place {
        let lost = CancellationToken::new();
        let entry = Entry { document: job.document, phase: Phase::Fetching, lost: lost.clone() };
        self.jobs().insert(job.id, entry);
        Place { running: self.clone(), job: job.id, lost }
    }

    pub(crate) fn phase(&self, document: DocumentId) -> Option<Phase> {
        self.jobs().values().find(|entry| entry.document == document).map(|entry| entry.phase)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.jobs().is_empty()
    }

    pub(crate) fn ids(&self) -> HashSet<JobId> {
        self.jobs().keys().copied().collect()
    }

    /// Stops the jobs among `known` that are not among `owned`.
    pub(crate) fn drop_lost(&self, known: &HashSet<JobId>, owned: &HashSet<JobId>) {
        for (job, entry) in self.jobs().iter() {
            if known.contains(job) && !owned.contains(job) {
                entry.lost.cancel();
            }
        }
    }

    /// Notes that the process stood still, and just noticed it.
    pub(crate) fn note_stall(&self, now: Timestamp) {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).noticed = Some(now);
    }

    /// Whether the process stood still after `since`, and the job was not let off for that before.
    pub(crate) fn forgive(&self, job: JobId, since: Timestamp) -> bool {
        let mut stalls = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        stalls.noticed.is_some_and(|noticed| noticed >= since) && stalls.forgiven.insert(job)
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<JobId, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Shows what the job is doing now.
    pub fn show(&self, phase: Phase) {
        if let Some(entry) = self.running.jobs().get_mut(&self.job) {
            entry.phase = phase;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.running.jobs().remove(&self.job);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_let_off_once_for_a_stall_while_it_ran() {
        let (running, job, other) = (Running::default(), JobId::new(), JobId::new());
        let at = Timestamp::from_micros;
        assert!(!running.forgive(job, at(10)), "the process never stood still");
        running.note_stall(at(20));
        assert!(!running.forgive(job, at(30)), "that was before it began");
        assert!(running.forgive(job, at(10)));
        assert!(!running.forgive(job, at(10)), "not a second time");
        assert!(running.forgive(other, at(10)));
    }
}
