//! Leases: kept by heartbeats, and found when they have run out.

use std::time::Duration;

use model::Timestamp;

use crate::claim::Grant;
use crate::numbers::{JobNo, WorkerNo};
use crate::queue::Queue;

impl Queue {
    /// Keeps the leases of the jobs that a worker has in hand, and says which of them it still owns.
    pub fn extend_leases(
        &mut self,
        worker: WorkerNo,
        in_hand: &[JobNo],
        lease: Duration,
        now: Timestamp,
    ) -> Vec<JobNo> {
        let owned: Vec<JobNo> = in_hand.iter().copied().filter(|job| self.owner_of(*job) == Some(worker)).collect();
        for job in &owned {
            self.jobs.change(*job, |row| row.lease = Some((worker, now.plus(lease))));
        }
        owned
    }

    /// The jobs whose lease ran out, as they were granted, and to whom.
    pub fn expired(&self, now: Timestamp) -> Vec<(WorkerNo, Grant)> {
        let granted = |job| {
            let row = self.jobs.get(job)?;
            Some((row.lease?.0, Grant::of(job, row, now)))
        };
        self.jobs.expired(now).filter_map(granted).collect()
    }

    fn owner_of(&self, job: JobNo) -> Option<WorkerNo> {
        self.jobs.get(job).and_then(|row| row.lease).map(|(owner, _)| owner)
    }
}
