//! What a run is told of its document before it begins.

use model::{DocumentId, WorkspaceId};

use crate::backend::{Sql, run, statements};
use crate::{Blob, Error, Read};

statements! {
    RECORD = Sql::same(
        "SELECT d.kind, COALESCE(d.title, d.original_url, d.external_id), d.mime_type, d.storage_url, d.etag, d.last_modified,
                d.read_as, r.url
         FROM documents d LEFT JOIN revisions r ON r.document_id = d.id AND r.number = d.revision
         WHERE d.workspace_id = $1 AND d.id = $2"
    );
}

/// A document as its last good run left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The provider's word for what it is.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// What its content is; empty before the first run.
    pub mime_type: String,
    /// Where its bytes are.
    pub storage_url: String,
    /// What the source called the version that was read last.
    pub etag: Option<String>,
    /// The `Last-Modified` of that version.
    pub last_modified: Option<String>,
    /// The rules by which it was read.
    pub read_as: Option<String>,
    /// Where its text came from, after redirects.
    pub url: Option<String>,
}

type Row = (String, String, String, String, Option<String>, Option<String>, Option<String>, Option<String>);

impl Read {
    /// What is known of a document; `None` where it is gone.
    pub async fn record(&mut self, workspace: WorkspaceId, document: DocumentId) -> Result<Option<Record>, Error> {
        let binds = (workspace.to_string(), document.to_string());
        let row: Option<Row> = run!(&mut self.tx, query_as::<Row>(RECORD), [&binds.0, &binds.1], fetch_optional)?;
        Ok(row.map(|(kind, title, mime_type, storage_url, etag, last_modified, read_as, url)| Record {
            kind,
            title,
            mime_type,
            storage_url,
            etag,
            last_modified,
            read_as,
            url,
        }))
    }
}

impl Record {
    /// The hash of its bytes, where they are kept.
    pub fn blob_hash(&self) -> Option<&str> {
        self.storage_url.strip_prefix(Blob::SCHEME)
    }
}
