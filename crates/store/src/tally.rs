//! What this process has done with the queue since it started, counted for monitors.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use model::FailureCode;

/// Counters that only grow. Cheap to clone; clones are the same counters.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    claimed: AtomicU64,
    completed: AtomicU64,
    failed: [AtomicU64; FailureCode::ALL.len()],
    cancelled: AtomicU64,
    retried: AtomicU64,
    handed_back: AtomicU64,
    lost: AtomicU64,
}

impl Tally {
    /// Jobs that workers of this process were given.
    pub fn claimed(&self) -> u64 {
        self.0.claimed.load(Ordering::Relaxed)
    }

    /// Runs that ended with text.
    pub fn completed(&self) -> u64 {
        self.0.completed.load(Ordering::Relaxed)
    }

    /// Runs that failed for good, for this reason.
    pub fn failed(&self, code: FailureCode) -> u64 {
        self.0.failed[code as usize].load(Ordering::Relaxed)
    }

    /// Jobs that were cancelled through this process.
    pub fn cancelled(&self) -> u64 {
        self.0.cancelled.load(Ordering::Relaxed)
    }

    /// Attempts that failed and are followed by another.
    pub fn retried(&self) -> u64 {
        self.0.retried.load(Ordering::Relaxed)
    }

    /// Runs that were handed back when a worker stopped.
    pub fn handed_back(&self) -> u64 {
        self.0.handed_back.load(Ordering::Relaxed)
    }

    /// Runs whose end came too late: the job was cancelled or another worker's, and nothing was kept.
    pub fn lost(&self) -> u64 {
        self.0.lost.load(Ordering::Relaxed)
    }

    pub(crate) fn note_claimed(&self, jobs: usize) {
        add(&self.0.claimed, jobs);
    }

    pub(crate) fn note_cancelled(&self, jobs: usize) {
        add(&self.0.cancelled, jobs);
    }

    pub(crate) fn note_completed(&self) {
        add(&self.0.completed, 1);
    }

    pub(crate) fn note_failed(&self, code: FailureCode) {
        add(&self.0.failed[code as usize], 1);
    }

    /// Notes that a job will run again, and whether the attempt counts.
    pub(crate) fn note_again(&self, counts: bool) {
        add(if counts { &self.0.retried } else { &self.0.handed_back }, 1);
    }

    pub(crate) fn note_lost(&self) {
        add(&self.0.lost, 1);
    }
}

fn add(counter: &AtomicU64, by: usize) {
    counter.fetch_add(u64::try_from(by).unwrap_or(u64::MAX), Ordering::Relaxed);
}
