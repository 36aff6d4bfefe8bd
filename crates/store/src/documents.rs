//! One document as a caller sees it: its row, its texts and its live job, read together.

use std::str::FromStr;
use std::time::Duration;

use model::job::JobState;
use model::waiting::{Line, Situation};
use model::{Document, DocumentId, JobStatus, Source, Timestamp, WaitCode, WorkspaceId};

use crate::backend::{Sql, run, statements};
use crate::{Error, Read};

/// `SELECT` of everything a [`DocumentRow`] needs, with the given end.
macro_rules! select_documents {
    ($tail:literal) => {
        concat!(
            "SELECT d.id, d.workspace_id, d.source, d.external_id, COALESCE(d.original_url, d.external_id) AS original_url,
                    COALESCE(d.title, d.original_url, d.external_id) AS title, d.storage_url, d.english, d.baser,
                    d.outcome, d.error, d.created_at, d.updated_at, d.mime_type, d.kind, d.last_job_id,
                    d.linked_knowledge_id, d.linked_operation, d.linked_reason, d.changed, d.language, d.revision,
                    current_text.paragraphs AS paragraphs, old_text.paragraphs AS old_paragraphs,
                    j.id AS job_id, j.state AS job_state, j.run_at, j.since, j.wait_code, j.wait_text, j.lane,
                    l.gap AS lane_gap, l.next_start AS lane_next_start,
                    COALESCE(pw.reason, pl.reason) AS pause_reason, COALESCE(pw.since, pl.since) AS paused_since,
                    (SELECT MAX(seen_at) FROM workers) AS worker_seen
             FROM documents d
             LEFT JOIN jobs j ON j.document_id = d.id AND j.workspace_id = d.workspace_id
             LEFT JOIN lanes l ON l.name = j.lane AND j.state = 'in_line'
             LEFT JOIN pauses pw ON pw.kind = 'workspace' AND pw.name = j.workspace_id AND NOT pw.ending
             LEFT JOIN pauses pl ON pl.kind = 'lane' AND pl.name = j.lane AND NOT pl.ending
             LEFT JOIN revisions current_text ON current_text.document_id = d.id
                  AND current_text.workspace_id = d.workspace_id AND current_text.number = d.revision
             LEFT JOIN revisions old_text ON old_text.document_id = d.id
                  AND old_text.workspace_id = d.workspace_id AND old_text.number = d.old_revision ",
            $tail
        )
    };
}
pub(crate) use select_documents;

statements! {
    ONE = Sql::same(select_documents!("WHERE d.workspace_id = $1 AND d.id = $2"));
    OWNER = Sql::same("SELECT workspace_id FROM documents WHERE id = $1");
    TEXT = Sql::same(
        "SELECT r.paragraphs, r.content_hash FROM documents d
         JOIN revisions r ON r.document_id = d.id AND r.workspace_id = d.workspace_id AND r.number = d.revision
         WHERE d.workspace_id = $1 AND d.id = $2"
    );
    BLOCKS = Sql::same(
        "SELECT r.blocks FROM documents d
         JOIN revisions r ON r.document_id = d.id AND r.workspace_id = d.workspace_id AND r.number = d.revision
         WHERE d.workspace_id = $1 AND d.id = $2"
    );
}

#[derive(sqlx::FromRow)]
pub(crate) struct DocumentRow {
    id: String,
    workspace_id: String,
    source: String,
    external_id: String,
    original_url: String,
    title: String,
    storage_url: String,
    english: bool,
    baser: bool,
    outcome: Option<String>,
    error: String,
    created_at: i64,
    updated_at: i64,
    mime_type: String,
    kind: String,
    last_job_id: Option<String>,
    linked_knowledge_id: Option<String>,
    linked_operation: Option<String>,
    linked_reason: Option<String>,
    changed: bool,
    language: Option<String>,
    revision: i64,
    paragraphs: Option<String>,
    old_paragraphs: Option<String>,
    job_id: Option<String>,
    job_state: Option<String>,
    run_at: Option<i64>,
    since: Option<i64>,
    wait_code: Option<String>,
    wait_text: Option<String>,
    lane: Option<String>,
    lane_gap: Option<i64>,
    lane_next_start: Option<i64>,
    pause_reason: Option<String>,
    paused_since: Option<i64>,
    worker_seen: Option<i64>,
}

/// The current text of a document, as far as a comparison needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentText {
    /// The paragraphs.
    pub paragraphs: Vec<String>,
    /// The hash of title and text.
    pub content_hash: String,
}

impl Read {
    /// A document of a workspace, as it is at `now`.
    pub async fn document(
        &mut self,
        workspace: WorkspaceId,
        document: DocumentId,
        now: Timestamp,
    ) -> Result<Option<Document>, Error> {
        let binds = (workspace.to_string(), document.to_string());
        let row: Option<DocumentRow> =
            run!(&mut self.tx, query_as::<DocumentRow>(ONE), [&binds.0, &binds.1], fetch_optional)?;
        row.map(|row| row.document(now)).transpose()
    }

    /// The workspace that owns a document.
    pub async fn owner(&mut self, document: DocumentId) -> Result<Option<WorkspaceId>, Error> {
        let row: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(OWNER), [document.to_string()], fetch_optional)?;
        row.map(|(workspace,)| id(&workspace)).transpose()
    }

    /// The current text of a document; `None` before the first good run.
    pub async fn current_text(
        &mut self,
        workspace: WorkspaceId,
        document: DocumentId,
    ) -> Result<Option<CurrentText>, Error> {
        let binds = (workspace.to_string(), document.to_string());
        let row: Option<(String, String)> =
            run!(&mut self.tx, query_as::<(String, String)>(TEXT), [&binds.0, &binds.1], fetch_optional)?;
        row.map(|(text, content_hash)| Ok(CurrentText { paragraphs: json(&text)?, content_hash })).transpose()
    }

    /// The block tree of the current text; `None` before the first good run.
    pub async fn current_blocks(
        &mut self,
        workspace: WorkspaceId,
        document: DocumentId,
    ) -> Result<Option<Vec<model::Block>>, Error> {
        let binds = (workspace.to_string(), document.to_string());
        let row: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(BLOCKS), [&binds.0, &binds.1], fetch_optional)?;
        row.map(|(blocks,)| json(&blocks)).transpose()
    }
}

impl DocumentRow {
    fn situation(&self, state: Option<JobState>, now: Timestamp) -> Result<Option<Situation>, Error> {
        let Some((state, since)) = state.zip(self.since) else { return Ok(None) };
        let line = self.lane.clone().zip(self.lane_gap.zip(self.lane_next_start)).map(|(host, (gap, next_start))| Line {
            host,
            gap: Duration::from_micros(u64::try_from(gap).unwrap_or(0)),
            next_start: Timestamp::from_micros(next_start),
        });
        Ok(Some(Situation {
            state,
            put_off: self.wait_code.as_deref().map(word::<WaitCode>).transpose()?.zip(self.wait_text.clone()),
            since: Timestamp::from_micros(since),
            paused: self.pause_reason.clone().zip(self.paused_since.map(Timestamp::from_micros)),
            line,
            worker_seen: self.worker_seen.map(Timestamp::from_micros),
            now,
        }))
    }

    pub(crate) fn document(self, now: Timestamp) -> Result<Document, Error> {
        let state: Option<JobState> = self.job_state.as_deref().map(word).transpose()?;
        let outcome = self.outcome.as_deref();
        let waiting = self.situation(state, now)?.and_then(Situation::waiting);
        let has_time = matches!(state, Some(JobState::Delayed | JobState::InLine));
        Ok(Document {
            id: id(&self.id)?,
            workspace: id(&self.workspace_id)?,
            source: word::<Source>(&self.source)?,
            external_id: self.external_id,
            original_url: self.original_url,
            title: self.title,
            storage_url: self.storage_url,
            english: self.english,
            baser: self.baser,
            paragraphs: texts(self.paragraphs.as_deref())?,
            old_paragraphs: texts(self.old_paragraphs.as_deref())?,
            success: outcome == Some("completed"),
            error: self.error,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
            mime_type: self.mime_type,
            kind: self.kind,
            job: self.job_id.or(self.last_job_id).as_deref().map(id).transpose()?,
            linked_knowledge: self.linked_knowledge_id,
            linked_operation: self.linked_operation.as_deref().map(word).transpose()?,
            linked_reason: self.linked_reason,
            job_status: status(state, outcome),
            changed: self.changed,
            language: self.language,
            revision: self.revision,
            next_attempt_at: self.run_at.filter(|_| has_time).map(Timestamp::from_micros),
            waiting,
        })
    }
}

/// The live job, laid over how the last run ended.
fn status(state: Option<JobState>, outcome: Option<&str>) -> Option<JobStatus> {
    match (state, outcome) {
        (Some(JobState::Running), _) => Some(JobStatus::InProgress),
        (Some(_), _) => Some(JobStatus::Pending),
        (None, Some("completed")) => Some(JobStatus::Completed),
        (None, Some(_)) => Some(JobStatus::Failed),
        (None, None) => None,
    }
}

pub(crate) fn id<T: FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Corrupt(format!("{text:?} is no id")))
}

pub(crate) fn word<T: FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Corrupt(format!("{text:?} is not a word this version knows")))
}

fn texts(json_text: Option<&str>) -> Result<Vec<String>, Error> {
    json_text.map_or_else(|| Ok(Vec::new()), json)
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Corrupt(error.to_string()))
}
