//! Runs that are over: what came of them.

use std::sync::Arc;

use model::{Blame, Failure, Job, Timestamp, WaitCode};

use crate::tally::Tally;
use crate::text::{Change, NewText};

/// A run that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The job, as it was claimed.
    pub job: Job,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Text, and how it differs from the one before.
    Text(Arc<NewText>, Change),
    /// The last good text stays, and this is shown.
    Failed(Failure),
    /// The job runs again.
    Again(Again),
    /// Its process died, and it runs again.
    Lost(Lost),
}

/// When and why a job runs again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// Not before this.
    pub at: Timestamp,
    /// The reason that is shown.
    pub code: WaitCode,
    /// The same as a sentence.
    pub why: String,
    /// Whether the run was really tried.
    pub counts: bool,
}

/// How a job runs again whose process died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Not before this.
    pub at: Timestamp,
    /// The reason as a sentence.
    pub why: String,
    /// What the death means for it.
    pub blame: Blame,
}

impl Settlement {
    pub(crate) fn note(&self, held: bool, tally: &Tally) {
        match &self.outcome {
            _ if !held => tally.note_lost(),
            Outcome::Text(..) => tally.note_completed(),
            Outcome::Failed(failure) => tally.note_failed(failure.code),
            Outcome::Again(again) => tally.note_again(again.counts),
            Outcome::Lost(lost) => tally.note_again(lost.blame.counts),
        }
    }

    /// Long texts make small groups.
    pub(crate) fn weight(&self) -> usize {
        match &self.outcome {
            Outcome::Text(text, _) => 1 + text.paragraphs.iter().map(String::len).sum::<usize>() / 16_384,
            Outcome::Failed(_) | Outcome::Again(_) | Outcome::Lost(_) => 1,
        }
    }
}
