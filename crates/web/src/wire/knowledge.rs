//! Requests to make articles of texts, and what came of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::{JobStatusWord, OperationWord};

/// A text to make an article of.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct GenerateRequest {
    /// The text, Markdown or plain.
    #[schema(example = "Customers on annual plans can cancel at the end of the current billing term.")]
    candidate_knowledge: String,
    /// Where it comes from: `generated`, `sources` (with `documentId`) or `inbox`.
    #[schema(example = "generated")]
    origin: String,
    /// The document that it is from.
    #[schema(required = false, format = Uuid)]
    document_id: Option<String>,
    /// What may be done with it; everything without it.
    #[schema(required = false, value_type = Vec<OperationWord>)]
    restricted_ops: Option<Vec<String>>,
    /// Further instructions. They are for a language model, which this version does not ask.
    #[schema(required = false)]
    instructions: Option<String>,
    /// The agent in whose first folder a new article is to be.
    #[schema(required = false, format = Uuid)]
    bot_id: Option<String>,
    /// Whether it awaits a decision instead of being published.
    #[schema(required = false, default = true)]
    is_draft: Option<bool>,
}

/// Documents to make articles of.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct GenerateManyRequest {
    /// IDs of documents.
    #[schema(min_items = 1, example = json!(["5d9f67a8-d853-4af4-b7ce-23ebba1245e5"]))]
    document_ids: Vec<String>,
    /// Must be `sources`.
    #[schema(example = "sources")]
    origin: String,
    /// What may be done with them; everything without it.
    #[schema(required = false, value_type = Vec<OperationWord>)]
    restricted_ops: Option<Vec<String>>,
    /// Further instructions. They are for a language model, which this version does not ask.
    #[schema(required = false)]
    instructions: Option<String>,
    /// The agent in whose first folder new articles are to be.
    #[schema(required = false, format = Uuid)]
    bot_id: Option<String>,
    /// Whether they await a decision instead of being published.
    #[schema(required = false, default = true)]
    is_draft: Option<bool>,
}

/// The job of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Generating {
    /// Its ID.
    #[schema(format = Uuid, example = "4cfcf2cc-7a06-4de2-b460-5b991fe6236a")]
    pub background_job_id: String,
}

/// The jobs of documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GeneratingMany {
    /// In the order of the documents.
    pub jobs: Vec<GeneratingOne>,
}

/// The job of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GeneratingOne {
    /// The document.
    #[schema(format = Uuid)]
    pub document_id: String,
    /// Its job.
    #[schema(format = Uuid)]
    pub background_job_id: String,
}

/// Which jobs.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct KnowledgeJobsRequest {
    /// IDs of jobs.
    #[schema(min_items = 1, example = json!(["4cfcf2cc-7a06-4de2-b460-5b991fe6236a"]))]
    job_ids: Vec<String>,
}

/// How jobs stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KnowledgeJobs {
    /// In the order named.
    pub jobs: Vec<KnowledgeJob>,
}

/// How a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KnowledgeJob {
    /// Its ID.
    #[schema(format = Uuid, example = "4cfcf2cc-7a06-4de2-b460-5b991fe6236a")]
    pub id: String,
    /// How it stands. Nothing has to be waited for here, so it is `COMPLETED`.
    #[schema(value_type = JobStatusWord)]
    pub job_status: String,
    /// When it was asked for.
    #[schema(format = DateTime, example = "2026-06-11T12:00:00.000Z")]
    pub created_at: String,
    /// When it began.
    #[schema(format = DateTime, example = "2026-06-11T12:00:00.000Z")]
    pub started_at: String,
    /// When it ended.
    #[schema(format = DateTime, example = "2026-06-11T12:00:00.000Z")]
    pub completed_at: String,
    /// The article or the draft that was made; null when there is none, and `reason` says why.
    #[schema(required = true, format = Uuid, example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")]
    pub hc_article_id: Option<String>,
    /// Why that, or why none.
    #[schema(example = "no article follows this source yet")]
    pub reason: String,
}

impl From<store::KnowledgeJob> for KnowledgeJob {
    fn from(job: store::KnowledgeJob) -> Self {
        let at = job.created_at.to_string();
        Self {
            id: job.id.to_string(),
            job_status: model::JobStatus::Completed.to_string(),
            created_at: at.clone(),
            started_at: at.clone(),
            completed_at: at,
            hc_article_id: job.article,
            reason: job.reason,
        }
    }
}
