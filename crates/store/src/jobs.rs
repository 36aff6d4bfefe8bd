//! Live jobs: claim in batches, keep the lease, hand back, put off, and find what a dead worker left.

use std::collections::HashMap;
use std::time::Duration;

use model::{DocumentId, Job, JobId, Timestamp, WaitCode, WorkerId};
use serde_json::json;

use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::documents::{id, word};
use crate::enqueue::rows;
use crate::lanes::{Lane, Turn};
use crate::{Error, Pace, Read, Write};

/// Who claims, how much, and at which pace.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The worker that will own the jobs.
    pub worker: WorkerId,
    /// How many jobs at most.
    pub limit: i64,
    /// How long the lease lasts without a heartbeat.
    pub lease: Duration,
    /// How fast a host may be asked.
    pub pace: Pace,
    /// Only these documents, where somebody works for them alone.
    pub only: Option<&'a [DocumentId]>,
}

/// What a claim gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claimed {
    /// Jobs that this worker now owns.
    pub jobs: Vec<Job>,
    /// Whether another claim at once may give more.
    pub more: bool,
}

/// A job whose worker fell silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired {
    /// The job, as it was claimed.
    pub job: Job,
    /// The worker that owned it.
    pub worker: WorkerId,
}

macro_rules! select_jobs {
    ($tail:literal) => {
        concat!(
            "SELECT j.id, j.workspace_id, j.document_id, j.lane, j.attempt, j.max_attempts, j.owner,
                    d.source, d.external_id, d.english, d.baser
             FROM jobs j JOIN documents d ON d.id = j.document_id AND d.workspace_id = j.workspace_id ",
            $tail
        )
    };
}

statements! {
    PROMOTE = Sql::split(
        "UPDATE jobs SET state = 'ready', since = run_at WHERE state = 'delayed' AND run_at <= $1",
        "UPDATE jobs SET state = 'ready', since = run_at WHERE (id, workspace_id) IN (
             SELECT id, workspace_id FROM jobs WHERE state = 'delayed' AND run_at <= $1
             ORDER BY run_at LIMIT 1000 FOR UPDATE SKIP LOCKED)",
    );
    CANDIDATES = Sql::split(
        select_jobs!("WHERE j.state = 'ready' ORDER BY j.order_key, j.id LIMIT $1"),
        select_jobs!("WHERE j.state = 'ready' ORDER BY j.order_key, j.id LIMIT $1 FOR UPDATE OF j SKIP LOCKED"),
    );
    AMONG = Sql::split(
        select_jobs!(
            "WHERE j.state = 'ready' AND j.document_id IN (SELECT r.value ->> 0 FROM json_each($1) AS r)
             ORDER BY j.order_key, j.id LIMIT $2"
        ),
        select_jobs!(
            "WHERE j.state = 'ready'
               AND j.document_id IN (SELECT r.value ->> 0 FROM json_array_elements(CAST($1 AS json)) AS r(value))
             ORDER BY j.order_key, j.id LIMIT $2 FOR UPDATE OF j SKIP LOCKED"
        ),
    );
    GRANT = over_rows!(
        "UPDATE jobs SET state = 'running', owner = $2, lease_until = $3, attempt = attempt + 1, since = $4,
                started_at = $4, wait_code = NULL, wait_text = NULL
         FROM",
        "WHERE jobs.id = r.value ->> 0"
    );
    PUT_IN_LINE = over_rows!(
        "UPDATE jobs SET state = 'delayed', run_at = CAST(r.value ->> 1 AS BIGINT), since = $2,
                wait_code = 'host', wait_text = r.value ->> 2
         FROM",
        "WHERE jobs.id = r.value ->> 0"
    );
    EXTEND = over_rows!(
        "UPDATE jobs SET lease_until = $3 FROM",
        "WHERE jobs.id = r.value ->> 0 AND owner = $2 AND state = 'running' RETURNING id"
    );
    PUT_OFF = Sql::same(
        "UPDATE jobs SET state = 'delayed', run_at = $5, since = $6, wait_code = $7, wait_text = $8,
                attempt = attempt - $9, owner = NULL, lease_until = NULL
         WHERE id = $1 AND workspace_id = $2 AND owner = $3 AND attempt = $4 AND state = 'running'"
    );
    EXPIRED = Sql::same(select_jobs!(
        "WHERE j.state = 'running' AND j.lease_until <= $1 ORDER BY j.lease_until LIMIT 1000"
    ));
    LIVE = Sql::same("SELECT COUNT(*) FROM jobs WHERE workspace_id = $1");
    NEXT_DUE = Sql::same("SELECT MIN(run_at) FROM jobs WHERE state = 'delayed'");
}

#[derive(sqlx::FromRow)]
struct JobRow {
    id: String,
    workspace_id: String,
    document_id: String,
    lane: String,
    attempt: i64,
    max_attempts: i64,
    owner: Option<String>,
    source: String,
    external_id: String,
    english: bool,
    baser: bool,
}

impl JobRow {
    fn job(&self, attempt: i64, start_at: Timestamp) -> Result<Job, Error> {
        Ok(Job {
            id: id(&self.id)?,
            workspace: id(&self.workspace_id)?,
            document: id(&self.document_id)?,
            source: word(&self.source)?,
            external_id: self.external_id.clone(),
            english: self.english,
            baser: self.baser,
            attempt,
            max_attempts: self.max_attempts,
            start_at,
        })
    }
}

impl Read {
    /// Jobs whose lease ran out.
    pub async fn expired(&mut self, now: Timestamp) -> Result<Vec<Expired>, Error> {
        let rows: Vec<JobRow> = run!(&mut self.tx, query_as::<JobRow>(EXPIRED), [now.as_micros()], fetch_all)?;
        let expired = rows.iter().map(|row| {
            Ok(Expired { job: row.job(row.attempt, now)?, worker: id(row.owner.as_deref().unwrap_or_default())? })
        });
        expired.collect()
    }

    /// When the next delayed job becomes ready.
    pub async fn next_due(&mut self) -> Result<Option<Timestamp>, Error> {
        let (due,): (Option<i64>,) = run!(&mut self.tx, query_as::<(Option<i64>,)>(NEXT_DUE), [], fetch_one)?;
        Ok(due.map(Timestamp::from_micros))
    }

    /// How many live jobs a workspace has.
    pub async fn live_jobs(&mut self, workspace: model::WorkspaceId) -> Result<i64, Error> {
        let (count,): (i64,) = run!(&mut self.tx, query_as::<(i64,)>(LIVE), [workspace.to_string()], fetch_one)?;
        Ok(count)
    }
}

impl Write {
    /// Claims ready jobs in fair order. A job whose host is busy is put in that host's line instead.
    pub async fn claim(&mut self, claim: &Claim<'_>, now: Timestamp) -> Result<Claimed, Error> {
        let _: Touched = run!(&mut self.tx, query(PROMOTE), [now.as_micros()], execute)?;
        let candidates = self.candidates(claim).await?;
        if candidates.is_empty() {
            return Ok(Claimed::default());
        }
        let mut lanes = self.lanes_of(&candidates).await?;
        let (mut granted, mut in_line, mut jobs) = (Vec::new(), Vec::new(), Vec::new());
        for row in &candidates {
            let Some(lane) = lanes.get_mut(&row.lane) else { continue };
            match lane.take_turn(&claim.pace, now) {
                Turn::Run(start_at) => {
                    granted.push(json!([row.id]));
                    jobs.push(row.job(row.attempt + 1, start_at)?);
                }
                Turn::Wait(turn) => in_line.push(json!([row.id, turn.as_micros(), lane.reason(&claim.pace)])),
            }
        }
        let full = i64::try_from(candidates.len()).unwrap_or(i64::MAX) >= claim.limit;
        let more = full && !in_line.is_empty();
        self.move_lanes(lanes.values()).await?;
        self.grant(claim, granted, now).await?;
        let in_line = rows(in_line.into_iter());
        let _: Touched = run!(&mut self.tx, query(PUT_IN_LINE), [&in_line, now.as_micros()], execute)?;
        Ok(Claimed { jobs, more })
    }

    async fn candidates(&mut self, claim: &Claim<'_>) -> Result<Vec<JobRow>, Error> {
        let Some(only) = claim.only else {
            return Ok(run!(&mut self.tx, query_as::<JobRow>(CANDIDATES), [claim.limit], fetch_all)?);
        };
        let only = rows(only.iter().map(|document| json!([document.to_string()])));
        Ok(run!(&mut self.tx, query_as::<JobRow>(AMONG), [&only, claim.limit], fetch_all)?)
    }

    async fn lanes_of(&mut self, candidates: &[JobRow]) -> Result<HashMap<String, Lane>, Error> {
        let mut names: Vec<&str> = candidates.iter().map(|row| row.lane.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let lanes = self.lanes(&names).await?;
        Ok(lanes.into_iter().map(|lane| (lane.name.clone(), lane)).collect())
    }

    async fn grant(&mut self, claim: &Claim<'_>, granted: Vec<serde_json::Value>, now: Timestamp) -> Result<(), Error> {
        let granted = rows(granted.into_iter());
        let binds = (claim.worker.to_string(), now.plus(claim.lease).as_micros(), now.as_micros());
        let _: Touched = run!(&mut self.tx, query(GRANT), [&granted, &binds.0, binds.1, binds.2], execute)?;
        Ok(())
    }

    /// Keeps the leases of the jobs that a worker has in hand for `lease` more, and says which of them it still owns. One that
    /// ran out while nobody took the job is kept too: running it a second time would help nobody. A job that the worker owns
    /// but does not have in hand, because a claim or a finish went wrong, is left to run out.
    pub async fn extend_leases(
        &mut self,
        worker: WorkerId,
        in_hand: impl IntoIterator<Item = &JobId>,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Vec<JobId>, Error> {
        let in_hand = rows(in_hand.into_iter().map(|job| json!([job.to_string()])));
        let until = now.plus(lease).as_micros();
        let kept: Vec<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(EXTEND), [&in_hand, worker.to_string(), until], fetch_all)?;
        kept.iter().map(|(job,)| id(job)).collect()
    }

    /// Lets a failed job wait for its next attempt.
    pub async fn retry(
        &mut self,
        job: &Job,
        worker: WorkerId,
        at: Timestamp,
        why: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.put_off(job, worker, Delay { at, code: WaitCode::Retry, why, uncounted: false }, now).await
    }

    /// Hands back a job that was not really tried: the attempt does not count.
    pub async fn postpone(
        &mut self,
        job: &Job,
        worker: WorkerId,
        (at, code, why): (Timestamp, WaitCode, &str),
        now: Timestamp,
    ) -> Result<(), Error> {
        self.put_off(job, worker, Delay { at, code, why, uncounted: true }, now).await
    }

    async fn put_off(&mut self, job: &Job, worker: WorkerId, delay: Delay<'_>, now: Timestamp) -> Result<(), Error> {
        let ids = (job.id.to_string(), job.workspace.to_string(), worker.to_string());
        let touched: Touched = run!(
            &mut self.tx,
            query(PUT_OFF),
            [
                &ids.0,
                &ids.1,
                &ids.2,
                job.attempt,
                delay.at.as_micros(),
                now.as_micros(),
                delay.code.as_str(),
                delay.why,
                i64::from(delay.uncounted),
            ],
            execute
        )?;
        if touched.0 == 1 { Ok(()) } else { Err(Error::Lost) }
    }
}

struct Delay<'a> {
    at: Timestamp,
    code: WaitCode,
    why: &'a str,
    uncounted: bool,
}
