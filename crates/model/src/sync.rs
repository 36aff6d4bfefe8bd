//! A look at everything that a connection has: what is new is imported, what changed is read again, and what is gone is told.

use crate::word::words;
use crate::{ConnectionId, Source, SyncId, Timestamp, WorkspaceId};

words!(
    /// How a sync stands.
    SyncState {
        /// It waits for a worker.
        Waiting = "waiting",
        /// A worker looks.
        Running = "running",
        /// Everything that was seen has an outcome.
        Completed = "completed",
        /// The look ended early; `error` says why.
        Failed = "failed",
    }
);

words!(
    /// What a sync makes of an item. In a dry run nothing of it is done.
    SyncOutcome {
        /// It was not known: it is registered and queued.
        New = "new",
        /// It is another version than was read last, or nobody can tell: it is queued.
        Changed = "changed",
        /// It is the version that was read last.
        Unchanged = "unchanged",
        /// It is known, and has given no text yet: it is queued.
        Unread = "unread",
        /// A complete look did not show it any more: it is marked, and queued so that its source has the last word.
        Missing = "missing",
        /// It was not seen, but not everything was: it stays as it is.
        Unseen = "unseen",
    }
);

impl SyncOutcome {
    /// What an item is that was seen in its version, where the one that was read last is `known`, `None` before the first text.
    pub fn of_seen(seen: Option<&str>, known: Option<Option<&str>>) -> Self {
        match (seen, known) {
            (_, None) => Self::Unread,
            (Some(seen), Some(Some(known))) if seen == known => Self::Unchanged,
            (_, Some(_)) => Self::Changed,
        }
    }

    /// What it means, for people.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::New => "not known before: registered and queued",
            Self::Changed => "another version than was read last, or nobody can tell: queued",
            Self::Unchanged => "the version that was read last",
            Self::Unread => "known, and without a text so far: queued",
            Self::Missing => {
                "a complete look did not show it any more: marked, and queued so that its source has the last word"
            }
            Self::Unseen => "not seen, but not everything was: left as it is",
        }
    }

    /// Whether the document is run.
    pub const fn is_queued(self) -> bool {
        matches!(self, Self::New | Self::Changed | Self::Unread | Self::Missing)
    }
}

/// A sync, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sync {
    /// Its id.
    pub id: SyncId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// What is looked at.
    pub connection: ConnectionId,
    /// The provider.
    pub provider: Source,
    /// Whether it only tells what it would do.
    pub dry: bool,
    /// How it stands.
    pub state: SyncState,
    /// How many items were seen so far.
    pub seen: i64,
    /// Why it failed, as `code: sentence`; empty otherwise.
    pub error: String,
    /// Why there may be more than was seen, a sentence each.
    pub gaps: Vec<String>,
    /// How many items have each outcome.
    pub counts: Vec<(SyncOutcome, i64)>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_read_unless_its_version_is_the_known_one() {
        use SyncOutcome::{Changed, Unchanged, Unread};
        let cases = [
            (Some("2"), None, Unread),
            (None, None, Unread),
            (Some("2"), Some(Some("2")), Unchanged),
            (Some("2"), Some(Some("1")), Changed),
            (Some("2"), Some(None), Changed),
            (None, Some(Some("2")), Changed),
            (None, Some(None), Changed),
        ];
        for (seen, known, expected) in cases {
            assert_eq!(SyncOutcome::of_seen(seen, known), expected, "{seen:?} {known:?}");
        }
    }
}
