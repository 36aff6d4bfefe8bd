//! Whether and when a failed run is tried again. Pure.

use std::time::Duration;

use model::{Failure, FailureCode, Job, Source, WaitCode};

/// The longest `Retry-After` that is obeyed, by the job and by its host.
pub(crate) const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(24);
/// Each wait is this many times the one before: 15, 45, 135 and 405 s make about ten minutes for five attempts.
const GROWTH: u32 = 3;

/// What follows a failed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another attempt after the wait, and why.
    Retry(Duration, String),
    /// The end.
    Fail(Failure),
}

/// Decides by the failure's code, the attempts left, and what the other side asked for. `jitter` is in 0..=1.
pub(crate) fn next(job: &Job, failure: Failure, base: Duration, jitter: f64) -> Next {
    if !failure.code.is_transient() {
        return Next::Fail(failure);
    }
    if job.attempt >= job.max_attempts {
        let plural = if job.attempt == 1 { "" } else { "s" };
        let text = format!("{} (given up after {} attempt{plural})", failure.text, job.attempt);
        return Next::Fail(Failure { text, ..failure });
    }
    let why = format!("attempt {} of {} follows; the last one failed: {failure}", job.attempt + 1, job.max_attempts);
    Next::Retry(wait(job.attempt, failure.retry_after, base, jitter), why)
}

/// What a job that runs again waits for: mostly for its next attempt, and where a provider asked for fewer requests, for that.
pub(crate) fn wait_code(job: &Job, failure: &Failure) -> WaitCode {
    let is_limit = failure.code == FailureCode::RateLimited && !matches!(job.source, Source::Web | Source::Files);
    if is_limit { WaitCode::Provider } else { WaitCode::Retry }
}

/// `Retry-After` where there is one, else exponential backoff; up to a fifth is added so that failed jobs do not return as one.
fn wait(attempt: i64, retry_after: Option<Duration>, base: Duration, jitter: f64) -> Duration {
    let step = u32::try_from(attempt.clamp(1, 10) - 1).unwrap_or(0);
    let spread = |planned: Duration| planned + planned.mul_f64(jitter.clamp(0.0, 1.0) / 5.0);
    match retry_after {
        None => spread(base * GROWTH.pow(step)),
        Some(asked) => spread(asked.min(LONGEST_RETRY_AFTER)).min(LONGEST_RETRY_AFTER),
    }
}

#[cfg(test)]
mod tests {
    use model::{DocumentId, JobId, Timestamp, WorkspaceId};

    use super::*;

    fn job(attempt: i64) -> Job {
        Job {
            id: JobId::new(),
            workspace: WorkspaceId::new(),
            document: DocumentId::new(),
            source: Source::Web,
            external_id: String::new(),
            english: true,
            baser: false,
            attempt,
            max_attempts: 5,
            is_suspect: false,
            start_at: Timestamp::default(),
        }
    }

    fn seconds(attempt: i64, code: FailureCode, retry_after: Option<u64>) -> Option<u64> {
        let failure = Failure::new(code, "x").after(retry_after.map(Duration::from_secs));
        match next(&job(attempt), failure, Duration::from_secs(15), 0.0) {
            Next::Retry(wait, _) => Some(wait.as_secs()),
            Next::Fail(_) => None,
        }
    }

    #[test]
    fn transient_failures_are_tried_five_times_in_about_ten_minutes() {
        let waits: Vec<_> = (1..=5).map(|attempt| seconds(attempt, FailureCode::ServerError, None)).collect();
        assert_eq!(waits, [Some(15), Some(45), Some(135), Some(405), None]);
    }

    #[test]
    fn permanent_failures_are_not_tried_again() {
        for &code in FailureCode::ALL {
            assert_eq!(seconds(1, code, None).is_some(), code.is_transient(), "{code}");
        }
    }

    #[test]
    fn the_other_side_is_obeyed_within_a_day() {
        assert_eq!(seconds(1, FailureCode::RateLimited, Some(1)), Some(1));
        assert_eq!(seconds(4, FailureCode::RateLimited, Some(90)), Some(90));
        assert_eq!(seconds(1, FailureCode::ServerError, Some(1_000_000)), Some(86_400));
    }

    #[test]
    fn jitter_adds_at_most_a_fifth() {
        let base = Duration::from_secs(10);
        assert_eq!(wait(1, None, base, 1.0), Duration::from_secs(12));
        assert_eq!(wait(1, None, base, f64::MAX), Duration::from_secs(12));
        assert_eq!(wait(1, Some(base), Duration::ZERO, 1.0), Duration::from_secs(12));
        assert_eq!(wait(1, Some(Duration::MAX), base, 1.0), LONGEST_RETRY_AFTER, "a day is a day");
    }
}
