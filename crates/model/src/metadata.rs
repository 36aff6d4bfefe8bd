//! What a document says of itself beside its text.

use serde::{Deserialize, Serialize};

/// Who wrote a document and when, and where it stands among others. What it does not say is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Metadata {
    /// Who wrote it, each name once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When it was published: an instant in RFC 3339 where its time and zone are known, else a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// When it was last changed, written alike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// The names of the steps to it on its site, outermost first, without itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breadcrumbs: Vec<String>,
    /// The address that it calls its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<String>,
}
