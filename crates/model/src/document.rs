//! A source record as a caller sees it: what is stored, with the live job laid over it.

use crate::word::words;
use crate::{DocumentId, JobId, Source, Timestamp, Waiting, WorkspaceId};

/// One document.
#[expect(clippy::struct_excessive_bools, reason = "the wire contract names each of them")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// The workspace that owns it.
    pub workspace: WorkspaceId,
    /// Where it comes from.
    pub source: Source,
    /// Its name at the source; for a web page its canonical URL.
    pub external_id: String,
    /// The address as the caller first sent it.
    pub original_url: String,
    /// The title of the latest good text; before that the address.
    pub title: String,
    /// Where the fetched bytes are kept; empty before the first good run.
    pub storage_url: String,
    /// Whether English rules apply to English text.
    pub english: bool,
    /// Whether paragraphs are re-cut into passages that stand alone.
    pub baser: bool,
    /// The latest good text.
    pub paragraphs: Vec<String>,
    /// The text before the latest material change.
    pub old_paragraphs: Vec<String>,
    /// Whether the latest finished run completed.
    pub success: bool,
    /// Why the latest finished run failed, `code: sentence`; empty when it did not.
    pub error: String,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record last changed.
    pub updated_at: Timestamp,
    /// The media type of the fetched bytes.
    pub mime_type: String,
    /// `page`, `file`, or the provider's word for the object.
    pub kind: String,
    /// The live job, else the last one.
    pub job: Option<JobId>,
    /// The article this document backs.
    pub linked_knowledge: Option<String>,
    /// What Review proposes to do with the text.
    pub linked_operation: Option<Operation>,
    /// Why it proposes that.
    pub linked_reason: Option<String>,
    /// Where the latest run stands; `None` before the first.
    pub job_status: Option<JobStatus>,
    /// Whether a material change awaits publication.
    pub changed: bool,
    /// The language of the text, BCP 47.
    pub language: Option<String>,
    /// How many different texts there have been.
    pub revision: i64,
    /// When a waiting run is tried next.
    pub next_attempt_at: Option<Timestamp>,
    /// Why a queued document does not run yet.
    pub waiting: Option<Waiting>,
}

words!(
    /// Where a document's latest run stands.
    JobStatus {
        /// It waits; `waiting` says why.
        Pending = "PENDING",
        /// It runs.
        InProgress = "IN_PROGRESS",
        /// It gave usable text.
        Completed = "COMPLETED",
        /// It gave none; `error` says why.
        Failed = "FAILED",
    }
);

words!(
    /// What Review proposes to do with a document's text.
    Operation {
        /// A draft for a new article.
        AddArticleToFolder = "ADD_ARTICLE_TO_FOLDER",
        /// A draft against an existing article.
        UpdateArticle = "UPDATE_ARTICLE",
        /// Nothing: the same text, or a duplicate.
        DoNothing = "DO_NOTHING",
    }
);
