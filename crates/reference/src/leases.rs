//! Leases: kept by heartbeats, and found when they have run out.

use std::collections::BTreeMap;
use std::time::Duration;

use model::Timestamp;
use model::blame::{Blame, blame};

use crate::claim::Grant;
use crate::jobs::Row;
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

    /// The jobs of workers whose last lease has run out, as they were granted, to whom, and what that means for each; and those
    /// that ran out more than a `lease` ago while their worker lives on.
    pub fn expired(&self, lease: Duration, now: Timestamp) -> Vec<(WorkerNo, Grant, Blame)> {
        let rows = self.jobs.leased().filter_map(|(until, job)| {
            let row = self.jobs.get(job)?;
            Some((row.lease?.0, until, job, row))
        });
        let mut last: BTreeMap<WorkerNo, Timestamp> = BTreeMap::new();
        let rows: Vec<_> = rows.collect();
        for (owner, until, ..) in &rows {
            last.insert(*owner, *until);
        }
        let is_over = |owner, until| until <= now && (last[&owner] <= now || until <= now.minus(lease));
        let found: Vec<_> = rows.into_iter().filter(|(owner, until, ..)| is_over(*owner, *until)).collect();
        let most = |worker| found.iter().filter(|(owner, ..)| *owner == worker).map(|(.., row)| row.suspicion).max();
        let blamed = |(owner, _, job, row): &(WorkerNo, Timestamp, JobNo, &Row)| {
            let blame = blame(row.suspicion, most(*owner).unwrap_or_default(), row.max_attempts - row.attempt);
            (*owner, Grant::of(*job, row, now), blame)
        };
        found.iter().map(blamed).collect()
    }

    fn owner_of(&self, job: JobNo) -> Option<WorkerNo> {
        self.jobs.get(job).and_then(|row| row.lease).map(|(owner, _)| owner)
    }
}
