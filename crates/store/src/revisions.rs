//! Revisions: the texts that runs gave. One is never changed.

use model::{DocumentId, Metadata, Timestamp, WorkspaceId};
use serde_json::{Value, json};

use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::columns;
use crate::rows::rows;
use crate::text::NewText;
use crate::{Error, Read, Write};

/// A text and where it belongs.
pub(crate) struct Revision<'a> {
    pub(crate) workspace: String,
    pub(crate) document: String,
    pub(crate) job: String,
    pub(crate) number: i64,
    pub(crate) text: &'a NewText,
}

/// Longer texts go by themselves: as one of many in a list they would be copied and escaped several times.
const LONG: usize = 64 * 1024;

statements! {
    // The latest first. Their texts are left out.
    OF_DOCUMENT = Sql::same(
        "SELECT r.number, r.url, r.mime_type, r.title, r.language, r.warnings, r.metadata, r.created_at
         FROM revisions r JOIN documents d ON d.id = r.document_id
         WHERE d.workspace_id = $1 AND r.document_id = $2 ORDER BY r.number DESC LIMIT $3"
    );
    ADD = Sql::same(
        "INSERT INTO revisions (workspace_id, document_id, number, job_id, blob, content_hash, url, mime_type, title,
                                language, paragraphs, blocks, warnings, metadata, etag, last_modified, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    );
    ADD_MANY = over_rows!(
        "INSERT INTO revisions (workspace_id, document_id, number, job_id, blob, content_hash, url, mime_type, title,
                                language, paragraphs, blocks, warnings, metadata, etag, last_modified, created_at)
         SELECT r.value ->> 0, r.value ->> 1, CAST(r.value ->> 2 AS BIGINT), r.value ->> 3, r.value ->> 4, r.value ->> 5,
                r.value ->> 6, r.value ->> 7, r.value ->> 8, r.value ->> 9, r.value ->> 10, r.value ->> 11, r.value ->> 12,
                r.value ->> 13, r.value ->> 14, r.value ->> 15, $2
         FROM",
        ""
    );
}

/// A revision without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionInfo {
    /// Its number, from 1.
    pub number: i64,
    /// Where the bytes came from, after redirects.
    pub url: String,
    /// What they were read as.
    pub mime_type: String,
    /// The title.
    pub title: String,
    /// The language, BCP 47.
    pub language: Option<String>,
    /// What was left out or doubtful.
    pub warnings: Vec<String>,
    /// What it says of itself beside its text.
    pub metadata: Metadata,
    /// When it was read.
    pub created_at: Timestamp,
}

impl Read {
    /// The revisions of a document of a workspace, the latest first, so many at most.
    pub async fn revisions(
        &mut self,
        workspace: WorkspaceId,
        document: DocumentId,
        limit: i64,
    ) -> Result<Vec<RevisionInfo>, Error> {
        type Row = (i64, String, String, String, Option<String>, String, String, i64);
        let binds = (workspace.to_string(), document.to_string());
        let rows: Vec<Row> = run!(&mut self.tx, query_as::<Row>(OF_DOCUMENT), [&binds.0, &binds.1, limit], fetch_all)?;
        let info = |(number, url, mime_type, title, language, warnings, metadata, created_at): Row| {
            let (warnings, metadata) = (columns::json(&warnings)?, columns::json(&metadata)?);
            let created_at = Timestamp::from_micros(created_at);
            Ok(RevisionInfo { number, url, mime_type, title, language, warnings, metadata, created_at })
        };
        rows.into_iter().map(info).collect()
    }
}

/// The parts of a text that are kept as JSON.
pub(crate) struct Parts {
    pub(crate) paragraphs: String,
    pub(crate) blocks: String,
    pub(crate) warnings: String,
    pub(crate) metadata: String,
}

impl Parts {
    pub(crate) fn of(text: &NewText) -> Result<Self, Error> {
        let json = |error: serde_json::Error| Error::Corrupt(error.to_string());
        Ok(Self {
            paragraphs: serde_json::to_string(&text.paragraphs).map_err(json)?,
            blocks: serde_json::to_string(&text.blocks).map_err(json)?,
            warnings: serde_json::to_string(&text.warnings).map_err(json)?,
            metadata: serde_json::to_string(&text.metadata).map_err(json)?,
        })
    }

    fn is_long(&self) -> bool {
        self.paragraphs.len() + self.blocks.len() > LONG
    }
}

impl Write {
    pub(crate) async fn add_revisions(&mut self, revisions: Vec<Revision<'_>>, now: i64) -> Result<(), Error> {
        let mut many = Vec::new();
        for revision in revisions {
            let parts = Parts::of(revision.text)?;
            if parts.is_long() {
                self.add_revision(&revision, &parts, now).await?;
            } else {
                many.push(row(&revision, &parts));
            }
        }
        if !many.is_empty() {
            let _: Touched = run!(&mut self.tx, query(ADD_MANY), [&rows(many.into_iter()), now], execute)?;
        }
        Ok(())
    }

    async fn add_revision(&mut self, revision: &Revision<'_>, parts: &Parts, now: i64) -> Result<(), Error> {
        let text = revision.text;
        let _: Touched = run!(
            &mut self.tx,
            query(ADD),
            [
                &revision.workspace,
                &revision.document,
                revision.number,
                &revision.job,
                &text.blob.hash,
                text.content_hash(),
                &text.url,
                &text.mime_type,
                &text.title,
                &text.language,
                &parts.paragraphs,
                &parts.blocks,
                &parts.warnings,
                &parts.metadata,
                &text.etag,
                &text.last_modified,
                now,
            ],
            execute
        )?;
        Ok(())
    }
}

fn row(revision: &Revision<'_>, parts: &Parts) -> Value {
    let text = revision.text;
    json!([
        revision.workspace,
        revision.document,
        revision.number,
        revision.job,
        text.blob.hash,
        text.content_hash(),
        text.url,
        text.mime_type,
        text.title,
        text.language,
        parts.paragraphs,
        parts.blocks,
        parts.warnings,
        parts.metadata,
        text.etag,
        text.last_modified,
    ])
}
