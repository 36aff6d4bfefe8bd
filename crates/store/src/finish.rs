//! The end of a job: text or failure, document, history and the job's removal in one transaction, fenced by the attempt.

use model::{Block, Failure, Job, Timestamp, WorkerId};
use sha2::{Digest, Sha256};

use crate::backend::{Sql, Touched, run, statements};
use crate::blobs::hexadecimal;
use crate::{Blob, Error, Write};

/// The text that a run gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    /// The fetched bytes.
    pub blob: Blob,
    /// Where they came from, after redirects.
    pub url: String,
    /// Their media type.
    pub mime_type: String,
    /// The title.
    pub title: String,
    /// The language, BCP 47.
    pub language: Option<String>,
    /// The paragraphs.
    pub paragraphs: Vec<String>,
    /// The block tree.
    pub blocks: Vec<Block>,
    /// What was left out or doubtful.
    pub warnings: Vec<String>,
    /// The validator for the next conditional request.
    pub etag: Option<String>,
    /// The other validator.
    pub last_modified: Option<String>,
}

impl NewText {
    /// SHA-256 of title, blocks and paragraphs: two runs with the same hash said the same.
    pub fn content_hash(&self) -> String {
        let mut hash = Sha256::new();
        for text in std::iter::once(&self.title).chain(&self.paragraphs) {
            hash.update(text.len().to_le_bytes());
            hash.update(text);
        }
        hash.update(serde_json::to_string(&self.blocks).unwrap_or_default());
        hexadecimal(&hash.finalize())
    }
}

/// How a text differs from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// There was none before.
    First,
    /// It says the same, letter by letter; no revision is written.
    None,
    /// Only the look differs.
    Immaterial,
    /// It says something else.
    Material,
}

statements! {
    // The document is locked first, as queueing does it, so that the two cannot lock each other out.
    COMPLETE = Sql::same(
        "UPDATE documents
         SET outcome = 'completed', error = '', last_job_id = $3, title = $6, title_folded = $7, mime_type = $8,
             storage_url = $9, language = $10, updated_at = $11, revision = revision + $12,
             old_revision = CASE WHEN $13 THEN revision ELSE old_revision END,
             changed = (changed OR $13)
         WHERE id = $1 AND workspace_id = $2
           AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = $3 AND jobs.workspace_id = $2 AND owner = $4 AND attempt = $5
                       AND state = 'running')
         RETURNING revision"
    );
    FAIL = Sql::same(
        "UPDATE documents SET outcome = 'failed', error = $6, last_job_id = $3, updated_at = $7
         WHERE id = $1 AND workspace_id = $2
           AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = $3 AND jobs.workspace_id = $2 AND owner = $4 AND attempt = $5
                       AND state = 'running')"
    );
    ADD_REVISION = Sql::same(
        "INSERT INTO revisions (workspace_id, document_id, number, job_id, blob, content_hash, url, mime_type, title,
                                language, paragraphs, blocks, warnings, etag, last_modified, created_at, text_bytes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    );
    REMEMBER = Sql::same(
        "INSERT INTO job_history (workspace_id, id, document_id, ended, error, attempts, created_at, started_at, finished_at)
         SELECT workspace_id, id, document_id, $5, $6, attempt, created_at, started_at, $7
         FROM jobs WHERE id = $1 AND workspace_id = $2 AND owner = $3 AND attempt = $4 AND state = 'running'"
    );
    REMOVE = Sql::same(
        "DELETE FROM jobs WHERE id = $1 AND workspace_id = $2 AND owner = $3 AND attempt = $4 AND state = 'running'"
    );
}

impl Write {
    /// Ends a job with text. [`Error::Lost`] when the worker's attempt no longer holds the job: then nothing is written.
    pub async fn complete(
        &mut self,
        job: &Job,
        worker: WorkerId,
        text: &NewText,
        change: Change,
        now: Timestamp,
    ) -> Result<(), Error> {
        let ids = Ids::of(job, worker);
        let number: Option<(i64,)> = run!(
            &mut self.tx,
            query_as::<(i64,)>(COMPLETE),
            [
                &ids.document,
                &ids.workspace,
                &ids.job,
                &ids.worker,
                job.attempt,
                &text.title,
                text.title.to_lowercase(),
                &text.mime_type,
                text.blob.url(),
                &text.language,
                now.as_micros(),
                i64::from(change != Change::None),
                change == Change::Material,
            ],
            fetch_optional
        )?;
        let (number,) = number.ok_or(Error::Lost)?;
        if change != Change::None {
            self.add_revision(&ids, number, text, now).await?;
        }
        self.end(&ids, job.attempt, ("completed", ""), now).await
    }

    /// Ends a job with a failure; the last good text stays.
    pub async fn fail(&mut self, job: &Job, worker: WorkerId, failure: &Failure, now: Timestamp) -> Result<(), Error> {
        let ids = Ids::of(job, worker);
        let error = failure.to_string();
        let touched: Touched = run!(
            &mut self.tx,
            query(FAIL),
            [&ids.document, &ids.workspace, &ids.job, &ids.worker, job.attempt, &error, now.as_micros()],
            execute
        )?;
        if touched.0 != 1 {
            return Err(Error::Lost);
        }
        self.end(&ids, job.attempt, ("failed", &error), now).await
    }

    async fn add_revision(&mut self, ids: &Ids, number: i64, text: &NewText, now: Timestamp) -> Result<(), Error> {
        let json = |error: serde_json::Error| Error::Corrupt(error.to_string());
        let paragraphs = serde_json::to_string(&text.paragraphs).map_err(json)?;
        let blocks = serde_json::to_string(&text.blocks).map_err(json)?;
        let warnings = serde_json::to_string(&text.warnings).map_err(json)?;
        let _: Touched = run!(
            &mut self.tx,
            query(ADD_REVISION),
            [
                &ids.workspace,
                &ids.document,
                number,
                &ids.job,
                &text.blob.hash,
                text.content_hash(),
                &text.url,
                &text.mime_type,
                &text.title,
                &text.language,
                &paragraphs,
                &blocks,
                &warnings,
                &text.etag,
                &text.last_modified,
                now.as_micros(),
                i64::try_from(paragraphs.len()).unwrap_or(i64::MAX),
            ],
            execute
        )?;
        Ok(())
    }

    /// Moves the job out of the hot table. Its row must still be the attempt's, or everything is taken back.
    async fn end(
        &mut self,
        ids: &Ids,
        attempt: i64,
        (ended, error): (&str, &str),
        now: Timestamp,
    ) -> Result<(), Error> {
        let _: Touched = run!(
            &mut self.tx,
            query(REMEMBER),
            [&ids.job, &ids.workspace, &ids.worker, attempt, ended, error, now.as_micros()],
            execute
        )?;
        let removed: Touched =
            run!(&mut self.tx, query(REMOVE), [&ids.job, &ids.workspace, &ids.worker, attempt], execute)?;
        if removed.0 == 1 { Ok(()) } else { Err(Error::Lost) }
    }
}

struct Ids {
    job: String,
    workspace: String,
    document: String,
    worker: String,
}

impl Ids {
    fn of(job: &Job, worker: WorkerId) -> Self {
        Self {
            job: job.id.to_string(),
            workspace: job.workspace.to_string(),
            document: job.document.to_string(),
            worker: worker.to_string(),
        }
    }
}
