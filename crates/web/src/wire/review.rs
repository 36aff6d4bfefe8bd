//! Review as it goes out: drafts with what they would change, decisions, and the record of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::articles::Article;

/// A draft and what it would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// The draft as it would be published.
    pub draft: Article,
    /// The article as it is; null when the draft would make a new one.
    #[schema(required = true)]
    pub live: Option<Article>,
    /// What the source proposes, where a person has edited the draft; else null.
    #[schema(required = true)]
    pub proposed: Option<Article>,
    /// Whether the source has said something else since a person edited the draft.
    pub is_edit_behind: bool,
    /// What changes from the live article, in a line.
    #[schema(example = "1 paragraph edited, 1 added")]
    pub summary: String,
    /// The text of both, paragraph by paragraph.
    pub changes: Vec<Change>,
}

/// What became of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// `unchanged`, `moved`, `edited`, `added` or `removed`.
    #[schema(example = "edited")]
    pub kind: String,
    /// Whether it matters to a reader.
    #[schema(example = true)]
    pub material: bool,
    /// The paragraph of the live article; null where there is none.
    #[schema(required = true, example = "Refunds take 14 days.")]
    pub old: Option<String>,
    /// The paragraph of the draft; null where there is none.
    #[schema(required = true, example = "Refunds take 30 days.")]
    pub new: Option<String>,
}

/// What was seen of a draft.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct DecideRequest {
    /// The draft's `draftRevision`, as it was seen.
    #[schema(minimum = 1, example = 1)]
    draft_revision: i64,
    /// Why, for the record.
    #[schema(required = false)]
    reason: Option<String>,
}

/// Many decisions at once.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct ApproveManyRequest {
    /// The drafts, as they were seen.
    #[schema(min_items = 1, max_items = 500)]
    drafts: Vec<SeenDraft>,
}

/// A draft as it was seen.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct SeenDraft {
    /// Its ID.
    #[schema(format = Uuid)]
    id: String,
    /// Its `draftRevision`.
    #[schema(minimum = 1)]
    draft_revision: i64,
}

/// What became of many drafts. Each is decided by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ManyApproved {
    /// The articles that are live now.
    pub published: Vec<Article>,
    /// Those that could not be published.
    pub refused: Vec<NotApproved>,
}

/// A draft that could not be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotApproved {
    /// Its ID.
    #[schema(format = Uuid)]
    pub id: String,
    /// Why, and the mend.
    pub reason: String,
}

/// One entry of the record of decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its ID.
    #[schema(format = Uuid)]
    pub id: String,
    /// When.
    #[schema(format = DateTime, example = "2026-05-22T06:10:58.710Z")]
    pub at: String,
    /// Who.
    #[schema(example = "key 4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3")]
    pub actor: String,
    /// What was done.
    #[schema(example = "publish")]
    pub action: String,
    /// To what.
    #[schema(example = "article")]
    pub subject: String,
    /// Its ID.
    #[schema(format = Uuid)]
    pub subject_id: String,
    /// What exactly.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// A page of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Audit {
    /// The latest first.
    pub entries: Vec<AuditEntry>,
    /// Whether there are more.
    pub has_more: bool,
}

/// Which documents to delete.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct DeleteRequest {
    /// IDs of documents.
    #[schema(min_items = 1, example = json!(["5d9f67a8-d853-4af4-b7ce-23ebba1245e5"]))]
    document_ids: Vec<String>,
    /// Whether to delete the articles that follow them, too.
    #[schema(required = false, default = false)]
    delete_articles: Option<bool>,
}

/// What was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deleted {
    /// The documents.
    pub deleted_documents: Vec<DeletedDocument>,
    /// The articles.
    pub deleted_articles: Vec<DeletedArticle>,
}

/// A document that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletedDocument {
    /// Its ID.
    #[schema(format = Uuid)]
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub original_url: String,
}

/// An article that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletedArticle {
    /// Its ID.
    #[schema(format = Uuid)]
    pub id: String,
    /// Its title.
    pub title: String,
    /// The folder it was in.
    #[schema(format = Uuid)]
    pub parent_folder_id: String,
}

impl From<model::AuditEntry> for AuditEntry {
    fn from(entry: model::AuditEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            at: entry.at.to_string(),
            actor: entry.actor,
            action: entry.action.to_string(),
            subject: entry.subject.to_string(),
            subject_id: entry.subject_id,
            detail: entry.detail,
        }
    }
}

impl From<store::Deleted> for DeletedDocument {
    fn from(document: store::Deleted) -> Self {
        Self { id: document.id.to_string(), title: document.title, original_url: document.original_url }
    }
}

impl From<model::Article> for DeletedArticle {
    fn from(article: model::Article) -> Self {
        let parent_folder_id = article.folder.to_string();
        Self { id: article.id.to_string(), title: article.content.title, parent_folder_id }
    }
}
