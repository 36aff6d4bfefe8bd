//! Revisions as they go out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text that a document has had, without the text itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    /// Its number, from 1; the highest is the current one.
    #[schema(minimum = 1, example = 3)]
    pub revision: i64,
    /// The title.
    #[schema(example = "Refunds")]
    pub title: String,
    /// Where it came from, after redirects.
    #[schema(example = "https://docs.example.com/billing/refunds")]
    pub url: String,
    /// What it was read as.
    #[schema(example = "text/html")]
    pub mime_type: String,
    /// The language of the text, BCP 47; null when it is not certain.
    #[schema(required = true, example = "en")]
    pub language: Option<String>,
    /// Who wrote it.
    #[schema(example = json!(["Ada Example"]))]
    pub authors: Vec<String>,
    /// When it was published: an instant in RFC 3339, or a day; null when it does not say.
    #[schema(required = true, example = "2025-03-01")]
    pub published: Option<String>,
    /// When it was last changed, by its own account.
    #[schema(required = true, example = json!(null))]
    pub modified: Option<String>,
    /// The steps to it on its site, outermost first.
    #[schema(example = json!(["Help", "Billing"]))]
    pub breadcrumbs: Vec<String>,
    /// The address that it calls its own.
    #[schema(required = true, example = json!(null))]
    pub canonical_url: Option<String>,
    /// What was left out or is doubtful, a sentence each.
    #[schema(example = json!([]))]
    pub warnings: Vec<String>,
    /// When it was read.
    #[schema(format = DateTime, example = "2026-05-22T06:10:58.710Z")]
    pub created_at: String,
}

/// The revisions of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Revisions {
    /// The latest first, at most 50.
    pub revisions: Vec<Revision>,
}

impl From<store::RevisionInfo> for Revision {
    fn from(revision: store::RevisionInfo) -> Self {
        Self {
            revision: revision.number,
            title: revision.title,
            url: revision.url,
            mime_type: revision.mime_type,
            language: revision.language,
            authors: revision.metadata.authors,
            published: revision.metadata.published,
            modified: revision.metadata.modified,
            breadcrumbs: revision.metadata.breadcrumbs,
            canonical_url: revision.metadata.canonical_url,
            warnings: revision.warnings,
            created_at: revision.created_at.to_string(),
        }
    }
}
