//! The record of who decided what. It is only ever added to.

use crate::word::words;
use crate::{AuditId, Timestamp};

words!(
    /// What was done.
    Action {
        /// A draft was published.
        Publish = "publish",
        /// A draft was decided against.
        Dismiss = "dismiss",
        /// A draft was edited.
        Edit = "edit",
        /// An article was written past Review, by who may do so.
        Write = "write",
        /// An article was taken out of the answers.
        Withdraw = "withdraw",
        /// An article, a folder or a document was deleted.
        Delete = "delete",
        /// An article was moved to another folder.
        Move = "move",
    }
);

words!(
    /// What it was done to.
    Subject {
        /// An article.
        Article = "article",
        /// A draft.
        Draft = "draft",
        /// A folder.
        Folder = "folder",
        /// A document.
        Document = "document",
    }
);

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who: an API key by its name and handle, or a person at the machine.
    pub actor: String,
    /// What was done.
    pub action: Action,
    /// To what.
    pub subject: Subject,
    /// Its id.
    pub subject_id: String,
    /// What exactly: revisions and versions, as JSON.
    pub detail: serde_json::Value,
}
