//! Runs that are over: what came of them.

use std::sync::Arc;
use std::time::Duration;

use model::{Blame, Failure, Job, Timestamp, WaitCode};

use crate::landing::Landing;
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
    /// The same, and what Review is to make of it.
    Landed(Arc<NewText>, Change, Arc<Landing>),
    /// The source still has the version that is known: its text stays.
    Unchanged,
    /// The last good text stays, and this is shown.
    Failed(Failure),
    /// The same, because its source has it no more. Told again after that time, its article is proposed to be withdrawn.
    Gone(Failure, Duration),
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

/// How a job is put off, in the database's terms.
pub(crate) struct PutOff<'a> {
    pub(crate) at: i64,
    pub(crate) code: &'static str,
    pub(crate) why: &'a str,
    /// How much of the attempt is taken back.
    pub(crate) taken_back: i64,
    /// How many attempts it gets on top.
    pub(crate) added: i64,
    /// `None` leaves it as it is.
    pub(crate) suspicion: Option<i64>,
}

impl Again {
    pub(crate) fn put_off(&self) -> PutOff<'_> {
        PutOff {
            at: self.at.as_micros(),
            code: self.code.as_str(),
            why: &self.why,
            taken_back: i64::from(!self.counts),
            added: 0,
            // Who came to an end by itself ends no process; who was handed back has shown nothing.
            suspicion: self.counts.then_some(0),
        }
    }
}

impl Lost {
    pub(crate) fn put_off(&self) -> PutOff<'_> {
        PutOff {
            at: self.at.as_micros(),
            code: WaitCode::Retry.as_str(),
            why: &self.why,
            taken_back: 0,
            added: i64::from(!self.blame.counts),
            suspicion: Some(self.blame.suspicion),
        }
    }
}

impl Settlement {
    pub(crate) fn note(&self, held: bool, tally: &Tally) {
        match &self.outcome {
            _ if !held => tally.note_lost(),
            Outcome::Text(..) | Outcome::Landed(..) | Outcome::Unchanged => tally.note_completed(),
            Outcome::Failed(failure) | Outcome::Gone(failure, _) => tally.note_failed(failure.code),
            Outcome::Again(again) => tally.note_again(again.counts),
            Outcome::Lost(lost) => tally.note_again(lost.blame.counts),
        }
    }

    /// Long texts make small groups.
    pub(crate) fn weight(&self) -> usize {
        match &self.outcome {
            Outcome::Text(text, _) | Outcome::Landed(text, ..) => {
                1 + text.paragraphs.iter().map(String::len).sum::<usize>() / 16_384
            }
            Outcome::Unchanged | Outcome::Failed(_) | Outcome::Gone(..) | Outcome::Again(_) | Outcome::Lost(_) => 1,
        }
    }
}
