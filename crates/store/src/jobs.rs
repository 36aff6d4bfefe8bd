//! Live jobs as workers see them: their rows, their leases, and what is due when.

use std::time::Duration;

use model::{Job, JobId, Priority, Timestamp, WorkerId, WorkspaceId};
use serde_json::json;

use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::documents::{id, word};
use crate::rows::rows;
use crate::{Error, Read, Store, Write};

/// A job whose worker fell silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired {
    /// The job, as it was claimed.
    pub job: Job,
    /// The worker that owned it.
    pub worker: WorkerId,
}

/// What lies ahead of an idle worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Outlook {
    any_ready: bool,
    next_due: Option<i64>,
    next_turn: Option<i64>,
    next_expiry: Option<i64>,
    any_to_release: bool,
}

impl Outlook {
    /// Whether a job is ready now, in somebody else's hands perhaps.
    pub fn is_ready(&self) -> bool {
        self.any_ready
    }

    /// When the next waiting job may start: a delayed one, or the first of a line. `None` when nothing waits.
    pub fn next(&self) -> Option<Timestamp> {
        self.next_due.into_iter().chain(self.next_turn).min().map(Timestamp::from_micros)
    }

    /// Whether a pause that ended has left jobs aside.
    pub fn has_held(&self) -> bool {
        self.any_to_release
    }

    /// When the next lease runs out, unless its worker is alive.
    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.next_expiry.map(Timestamp::from_micros)
    }
}

macro_rules! job_columns {
    () => {
        "SELECT j.id, j.workspace_id, j.document_id, j.lane, j.state, j.priority, j.order_key, j.line_key, j.attempt, j.max_attempts, j.owner,
                d.source, d.external_id, d.english, d.baser,
                EXISTS (SELECT 1 FROM pauses p WHERE NOT p.ending AND p.kind = 'workspace' AND p.name = j.workspace_id)
                OR EXISTS (SELECT 1 FROM pauses p WHERE NOT p.ending AND p.kind = 'lane' AND p.name = j.lane) AS paused
         FROM "
    };
}

macro_rules! select_jobs {
    ($tail:literal) => {
        concat!(
            $crate::jobs::job_columns!(),
            "jobs j JOIN documents d ON d.id = j.document_id ",
            $tail
        )
    };
}
pub(crate) use {job_columns, select_jobs};

/// The columns of an [`Outlook`].
macro_rules! outlook {
    () => {
        "EXISTS (SELECT 1 FROM jobs WHERE state = 'ready') AS any_ready,
         (SELECT MIN(run_at) FROM jobs WHERE state = 'delayed') AS next_due,
         (SELECT MIN(next_start) FROM lanes WHERE has_line) AS next_turn,
         (SELECT MIN(lease_until) FROM jobs WHERE state = 'running') AS next_expiry,
         EXISTS (SELECT 1 FROM pauses WHERE ending) AS any_to_release"
    };
}
pub(crate) use outlook;

statements! {
    OUTLOOK = Sql::same(concat!("SELECT ", outlook!()));
    // A job that is being settled at this moment is locked, and needs no more time.
    EXTEND = Sql::split(
        "UPDATE jobs SET lease_until = $3
         WHERE id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r) AND owner = $2",
        "UPDATE jobs SET lease_until = $3 WHERE id IN (
             SELECT j.id FROM jobs j
             WHERE j.id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))
               AND j.owner = $2 FOR UPDATE OF j SKIP LOCKED)",
    );
    OWNED = over_rows!(
        "SELECT j.id FROM",
        "CROSS JOIN jobs j WHERE j.id = r.value ->> 0 AND j.owner = $2"
    );
    // One that is locked is being settled, or was by a worker that froze; whoever waited for it would stand still with it.
    EXPIRED = Sql::split(
        select_jobs!("WHERE j.state = 'running' AND j.lease_until <= $1 ORDER BY j.lease_until LIMIT 1000"),
        select_jobs!(
            "WHERE j.state = 'running' AND j.lease_until <= $1 ORDER BY j.lease_until LIMIT 1000 FOR UPDATE OF d, j SKIP LOCKED"
        ),
    );
    LIVE = Sql::same("SELECT COUNT(*) FROM jobs WHERE workspace_id = $1");
}

#[derive(sqlx::FromRow)]
pub(crate) struct JobRow {
    pub(crate) id: String,
    workspace_id: String,
    document_id: String,
    pub(crate) lane: String,
    state: String,
    priority: String,
    pub(crate) order_key: i64,
    pub(crate) line_key: i64,
    pub(crate) attempt: i64,
    max_attempts: i64,
    owner: Option<String>,
    source: String,
    external_id: String,
    english: bool,
    baser: bool,
    pub(crate) paused: bool,
}

impl JobRow {
    pub(crate) fn job(&self, attempt: i64, start_at: Timestamp) -> Result<Job, Error> {
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

    /// Whose share it counts to.
    pub(crate) fn share(&self) -> Result<(WorkspaceId, Priority), Error> {
        Ok((id(&self.workspace_id)?, word(&self.priority)?))
    }

    pub(crate) fn in_line(&self) -> bool {
        self.state == model::job::JobState::InLine.as_str()
    }
}

impl Store {
    /// Jobs whose lease ran out and that nobody is settling at this moment.
    pub async fn expired(&self, now: Timestamp) -> Result<Vec<Expired>, Error> {
        let mut write = self.write().await?;
        let rows: Vec<JobRow> = run!(&mut write.tx, query_as::<JobRow>(EXPIRED), [now.as_micros()], fetch_all)?;
        write.commit().await?;
        let expired = rows.iter().map(|row| {
            Ok(Expired { job: row.job(row.attempt, now)?, worker: id(row.owner.as_deref().unwrap_or_default())? })
        });
        expired.collect()
    }
}

impl Read {
    /// What lies ahead.
    pub async fn outlook(&mut self) -> Result<Outlook, Error> {
        Ok(run!(&mut self.tx, query_as::<Outlook>(OUTLOOK), [], fetch_one)?)
    }

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

    /// How many live jobs a workspace has.
    pub async fn live_jobs(&mut self, workspace: WorkspaceId) -> Result<i64, Error> {
        let (count,): (i64,) = run!(&mut self.tx, query_as::<(i64,)>(LIVE), [workspace.to_string()], fetch_one)?;
        Ok(count)
    }
}

impl Write {
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
