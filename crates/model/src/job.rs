//! One run of a document: its states, their legal changes, and all that a worker is told.

use std::fmt;

use crate::word::words;
use crate::{DocumentId, Failure, JobId, Source, Timestamp, WorkspaceId};

words!(
    /// The states of a live job. A finished job has left the hot table; [`JobEnd`] says how.
    ///
    /// ```text
    ///                 ┌───────────────┐ due                      ┌──► completed
    ///                 ▼               │                  settle  │
    ///  enqueue ──► ready ─┬─ claim ─► running ───────────────────┼──► failed
    ///               ▲  ▲  │             │ ▲                      │
    ///               │  │  │   delayed ◄─┘ │ its turn    cancel ──┴──► cancelled
    ///               │  │  │  (retry, rate │             (from any
    ///               │  │  │   limit, hand-│              state)
    ///        resume │  │  │   back, lease │
    ///               │  │  │   expired)    │
    ///               │  │  ├────────► in_line (the host's turn has not come)
    ///               │  │  │               │
    ///               │  │  └─ paused ┐     │ paused
    ///               │  │            ▼     ▼
    ///               └──┴─────────── held ◄┘
    /// ```
    JobState {
        /// May be claimed now.
        Ready = "ready",
        /// May be claimed from a stated instant on.
        Delayed = "delayed",
        /// Stands in its host's line.
        InLine = "in_line",
        /// An operator has paused its workspace or its host.
        Held = "held",
        /// A worker holds a lease on it.
        Running = "running",
    }
);

words!(
    /// How a finished job ended, in a word.
    Ending {
        /// It gave usable text.
        Completed = "completed",
        /// It failed for good.
        Failed = "failed",
        /// A person ended it.
        Cancelled = "cancelled",
    }
);

impl JobState {
    /// The states that a live job may go to from here. Every one may also end.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Ready => &[Self::Running, Self::InLine, Self::Held],
            Self::Delayed | Self::Held => &[Self::Ready],
            Self::InLine => &[Self::Running, Self::Held],
            Self::Running => &[Self::Delayed],
        }
    }
}

/// A claimed job: what a worker needs to run it and to prove that it still may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// The document it runs.
    pub document: DocumentId,
    /// Where the document comes from.
    pub source: Source,
    /// The document's name at the source; for a web page its canonical URL.
    pub external_id: String,
    /// Whether English rules apply to English text.
    pub english: bool,
    /// Whether paragraphs are re-cut into passages.
    pub baser: bool,
    /// Which attempt this is, from 1. With the id it fences the finish.
    pub attempt: i64,
    /// How many attempts it may have.
    pub max_attempts: i64,
    /// Whether it may be what ended a process twice: only one such job is in a process at a time.
    pub is_suspect: bool,
    /// When its first request may start: a claim may come a moment before the host's turn.
    pub start_at: Timestamp,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEnd {
    /// It gave usable text.
    Completed,
    /// It failed for good.
    Failed(Failure),
    /// A person ended it.
    Cancelled,
}

impl fmt::Display for JobEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Completed => f.write_str("completed"),
            Self::Failed(failure) => write!(f, "failed: {failure}"),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}
