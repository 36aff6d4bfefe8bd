//! Calls that queue pages: what is asked for, and what is answered.

use std::sync::Arc;

use model::{DocumentId, Priority, WebUrl, WorkspaceId};

/// One page that a caller named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its canonical address.
    pub url: WebUrl,
    /// The address as sent.
    pub original: String,
    /// Whether it may be new; a page to refresh must be known.
    pub add: bool,
}

/// One call: pages in the order named (repeats are merged), and how to run them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebBatch {
    /// The pages.
    pub wanted: Vec<Wanted>,
    /// The flags for their next run.
    pub flags: Flags,
    /// How urgent they are.
    pub priority: Priority,
    /// How many attempts each job may have.
    pub max_attempts: i64,
}

/// What a call may say about the next run of its documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags {
    /// The English flag; left out, a known document keeps its own and a new one gets `true`.
    pub english: Option<bool>,
    /// The baser flag; left out, a known document keeps its own and a new one gets `false`.
    pub baser: Option<bool>,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queueing {
    /// Every page has a live job.
    Queued {
        /// Documents that are new, in the order named.
        added: Vec<DocumentId>,
        /// Documents that were known, in the order named.
        updated: Vec<DocumentId>,
    },
    /// Pages to refresh that are not known, as sent. Nothing was written.
    Unknown(Vec<String>),
}

/// A call and its workspace.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) workspace: WorkspaceId,
    pub(crate) batch: Arc<WebBatch>,
}

/// A call with its pages, each once.
pub(crate) type Pages<'a> = (&'a Call, &'a Vec<&'a Wanted>);
