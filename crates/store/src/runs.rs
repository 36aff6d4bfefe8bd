//! Jobs as people see them: live ones with the reason why they wait, finished ones with how they ended.

use model::job::{Ending, JobState};
use model::{DocumentId, JobId, Priority, Timestamp, Waiting, WebUrl, WorkspaceId};

use crate::backend::{Sql, run, statements};
use crate::by_place::by_place;
use crate::columns::{id, word};
use crate::standing::{Standing, standing_columns, standing_joins};
use crate::{Error, Read};

/// One run of a document, live or finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobInfo {
    /// Its id.
    pub id: JobId,
    /// The document it runs.
    pub document: DocumentId,
    /// The document's name at its source; for a web page its canonical URL.
    pub external_id: String,
    /// Whose turn it takes: the host of the page.
    pub host: String,
    /// Which attempt runs, or how many there were; 0 before the first.
    pub attempt: i64,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When its latest attempt began.
    pub started_at: Option<Timestamp>,
    /// How it stands.
    pub standing: JobStanding,
}

/// How a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobStanding {
    /// It waits or runs.
    Live {
        /// Its state.
        state: JobState,
        /// How urgent it is.
        priority: Priority,
        /// How many attempts it may have.
        max_attempts: i64,
        /// Why it waits; `None` when it runs.
        waiting: Option<Waiting>,
        /// When it may run, where that is known.
        next_attempt_at: Option<Timestamp>,
    },
    /// It has ended.
    Ended {
        /// How.
        how: Ending,
        /// Why, as `code: sentence`; empty when it completed.
        error: String,
        /// When.
        at: Timestamp,
    },
}

/// One page of a workspace's live jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobsPage {
    /// Only jobs in this state.
    pub state: Option<JobState>,
    /// How many at most.
    pub limit: i64,
    /// Go on after the job of this id, whether it is still there or not.
    pub after: Option<JobId>,
}

macro_rules! select_live {
    ($tail:literal) => {
        concat!(
            "SELECT j.document_id, d.external_id, j.priority, j.attempt, j.max_attempts, j.created_at, j.started_at, ",
            standing_columns!(),
            "FROM jobs j JOIN documents d ON d.id = j.document_id ",
            standing_joins!(),
            $tail
        )
    };
}

statements! {
    ONE_LIVE = Sql::same(select_live!("WHERE j.workspace_id = $1 AND j.id = $2"));
    // Ids grow with time, so their order is the order of queueing.
    LIVE = Sql::same(select_live!(
        "WHERE j.workspace_id = $1 AND j.id > $2 AND (CAST($3 AS TEXT) IS NULL OR j.state = $3) ORDER BY j.id LIMIT $4"
    ));
    ENDED = Sql::same(
        "SELECT h.id, h.document_id, d.external_id, h.ended, h.error, h.attempts, h.created_at, h.started_at, h.finished_at
         FROM job_history h JOIN documents d ON d.id = h.document_id AND d.workspace_id = h.workspace_id
         WHERE h.workspace_id = $1 AND h.id = $2"
    );
    OWNER = Sql::same(
        "SELECT workspace_id FROM jobs WHERE id = $1 UNION ALL SELECT workspace_id FROM job_history WHERE id = $1 LIMIT 1"
    );
}

by_place! {
    struct LiveRow {
        document_id: String,
        external_id: String,
        priority: String,
        attempt: i64,
        max_attempts: i64,
        created_at: i64,
        started_at: Option<i64>,
        standing: Standing,
    }
}

by_place! {
    struct EndedRow {
        id: String,
        document_id: String,
        external_id: String,
        ended: String,
        error: String,
        attempts: i64,
        created_at: i64,
        started_at: Option<i64>,
        finished_at: i64,
    }
}

impl Read {
    /// A job of a workspace as it is at `now`, live or in the history.
    pub async fn job(&mut self, workspace: WorkspaceId, job: JobId, now: Timestamp) -> Result<Option<JobInfo>, Error> {
        let binds = (workspace.to_string(), job.to_string());
        let live: Option<LiveRow> =
            run!(&mut self.tx, query_as::<LiveRow>(ONE_LIVE), [&binds.0, &binds.1], fetch_optional)?;
        if let Some(row) = live {
            return row.info(now).map(Some);
        }
        let ended: Option<EndedRow> =
            run!(&mut self.tx, query_as::<EndedRow>(ENDED), [&binds.0, &binds.1], fetch_optional)?;
        ended.map(EndedRow::info).transpose()
    }

    /// A page of a workspace's live jobs as they are at `now`, in the order of queueing, and whether there are more.
    pub async fn jobs(
        &mut self,
        workspace: WorkspaceId,
        page: &JobsPage,
        now: Timestamp,
    ) -> Result<(Vec<JobInfo>, bool), Error> {
        let after = page.after.map(|after| after.to_string()).unwrap_or_default();
        let state = page.state.map(JobState::as_str);
        let rows: Vec<LiveRow> = run!(
            &mut self.tx,
            query_as::<LiveRow>(LIVE),
            [workspace.to_string(), &after, state, page.limit.saturating_add(1)],
            fetch_all
        )?;
        let limit = usize::try_from(page.limit).unwrap_or_default();
        let has_more = rows.len() > limit;
        let jobs = rows.into_iter().take(limit).map(|row| row.info(now)).collect::<Result<_, _>>()?;
        Ok((jobs, has_more))
    }

    /// The workspace that owns a job, live or in the history.
    pub async fn job_owner(&mut self, job: JobId) -> Result<Option<WorkspaceId>, Error> {
        let owner: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(OWNER), [job.to_string()], fetch_optional)?;
        owner.map(|(workspace,)| id(&workspace)).transpose()
    }
}

impl LiveRow {
    fn info(self, now: Timestamp) -> Result<JobInfo, Error> {
        let missing = || Error::Corrupt("a live job without a state".to_owned());
        Ok(JobInfo {
            id: id(self.standing.job_id.as_deref().unwrap_or_default())?,
            document: id(&self.document_id)?,
            external_id: self.external_id,
            host: self.standing.lane.clone().unwrap_or_default(),
            attempt: self.attempt,
            created_at: Timestamp::from_micros(self.created_at),
            started_at: self.started_at.map(Timestamp::from_micros),
            standing: JobStanding::Live {
                state: self.standing.state()?.ok_or_else(missing)?,
                priority: word(&self.priority)?,
                max_attempts: self.max_attempts,
                waiting: self.standing.waiting(now)?,
                next_attempt_at: self.standing.next_attempt_at()?,
            },
        })
    }
}

impl EndedRow {
    fn info(self) -> Result<JobInfo, Error> {
        Ok(JobInfo {
            id: id(&self.id)?,
            document: id(&self.document_id)?,
            host: WebUrl::parse(&self.external_id).map(|url| url.lane()).unwrap_or_default(),
            external_id: self.external_id,
            attempt: self.attempts,
            created_at: Timestamp::from_micros(self.created_at),
            started_at: self.started_at.map(Timestamp::from_micros),
            standing: JobStanding::Ended {
                how: word(&self.ended)?,
                error: self.error,
                at: Timestamp::from_micros(self.finished_at),
            },
        })
    }
}
