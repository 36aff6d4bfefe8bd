//! Articles: what agents answer from. Only publishing changes one, and every version is kept.

use serde::{Deserialize, Serialize};

use crate::{ArticleId, DocumentId, DraftId, FolderId, Timestamp};

/// What an article says and how it is found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// Its title.
    pub title: String,
    /// Its text, Markdown.
    pub main_knowledge: String,
    /// How an agent is to use it; for agents alone.
    pub agent_instruction: String,
    /// Questions that it answers.
    pub questions: Vec<String>,
    /// Words by which it is found.
    pub keywords: Vec<String>,
    /// Whether an agent hands over to a person here.
    pub escalation: bool,
}

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backing {
    /// The document.
    pub document: DocumentId,
    /// The number of its text.
    pub revision: i64,
}

/// A live article: its latest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// The folder it is in.
    pub folder: FolderId,
    /// What it says.
    pub content: Content,
    /// Whether agents may answer from it.
    pub active: bool,
    /// Whether it is shown in a help center.
    pub public: bool,
    /// Who wrote it, in the caller's words.
    pub origin: Option<String>,
    /// How often it was published, from 1.
    pub version: i64,
    /// The document that it follows.
    pub backing: Option<Backing>,
    /// When it was first published.
    pub created_at: Timestamp,
    /// When its latest version was published, or it was moved.
    pub updated_at: Timestamp,
}

/// One version of an article. It stays when the article is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleVersion {
    /// Its number, from 1.
    pub version: i64,
    /// What it said.
    pub content: Content,
    /// Whether agents might answer from it.
    pub active: bool,
    /// Whether it was shown in a help center.
    pub public: bool,
    /// The text that it was made from.
    pub backing: Option<Backing>,
    /// The draft that was published.
    pub draft: Option<DraftId>,
    /// Who published it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
}
