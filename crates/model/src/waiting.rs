//! Why a queued document does not run yet: true at any instant, worked out from the job's row.

use std::time::Duration;

use crate::Timestamp;
use crate::job::JobState;
use crate::word::words;

words!(
    /// The reasons to wait.
    WaitCode {
        /// Others come first.
        Queue = "queue",
        /// The site's turn has not come.
        Host = "host",
        /// The last attempt failed; another follows.
        Retry = "retry",
        /// A provider's rate limit.
        Provider = "provider",
        /// An operator paused it.
        Paused = "paused",
        /// No worker is alive.
        Worker = "worker",
    }
);

/// Why a document waits, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The stable code.
    pub code: WaitCode,
    /// The reason as a sentence.
    pub text: String,
    /// Since when it waits for this reason.
    pub since: Timestamp,
}

/// How long after its last sign of life a worker still counts as alive.
pub const WORKER_SILENCE: Duration = Duration::from_secs(30);

/// What is known of a job when somebody asks why it waits.
#[derive(Debug, Clone)]
pub struct Situation {
    /// The job's state.
    pub state: JobState,
    /// What the job was put off for, when it was.
    pub put_off: Option<(WaitCode, String)>,
    /// Since when the job is as it is.
    pub since: Timestamp,
    /// When any worker last gave a sign of life.
    pub worker_seen: Option<Timestamp>,
    /// The time of the question.
    pub now: Timestamp,
}

impl Situation {
    /// The reason; `None` when the job does not wait.
    pub fn waiting(self) -> Option<Waiting> {
        if self.state == JobState::Running {
            return None;
        }
        let silent_since = match self.worker_seen {
            None => Some(self.since),
            Some(seen) if self.now.since(seen) > WORKER_SILENCE => Some(seen.max(self.since)),
            Some(_) => None,
        };
        if let Some(since) = silent_since {
            let text = "no worker is running; start `gleaner serve` or `gleaner work`".to_owned();
            return Some(Waiting { code: WaitCode::Worker, text, since });
        }
        let (code, text) = match (self.state, self.put_off) {
            (JobState::Delayed, Some(reason)) => reason,
            _ => (WaitCode::Queue, "it waits for a free worker".to_owned()),
        };
        Some(Waiting { code, text, since: self.since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn code(state: JobState, put_off: Option<WaitCode>, seen: Option<i64>) -> Option<(WaitCode, Timestamp)> {
        let put_off = put_off.map(|code| (code, "why".to_owned()));
        Situation { state, put_off, since: at(50), worker_seen: seen.map(at), now: at(100) }
            .waiting()
            .map(|waiting| (waiting.code, waiting.since))
    }

    #[test]
    fn every_waiting_job_has_a_reason_and_no_running_one() {
        use JobState::{Delayed, Ready, Running};
        let cases = [
            (Ready, None, Some(99), Some((WaitCode::Queue, at(50)))),
            (Delayed, Some(WaitCode::Host), Some(99), Some((WaitCode::Host, at(50)))),
            (Delayed, Some(WaitCode::Retry), Some(99), Some((WaitCode::Retry, at(50)))),
            (Delayed, None, Some(99), Some((WaitCode::Queue, at(50)))),
            (Ready, Some(WaitCode::Retry), Some(99), Some((WaitCode::Queue, at(50)))),
            (Ready, None, None, Some((WaitCode::Worker, at(50)))),
            (Delayed, Some(WaitCode::Host), Some(60), Some((WaitCode::Worker, at(60)))),
            (Ready, None, Some(10), Some((WaitCode::Worker, at(50)))),
            (Running, None, None, None),
        ];
        for (state, put_off, seen, expected) in cases {
            assert_eq!(code(state, put_off, seen), expected, "{state:?} {put_off:?} {seen:?}");
        }
    }
}
