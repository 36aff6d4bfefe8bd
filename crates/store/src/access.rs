//! What an API key opens.

use model::{KeyId, Scopes, WorkspaceId};

/// Who calls, and what the caller may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The workspace the key belongs to.
    pub workspace: WorkspaceId,
    /// The key.
    pub key: KeyId,
    /// What it may do.
    pub scopes: Scopes,
}
