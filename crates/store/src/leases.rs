//! Leases: kept by heartbeats, and found when they have run out and their worker with them.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use model::blame::{Blame, blame};
use model::{Job, JobId, Timestamp, WorkerId};
use serde_json::json;

use crate::backend::{Sql, Touched, over_named, run, statements};
use crate::documents::id;
use crate::jobs::{JobRow, select_jobs};
use crate::rows::rows;
use crate::settlement::Settlement;
use crate::{Error, Read, Store, Write};

/// A job whose worker fell silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired {
    /// The job, as it was claimed.
    pub job: Job,
    /// The worker that owned it.
    pub worker: WorkerId,
    /// What the worker's end means for it, beside all else that the worker had in hand.
    pub blame: Blame,
}

statements! {
    // A job that is being settled at this moment is locked, and needs no more time.
    EXTEND = Sql::split(
        "UPDATE jobs SET lease_until = $3
         WHERE id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r) AND owner = $2",
        "WITH own AS MATERIALIZED (
             SELECT j.id FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) CROSS JOIN jobs j
             WHERE j.id = ANY (ARRAY[r.value ->> 0]) AND j.owner = $2 FOR UPDATE OF j SKIP LOCKED)
         UPDATE jobs SET lease_until = $3 FROM own WHERE jobs.id = ANY (ARRAY[own.id])",
    );
    OWNED = over_named!("SELECT j.id FROM", "CROSS JOIN jobs j", "j.id", "AND j.owner = $2");
    // A worker that has died has no lease left. One that lives may have forgotten a job, which is nobody's before long.
    EXPIRED = Sql::same(select_jobs!(
        "JOIN (SELECT owner, MAX(lease_until) AS last FROM jobs WHERE state = 'running' GROUP BY owner) held ON held.owner = j.owner
         WHERE j.state = 'running' AND j.lease_until <= $1 AND (held.last <= $1 OR j.lease_until <= $2)
         ORDER BY j.owner, j.lease_until, j.id"
    ));
    // One that is locked is being settled, or was by a worker that froze; whoever waited for it would stand still with it.
    LOCK_LOST = Sql::split(
        "SELECT j.id FROM jobs j WHERE j.owner IS NOT NULL AND j.id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)",
        "SELECT j.id FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value)
         CROSS JOIN jobs j JOIN documents d ON d.id = ANY (ARRAY[j.document_id])
         WHERE j.owner IS NOT NULL AND j.id = ANY (ARRAY[r.value ->> 0])
         ORDER BY d.workspace_id, d.source, d.external_id FOR UPDATE OF d, j SKIP LOCKED",
    );
}

impl Read {
    /// Which of the jobs that a worker has in hand are still its own.
    pub async fn owned(
        &mut self,
        worker: WorkerId,
        in_hand: impl IntoIterator<Item = &JobId>,
    ) -> Result<Vec<JobId>, Error> {
        let in_hand = named(in_hand);
        let owned: Vec<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(OWNED), [&in_hand, worker.to_string()], fetch_all)?;
        owned.iter().map(|(job,)| id(job)).collect()
    }

    /// The jobs of workers whose last lease has run out, worker by worker, and what that means for each. A job whose worker
    /// lives on is among them when its own lease ran out more than a `lease` ago.
    pub async fn expired(&mut self, lease: Duration, now: Timestamp) -> Result<Vec<Expired>, Error> {
        let long_ago = now.minus(lease).as_micros();
        let found: Vec<JobRow> =
            run!(&mut self.tx, query_as::<JobRow>(EXPIRED), [now.as_micros(), long_ago], fetch_all)?;
        let mut most: HashMap<Option<&str>, i64> = HashMap::new();
        for row in &found {
            let most = most.entry(row.owner.as_deref()).or_default();
            *most = row.suspicion.max(*most);
        }
        let expired = found.iter().map(|row| {
            let most = most.get(&row.owner.as_deref()).copied().unwrap_or_default();
            let blame = blame(row.suspicion, most, row.max_attempts - row.attempt);
            let worker = id(row.owner.as_deref().unwrap_or_default())?;
            Ok(Expired { job: row.job(row.attempt, now)?, worker, blame })
        });
        expired.collect()
    }
}

impl Store {
    /// Settles the jobs of a worker that fell silent, all at once, and says how many were still its own. What somebody has
    /// locked is passed by: it is about to end, or comes up again. Nobody rings for the worker any more, unless it speaks up.
    pub async fn recover(&self, worker: WorkerId, lost: Vec<Settlement>) -> Result<usize, Error> {
        let mut write = self.write().await?;
        let lost = write.free(lost).await?;
        let settlements: Vec<_> = lost.into_iter().map(|settlement| (worker, settlement)).collect();
        let held = write.settle(&settlements, self.now()).await?;
        write.worker_left(worker).await?;
        model::faults::reach("reap.before_commit");
        write.commit().await?;
        model::faults::reach("reap.after_commit");
        settlements.iter().zip(&held).for_each(|((_, settlement), held)| settlement.note(*held, &self.tally));
        Ok(held.into_iter().filter(|held| *held).count())
    }
}

impl Write {
    /// Those that nobody is settling at this moment.
    async fn free(&mut self, mut lost: Vec<Settlement>) -> Result<Vec<Settlement>, Error> {
        let jobs = named(lost.iter().map(|settlement| &settlement.job.id));
        let free: Vec<(String,)> = run!(&mut self.tx, query_as::<(String,)>(LOCK_LOST), [&jobs], fetch_all)?;
        let free: HashSet<String> = free.into_iter().map(|(job,)| job).collect();
        lost.retain(|settlement| free.contains(&settlement.job.id.to_string()));
        Ok(lost)
    }

    /// Keeps the leases of the jobs that a worker has in hand for `lease` more, and says which of them it still owns. One that
    /// ran out while nobody took the job is kept too: running it a second time would help nobody. A job that the worker owns
    /// but does not have in hand, because a claim or a finish went wrong, is left to run out.
    pub async fn extend_leases(
        &mut self,
        worker: WorkerId,
        in_hand: impl IntoIterator<Item = &JobId> + Clone,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Vec<JobId>, Error> {
        let jobs = named(in_hand.clone());
        let until = now.plus(lease).as_micros();
        let _: Touched = run!(&mut self.tx, query(EXTEND), [&jobs, worker.to_string(), until], execute)?;
        self.owned(worker, in_hand).await
    }
}

fn named<'a>(jobs: impl IntoIterator<Item = &'a JobId>) -> String {
    rows(jobs.into_iter().map(|job| json!([job.to_string()])))
}
