//! Retrying what failed for good: a retry is a new job of the document, with all its attempts ahead of it.

use model::{DocumentId, FailureCode, JobId, Priority, Timestamp, WorkspaceId};
use serde_json::json;

use crate::backend::{Sql, run, statements};
use crate::calls::Flags;
use crate::columns::id;
use crate::known::KnownBatch;
use crate::rows::rows;
use crate::{Error, Store, Write};

/// Which of a workspace's failed documents are queued again. What is left out does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Retrying {
    /// Those that failed with one of these.
    pub codes: Option<Vec<FailureCode>>,
    /// Those at this host.
    pub host: Option<String>,
    /// So many at most.
    pub limit: Option<usize>,
}

/// What became of the wish to retry one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// The document has this new job.
    Queued(JobId),
    /// The workspace has no such job, or has forgotten it.
    Unknown,
    /// The document has this live job, perhaps the one that was named.
    Live(JobId),
    /// The job completed.
    Completed,
    /// The document has been run since; this is its latest job.
    Superseded(JobId),
}

impl Retried {
    /// Why the job was not retried, for the person who asked; `None` when it was, or when there is no such job.
    pub fn refusal(&self, job: JobId) -> Option<String> {
        match self {
            Self::Queued(_) | Self::Unknown => None,
            Self::Live(live) if *live == job => {
                Some(format!("job {job} waits or runs already; only what failed is retried"))
            }
            Self::Live(live) => Some(format!("the document of job {job} has a live job already: {live}")),
            Self::Completed => Some(format!("job {job} completed; only what failed is retried")),
            Self::Superseded(last) => {
                Some(format!("the document of job {job} has been run since; its latest job is {last}"))
            }
        }
    }
}

/// How many documents one transaction queues.
const AT_ONCE: usize = 1_000;

macro_rules! failed {
    ($codes:literal, $lock:literal) => {
        concat!(
            "SELECT d.id FROM documents d
             WHERE d.workspace_id = $1 AND d.outcome = 'failed' AND d.id IN (
                 SELECT f.id FROM documents f
                 WHERE f.workspace_id = $1 AND f.outcome = 'failed' AND f.id > $2
                   AND (CAST($3 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM ",
            $codes,
            " WHERE f.error LIKE (r.value ->> 0) || ':%'))
                   AND (CAST($4 AS TEXT) IS NULL OR (f.external_id >= $4 AND f.external_id < $5)
                        OR (f.external_id >= $6 AND f.external_id < $7))
                   AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.document_id = f.id)
                 ORDER BY f.id LIMIT $8)
             ORDER BY d.workspace_id, d.source, d.external_id",
            $lock
        )
    };
}

macro_rules! job_and_document {
    () => {
        "SELECT d.id, d.outcome, d.last_job_id FROM job_history h
         JOIN documents d ON d.id = h.document_id AND d.workspace_id = h.workspace_id
         WHERE h.workspace_id = $1 AND h.id = $2"
    };
}

statements! {
    // Documents are locked by their names, as queueing does it, so that nobody locks anybody out.
    FAILED = Sql::split(
        failed!("jsonb_each($3) AS r", ""),
        failed!("jsonb_array_elements(CAST($3 AS jsonb)) AS r(value)", " FOR UPDATE OF d"),
    );
    ENDED = Sql::split(job_and_document!(), concat!(job_and_document!(), " FOR UPDATE OF d"));
    LIVE = Sql::same("SELECT id FROM jobs WHERE workspace_id = $1 AND id = $2");
    LIVE_OF = Sql::same("SELECT id FROM jobs WHERE document_id = $1");
}

/// The id of a document.
type Failed = (String,);

impl Store {
    /// Queues again what failed, some in each transaction; says how many documents.
    pub async fn retry(&self, workspace: WorkspaceId, which: &Retrying, max_attempts: i64) -> Result<usize, Error> {
        let (mut queued, mut after) = (0, None);
        let mut priority = None;
        loop {
            let left = which.limit.map_or(AT_ONCE, |limit| limit.saturating_sub(queued).min(AT_ONCE));
            let mut write = self.write().await?;
            let failed = write.failed(workspace, which, (after, left)).await?;
            let priority = *priority.get_or_insert(Priority::of_call(failed.len()));
            write.queue_again(workspace, &failed, (priority, max_attempts), self.now()).await?;
            write.commit().await?;
            self.bell.ring(self.now());
            queued += failed.len();
            after = failed.iter().map(|(document,)| document.as_str()).max().map(id).transpose()?;
            if after.is_none() {
                return Ok(queued);
            }
        }
    }
}

impl Write {
    /// Queues a failed document again by its latest job.
    pub async fn retry_job(
        &mut self,
        workspace: WorkspaceId,
        job: JobId,
        max_attempts: i64,
        now: Timestamp,
    ) -> Result<Retried, Error> {
        type Ended = (String, Option<String>, Option<String>);
        let binds = (workspace.to_string(), job.to_string());
        let live: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(LIVE), [&binds.0, &binds.1], fetch_optional)?;
        if live.is_some() {
            return Ok(Retried::Live(job));
        }
        let ended: Option<Ended> = run!(&mut self.tx, query_as::<Ended>(ENDED), [&binds.0, &binds.1], fetch_optional)?;
        let Some((document, outcome, last)) = ended else { return Ok(Retried::Unknown) };
        if let Some(live) = self.live_job(&document).await? {
            return Ok(Retried::Live(live));
        }
        if let Some(last) = last.filter(|last| *last != binds.1) {
            return Ok(Retried::Superseded(id(&last)?));
        }
        if outcome.as_deref() != Some("failed") {
            return Ok(Retried::Completed);
        }
        let once = (Priority::Interactive, max_attempts);
        self.queue_again(workspace, &[(document.clone(),)], once, now).await?;
        let queued = self.live_job(&document).await?;
        queued.map(Retried::Queued).ok_or_else(|| Error::Corrupt("a queued job vanished".to_owned()))
    }

    async fn live_job(&mut self, document: &str) -> Result<Option<JobId>, Error> {
        let live: Option<(String,)> = run!(&mut self.tx, query_as::<(String,)>(LIVE_OF), [document], fetch_optional)?;
        live.map(|(job,)| id(&job)).transpose()
    }

    /// The next of the failed documents that nobody has queued again, locked: so many at most, after one.
    async fn failed(
        &mut self,
        workspace: WorkspaceId,
        which: &Retrying,
        (after, limit): (Option<DocumentId>, usize),
    ) -> Result<Vec<Failed>, Error> {
        let after = after.map(|after| after.to_string()).unwrap_or_default();
        let codes = which.codes.as_ref().map(|codes| rows(codes.iter().map(|code| json!([code.as_str()]))));
        let [secure, plain] = ["https", "http"].map(|scheme| which.host.as_ref().map(|host| at(scheme, host)));
        let ((secure, secure_end), (plain, plain_end)) = (secure.unzip(), plain.unzip());
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(run!(
            &mut self.tx,
            query_as::<Failed>(FAILED),
            [workspace.to_string(), &after, &codes, &secure, &secure_end, &plain, &plain_end, limit],
            fetch_all
        )?)
    }

    async fn queue_again(
        &mut self,
        workspace: WorkspaceId,
        failed: &[Failed],
        (priority, max_attempts): (Priority, i64),
        now: Timestamp,
    ) -> Result<(), Error> {
        let documents =
            failed.iter().map(|(document,)| Ok((id(document)?, false))).collect::<Result<Vec<_>, Error>>()?;
        if !documents.is_empty() {
            let flags = Flags::default();
            let batch = KnownBatch { documents, source: None, uploads: true, flags, priority, max_attempts };
            self.queue_known(workspace, &batch, now).await?;
        }
        Ok(())
    }
}

/// The addresses of a host as a range of texts: `0` comes right after `/`.
fn at(scheme: &str, host: &str) -> (String, String) {
    (format!("{scheme}://{host}/"), format!("{scheme}://{host}0"))
}
