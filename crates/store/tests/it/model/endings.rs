//! How runs end, in the words of the store and of the reference.

use std::time::Duration;

use model::{Failure, FailureCode, Timestamp, WaitCode};
use store::{Again, Change, Expired, Lost, Outcome};

use super::steps::Ending;
use crate::stores::text;

pub const WHY: &str = "why";

/// What every process does with a job of the dead: again at once, or the end when it was the last attempt.
pub fn after_death(lost: &Expired, now: Timestamp) -> Outcome {
    if is_over(lost) {
        return outcome(Ending::Failed, now);
    }
    Outcome::Lost(Lost { at: now, why: WHY.to_owned(), blame: lost.blame })
}

/// The same for the reference.
pub fn reference_after_death(lost: &Expired, now: Timestamp) -> reference::End {
    if is_over(lost) {
        return reference_end(Ending::Failed, now);
    }
    reference::End::Lost(reference::Lost { at: now, why: WHY.into(), blame: lost.blame })
}

fn is_over(lost: &Expired) -> bool {
    lost.blame.counts && lost.job.attempt >= lost.job.max_attempts
}

fn failure() -> Failure {
    Failure::new(FailureCode::NotFound, WHY)
}

pub fn outcome(end: Ending, now: Timestamp) -> Outcome {
    match end {
        Ending::Text => Outcome::Text(text("title", &["a paragraph"]).into(), Change::None),
        Ending::Failed => Outcome::Failed(failure()),
        Ending::Again { seconds, counts } => {
            let at = now.plus(Duration::from_secs(seconds));
            Outcome::Again(Again { at, code: WaitCode::Retry, why: WHY.to_owned(), counts })
        }
    }
}

/// The same for the reference.
pub fn reference_end(end: Ending, now: Timestamp) -> reference::End {
    match end {
        Ending::Text => reference::End::Text,
        Ending::Failed => reference::End::Failed(failure().to_string().into()),
        Ending::Again { seconds, counts } => {
            let at = now.plus(Duration::from_secs(seconds));
            reference::End::Again(reference::Again { at, code: WaitCode::Retry, why: WHY.into(), counts })
        }
    }
}
