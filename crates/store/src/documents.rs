//! One document as a caller sees it: its row, its texts and its live job, read together.

use std::collections::HashMap;

use model::job::JobState;
use model::{Document, DocumentId, JobStatus, Source, Timestamp, WorkspaceId};

use crate::backend::{Sql, over_rows, run, statements};
use crate::by_place::by_place;
use crate::columns::json;
pub(crate) use crate::columns::{id, word};
use crate::rows::rows;
use crate::standing::Standing;
use crate::{Error, Read, Store};

/// The columns of a [`RecordRow`].
macro_rules! record_columns {
    () => {
        "SELECT d.id, d.workspace_id, d.source, d.external_id, COALESCE(d.original_url, d.external_id) AS original_url,
                    COALESCE(d.title, d.original_url, d.external_id) AS title, d.storage_url, d.english, d.baser,
                    d.outcome, d.error, d.created_at, d.updated_at, d.mime_type, d.kind, d.last_job_id,
                    d.linked_knowledge_id, d.linked_operation, d.linked_reason, d.changed, d.language, d.revision,
                    current_text.paragraphs AS paragraphs, old_text.paragraphs AS old_paragraphs "
    };
    (texts) => {
        " LEFT JOIN revisions current_text ON current_text.document_id = d.id AND current_text.number = d.revision
          LEFT JOIN revisions old_text ON old_text.document_id = d.id AND old_text.number = d.old_revision "
    };
}

/// `SELECT` of everything a [`DocumentRow`] needs, with the given end.
macro_rules! select_documents {
    ($tail:literal) => {
        concat!(
            $crate::documents::record_columns!(),
            ", ",
            $crate::standing::standing_columns!(),
            "FROM documents d
             LEFT JOIN jobs j ON j.document_id = d.id",
            $crate::standing::standing_joins!(),
            $crate::documents::record_columns!(texts),
            $tail
        )
    };
}

/// `SELECT` of everything a [`RecordRow`] needs, with the given end. A document without a live job needs no more, and to ask
/// about what there is not cost as much again.
macro_rules! select_idle_documents {
    ($tail:literal) => {
        concat!(
            $crate::documents::record_columns!(),
            "FROM documents d ",
            $crate::documents::record_columns!(texts),
            $tail,
            " AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.document_id = d.id)"
        )
    };
}
pub(crate) use {record_columns, select_documents};

statements! {
    ONE = Sql::same(select_documents!("WHERE d.workspace_id = $1 AND d.id = $2"));
    EACH = Sql::split(
        select_documents!("WHERE d.id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)"),
        select_documents!(
            "WHERE d.id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))"
        ),
    );
    IDLE = Sql::split(
        select_idle_documents!("WHERE d.id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)"),
        select_idle_documents!(
            "WHERE d.id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))"
        ),
    );
    OWNER = Sql::same("SELECT workspace_id FROM documents WHERE id = $1");
    OWNERS = over_rows!("SELECT d.id, d.workspace_id FROM", "CROSS JOIN documents d WHERE d.id = r.value ->> 0");
    TEXT = Sql::same(
        "SELECT r.paragraphs, r.content_hash, d.linked_knowledge_id IS NOT NULL FROM documents d
         JOIN revisions r ON r.document_id = d.id AND r.number = d.revision
         WHERE d.workspace_id = $1 AND d.id = $2"
    );
    BLOCKS = Sql::same(
        "SELECT r.blocks FROM documents d
         JOIN revisions r ON r.document_id = d.id AND r.number = d.revision
         WHERE d.workspace_id = $1 AND d.id = $2"
    );
}

by_place! {
    pub(crate) struct RecordRow {
        pub(crate) id: String,
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
    }
}

by_place! {
    pub(crate) struct DocumentRow {
        record: RecordRow,
        standing: Standing,
    }
}

/// The current text of a document, as far as a comparison needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentText {
    /// The paragraphs.
    pub paragraphs: Vec<String>,
    /// The hash of title and text.
    pub content_hash: String,
    /// Whether an article follows the document.
    pub is_linked: bool,
}

impl Store {
    /// A document of a workspace, as it is now. Read together with those that others ask for at the same time.
    pub async fn document(&self, workspace: WorkspaceId, document: DocumentId) -> Result<Option<Document>, Error> {
        let store = self.clone();
        let answer = move |asked| store.clone().document_group(asked);
        self.desks.documents.ask((workspace, document), 1, answer).await
    }

    async fn document_group(self, asked: Vec<(WorkspaceId, DocumentId)>) -> Result<Vec<Option<Document>>, Error> {
        let mut read = self.glance().await?;
        let mut found = HashMap::new();
        let named = rows(asked.iter().map(|(_, document)| [document.to_string()]));
        let idle: Vec<RecordRow> = run!(&mut read.tx, query_as::<RecordRow>(IDLE), [&named], fetch_all)?;
        for row in idle {
            let document = row.idle_document()?;
            found.insert((document.workspace, document.id), document);
        }
        // Between the two statements a job may have ended; this one shows a document whole, whether it has one or not.
        let rest: Vec<_> = asked.iter().filter(|asked| !found.contains_key(asked)).collect();
        if !rest.is_empty() {
            let named = rows(rest.iter().map(|(_, document)| [document.to_string()]));
            let live: Vec<DocumentRow> = run!(&mut read.tx, query_as::<DocumentRow>(EACH), [&named], fetch_all)?;
            for row in live {
                let document = row.document(self.now())?;
                found.insert((document.workspace, document.id), document);
            }
        }
        Ok(asked.iter().map(|asked| found.get(asked).cloned()).collect())
    }
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

    /// The workspaces that own documents; who is missing exists nowhere.
    pub async fn owners(&mut self, documents: &[DocumentId]) -> Result<HashMap<DocumentId, WorkspaceId>, Error> {
        let named = rows(documents.iter().map(|document| [document.to_string()]));
        let rows: Vec<(String, String)> =
            run!(&mut self.tx, query_as::<(String, String)>(OWNERS), [&named], fetch_all)?;
        rows.into_iter().map(|(document, workspace)| Ok((id(&document)?, id(&workspace)?))).collect()
    }

    /// The current text of a document; `None` before the first good run.
    pub async fn current_text(
        &mut self,
        workspace: WorkspaceId,
        document: DocumentId,
    ) -> Result<Option<CurrentText>, Error> {
        type Row = (String, String, bool);
        let binds = (workspace.to_string(), document.to_string());
        let row: Option<Row> = run!(&mut self.tx, query_as::<Row>(TEXT), [&binds.0, &binds.1], fetch_optional)?;
        let text = |(text, content_hash, is_linked): Row| {
            Ok(CurrentText { paragraphs: json(&text)?, content_hash, is_linked })
        };
        row.map(text).transpose()
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
    pub(crate) fn id(&self) -> &str {
        &self.record.id
    }

    pub(crate) fn document(self, now: Timestamp) -> Result<Document, Error> {
        self.record.document(&self.standing, now)
    }
}

impl RecordRow {
    /// A document that has no live job.
    pub(crate) fn idle_document(self) -> Result<Document, Error> {
        self.document(&Standing::default(), Timestamp::default())
    }

    fn document(self, standing: &Standing, now: Timestamp) -> Result<Document, Error> {
        let outcome = self.outcome.as_deref();
        let waiting = standing.waiting(now)?;
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
            job: standing.job_id.clone().or(self.last_job_id).as_deref().map(id).transpose()?,
            linked_knowledge: self.linked_knowledge_id,
            linked_operation: self.linked_operation.as_deref().map(word).transpose()?,
            linked_reason: self.linked_reason,
            job_status: status(standing.state()?, waiting.is_some(), outcome),
            changed: self.changed,
            language: self.language,
            revision: self.revision,
            next_attempt_at: standing.next_attempt_at()?,
            waiting,
        })
    }
}

/// The live job, laid over how the last run ended. A run that waits is one whose worker is gone.
fn status(state: Option<JobState>, waits: bool, outcome: Option<&str>) -> Option<JobStatus> {
    match (state, outcome) {
        (Some(JobState::Running), _) if !waits => Some(JobStatus::InProgress),
        (Some(_), _) => Some(JobStatus::Pending),
        (None, Some("completed")) => Some(JobStatus::Completed),
        (None, Some(_)) => Some(JobStatus::Failed),
        (None, None) => None,
    }
}

fn texts(json_text: Option<&str>) -> Result<Vec<String>, Error> {
    json_text.map_or_else(|| Ok(Vec::new()), json)
}
