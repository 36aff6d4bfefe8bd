//! The JSON that goes out: field names, order and formats that clients rely on.

pub mod articles;
pub mod connections;
pub mod crawl;
pub mod folders;
pub mod jobs;
pub mod knowledge;
pub mod queue;
pub mod resources;
pub mod review;
pub mod revisions;
pub mod schedules;
pub mod sites;
pub mod syncs;

use model::{DocumentId, Timestamp, Waiting};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::words::{AskedPriorityWord, JobStatusWord, OperationWord, QueuedSourceWord, SourceWord, WaitCodeWord};

/// One source record: a page, a file or a provider's item, with the state of its latest run. Every field is always present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the wire contract names each of them")]
pub struct Document {
    /// The document's ID: what the other routes take.
    #[schema(format = Uuid, example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")]
    pub id: String,
    /// The address as the caller first sent it.
    #[schema(example = "https://docs.example.com/billing/refunds")]
    pub original_url: String,
    /// The title of the latest good text; before the first run the address or the registered title.
    #[schema(example = "Refunds")]
    pub title: String,
    /// Where the fetched bytes are kept; empty before the first good run.
    #[schema(example = "blob://sha256/9f86d081884c7d65")]
    pub storage_url: String,
    /// Where the document comes from.
    #[schema(value_type = SourceWord)]
    pub source: String,
    /// The document's name at its source; for a web page its canonical URL.
    #[schema(example = "https://docs.example.com/billing/refunds")]
    pub external_id: String,
    /// Whether English rules apply to text that is found to be English.
    #[schema(example = true)]
    pub english: bool,
    /// Whether paragraphs are re-cut into passages that stand alone.
    #[schema(example = false)]
    pub baser: bool,
    /// The extracted text of the latest good run. A failed refresh keeps it.
    #[schema(example = json!(["Refunds are paid within five working days."]))]
    pub paragraphs: Vec<String>,
    /// The text before the latest material change; empty when there was none.
    #[schema(example = json!([]))]
    pub old_paragraphs: Vec<String>,
    /// Whether the latest finished run completed.
    #[schema(example = true)]
    pub success: bool,
    /// Why the latest finished run failed, as `code: sentence`; empty when it did not. The codes are stable.
    #[schema(example = "")]
    pub error: String,
    /// When the record was made.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub created_at: String,
    /// When the record last changed; lists are sorted by it.
    #[schema(format = DateTime, example = "2026-05-22T06:10:58.710Z")]
    pub updated_at: String,
    /// The media type of the fetched bytes; empty before the first good run.
    #[schema(example = "text/html")]
    pub mime_type: String,
    /// `page`, `file`, or the provider's word for the object.
    #[serde(rename = "type")]
    #[schema(example = "page")]
    pub kind: String,
    /// The job that runs now, else the last one; null before the first.
    #[schema(required = true, format = Uuid, example = "9f347ddb-1f90-43a2-ac9f-4f77f37a2c26")]
    pub linked_job_id: Option<String>,
    /// The article that this document backs; null until there is one.
    #[schema(required = true, example = json!(null))]
    pub linked_knowledge_id: Option<String>,
    /// What Review proposes to do with the text; null until a run's text landed there.
    #[schema(required = true, value_type = Option<OperationWord>)]
    pub linked_operation: Option<String>,
    /// Why it proposes that, in a sentence.
    #[schema(required = true, example = json!(null))]
    pub linked_reason: Option<String>,
    /// Where the latest run stands. It always ends in `COMPLETED` or `FAILED`; null before the first run.
    #[schema(required = true, value_type = Option<JobStatusWord>)]
    pub linked_job_status: Option<String>,
    /// Whether a material change of the source awaits publication.
    #[schema(example = false)]
    pub changed: bool,
    /// The language of the text (BCP 47); null before the first good run or when it cannot be told.
    #[schema(required = true, example = "en")]
    pub language: Option<String>,
    /// How many different texts there have been.
    #[schema(minimum = 0, example = 1)]
    pub revision: i64,
    /// When a waiting run is tried next; null when it may run at once or nothing waits.
    #[schema(required = true, format = DateTime, example = json!(null))]
    pub next_attempt_at: Option<String>,
    /// Why a queued document does not run yet; null when nothing waits.
    #[schema(required = true)]
    pub waiting: Option<Wait>,
}

/// Why a queued document does not run yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Wait {
    /// `queue`: others come first. `host`: the site's turn has not come. `retry`: the last attempt failed, another follows.
    /// `provider`: a provider's rate limit. `paused`: an operator paused it. `worker`: no worker is running.
    #[schema(value_type = WaitCodeWord)]
    pub code: String,
    /// The same for a person, with the details.
    #[schema(example = "attempt 2 of 5; the last one failed: timeout: no answer within 30 s")]
    pub text: String,
    /// Since when it waits for this reason.
    #[schema(format = DateTime, example = "2026-05-22T06:06:04.871Z")]
    pub since: String,
}

/// One page of documents, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Documents {
    /// The documents, by `updatedAt`, then `externalId`, then `id`, all descending, whatever the direction.
    pub documents: Vec<Document>,
    /// Whether there are more in the direction asked for. A page ends early once its texts exceed 8 MiB.
    pub has_more: bool,
}

/// The documents whose runs were queued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Queued {
    /// The documents that are new, in the order first named.
    #[schema(value_type = Vec<uuid::Uuid>, example = json!(["5d9f67a8-d853-4af4-b7ce-23ebba1245e5"]))]
    pub added_document_ids: Vec<String>,
    /// The documents that were known and are refreshed, in the order first named.
    #[schema(value_type = Vec<uuid::Uuid>, example = json!([]))]
    pub updated_document_ids: Vec<String>,
}

/// What to queue.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; `queueing` reads it field by field, to name what is wrong")]
pub struct QueueRequest {
    /// Where the items come from. It decides what the two arrays hold.
    #[schema(required = false, default = "web")]
    source: Option<QueuedSourceWord>,
    /// Items to ingest for the first time. For `web` these are absolute http or https URLs; for every other source they are
    /// IDs of registered documents. One that is known already is refreshed instead.
    #[schema(required = false, max_items = 10_000,
        example = json!(["https://docs.example.com/billing/refunds", "https://docs.example.com/billing/invoices"]))]
    document_ids_to_add: Option<Vec<String>>,
    /// Known items to process again: URLs for `web`, document IDs for every other source.
    #[schema(required = false, max_items = 10_000, example = json!([]))]
    document_ids_to_refresh: Option<Vec<String>>,
    /// Whether English rules apply to text that is found to be English. Left out, a new document gets `true` and a known one
    /// keeps its own.
    #[schema(required = false, default = true)]
    english: Option<bool>,
    /// Whether paragraphs are re-cut into passages that stand alone. Left out, a new document gets `false` and a known one
    /// keeps its own.
    #[schema(required = false, default = false)]
    baser: Option<bool>,
    /// How urgent the runs are. Left out, a call of up to 100 items is `interactive` and a larger one bulk. `scheduled` gets a
    /// quarter of the turns that the others get, and always those. A document that already waits keeps its place.
    #[schema(required = false)]
    priority: Option<AskedPriorityWord>,
}

/// Files to upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; the route reads it part by part, into the blob folder")]
pub struct UploadRequest {
    /// The files: parts with a file name, under any field names.
    #[schema(value_type = Vec<String>, format = Binary, max_items = 100)]
    file: Vec<Vec<u8>>,
    /// Whether English rules apply to text that is found to be English.
    #[schema(required = false, default = true)]
    english: Option<bool>,
    /// Whether paragraphs are re-cut into passages that stand alone.
    #[schema(required = false, default = false)]
    baser: Option<bool>,
}

/// What to refresh.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct RefreshRequest {
    /// IDs of documents of any source but uploads.
    #[schema(max_items = 10_000, value_type = Vec<uuid::Uuid>, example = json!(["5d9f67a8-d853-4af4-b7ce-23ebba1245e5"]))]
    document_ids: Vec<String>,
}

impl From<model::Document> for Document {
    fn from(document: model::Document) -> Self {
        Self {
            id: document.id.to_string(),
            original_url: document.original_url,
            title: document.title,
            storage_url: document.storage_url,
            source: document.source.to_string(),
            external_id: document.external_id,
            english: document.english,
            baser: document.baser,
            paragraphs: document.paragraphs,
            old_paragraphs: document.old_paragraphs,
            success: document.success,
            error: document.error,
            created_at: document.created_at.to_string(),
            updated_at: document.updated_at.to_string(),
            mime_type: document.mime_type,
            kind: document.kind,
            linked_job_id: document.job.map(|id| id.to_string()),
            linked_knowledge_id: document.linked_knowledge,
            linked_operation: document.linked_operation.map(|word| word.to_string()),
            linked_reason: document.linked_reason,
            linked_job_status: document.job_status.map(|word| word.to_string()),
            changed: document.changed,
            language: document.language,
            revision: document.revision,
            next_attempt_at: document.next_attempt_at.map(|at: Timestamp| at.to_string()),
            waiting: document.waiting.map(Wait::from),
        }
    }
}

impl From<Waiting> for Wait {
    fn from(waiting: Waiting) -> Self {
        Self { code: waiting.code.to_string(), text: waiting.text, since: waiting.since.to_string() }
    }
}

impl Queued {
    /// The answer that names these documents.
    pub fn new(added: &[DocumentId], updated: &[DocumentId]) -> Self {
        let texts = |ids: &[DocumentId]| ids.iter().map(ToString::to_string).collect();
        Self { added_document_ids: texts(added), updated_document_ids: texts(updated) }
    }

    /// The answer as it is sent and kept.
    pub fn to_json(&self) -> String {
        json!(self).to_string()
    }
}

impl From<store::Documents> for Documents {
    fn from(page: store::Documents) -> Self {
        Self { documents: page.documents.into_iter().map(Document::from).collect(), has_more: page.has_more }
    }
}
