//! Live jobs as workers see them: their rows, and what is due when.

use model::blame::SUSPECT;
use model::{Job, Priority, Timestamp, WorkspaceId};

use crate::backend::{Sql, run, statements};
use crate::by_place::by_place;
use crate::documents::{id, word};
use crate::{Error, Read};

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
                j.suspicion,
                d.source, d.external_id, d.english, d.baser,
                EXISTS (SELECT 1 FROM pauses p WHERE NOT p.ending AND p.kind = 'workspace' AND p.name = j.workspace_id)
                OR EXISTS (SELECT 1 FROM pauses p WHERE NOT p.ending AND p.kind = 'lane' AND p.name = j.lane) AS paused
         FROM "
    };
}

macro_rules! select_jobs {
    ($tail:literal) => {
        concat!($crate::jobs::job_columns!(), "jobs j JOIN documents d ON d.id = j.document_id ", $tail)
    };
}
pub(crate) use {job_columns, select_jobs};

/// The columns of an [`Outlook`].
macro_rules! outlook {
    () => {
        "EXISTS (SELECT 1 FROM jobs WHERE state = 'ready') AS any_ready,
         (SELECT run_at FROM jobs WHERE state = 'delayed' ORDER BY run_at LIMIT 1) AS next_due,
         (SELECT next_start FROM lanes WHERE has_line ORDER BY next_start LIMIT 1) AS next_turn,
         (SELECT MIN(lease_until) FROM jobs WHERE state = 'running') AS next_expiry,
         EXISTS (SELECT 1 FROM pauses WHERE ending) AS any_to_release"
    };
}
pub(crate) use outlook;

statements! {
    OUTLOOK = Sql::same(concat!("SELECT ", outlook!()));
    LIVE = Sql::same("SELECT COUNT(*) FROM jobs WHERE workspace_id = $1");
}

by_place! {
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
        pub(crate) max_attempts: i64,
        pub(crate) owner: Option<String>,
        pub(crate) suspicion: i64,
        source: String,
        external_id: String,
        english: bool,
        baser: bool,
        pub(crate) paused: bool,
    }
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
            is_suspect: self.is_suspect(),
            start_at,
        })
    }

    /// Whose share it counts to.
    pub(crate) fn share(&self) -> Result<(WorkspaceId, Priority), Error> {
        Ok((id(&self.workspace_id)?, word(&self.priority)?))
    }

    /// Whether no other like it may be in the same hands.
    pub(crate) fn is_suspect(&self) -> bool {
        self.suspicion >= SUSPECT
    }

    pub(crate) fn in_line(&self) -> bool {
        self.state == model::job::JobState::InLine.as_str()
    }
}

impl Read {
    /// What lies ahead.
    pub async fn outlook(&mut self) -> Result<Outlook, Error> {
        Ok(run!(&mut self.tx, query_as::<Outlook>(OUTLOOK), [], fetch_one)?)
    }

    /// How many live jobs a workspace has.
    pub async fn live_jobs(&mut self, workspace: WorkspaceId) -> Result<i64, Error> {
        let (count,): (i64,) = run!(&mut self.tx, query_as::<(i64,)>(LIVE), [workspace.to_string()], fetch_one)?;
        Ok(count)
    }
}
