//! Why a queued document does not run yet: true at any instant, worked out from the job's row.

use std::time::Duration;

use crate::Timestamp;
use crate::connection::provider_of_lane;
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
    /// Until when a running job is its worker's.
    pub lease_until: Option<Timestamp>,
    /// What the job was put off for, when it was.
    pub put_off: Option<(WaitCode, String)>,
    /// Since when the job is as it is.
    pub since: Timestamp,
    /// The pause it is under, and since when.
    pub paused: Option<(String, Timestamp)>,
    /// The line it stands in.
    pub line: Option<Line>,
    /// When any worker last gave a sign of life.
    pub worker_seen: Option<Timestamp>,
    /// The time of the question.
    pub now: Timestamp,
}

/// The line of a host, to one that stands in it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The host.
    pub host: String,
    /// The time between two turns.
    pub gap: Duration,
    /// When the next turn comes.
    pub next_start: Timestamp,
}

impl Situation {
    /// The reason; `None` when the job does not wait.
    pub fn waiting(self) -> Option<Waiting> {
        let (code, text, since) = match (self.state, self.lease_until) {
            (JobState::Running, Some(end)) if end < self.now => self.no_worker().unwrap_or_else(|| orphaned(end)),
            (JobState::Running, _) => return None,
            _ => self.paused().or_else(|| self.no_worker()).unwrap_or_else(|| self.put_off()),
        };
        Some(Waiting { code, text, since })
    }

    fn paused(&self) -> Option<(WaitCode, String, Timestamp)> {
        let (reason, since) = self.paused.as_ref()?;
        Some((WaitCode::Paused, format!("an operator paused it: {reason}"), self.since.max(*since)))
    }

    fn no_worker(&self) -> Option<(WaitCode, String, Timestamp)> {
        let since = match self.worker_seen {
            None => self.since,
            Some(seen) if self.now.since(seen) > WORKER_SILENCE => seen.max(self.since),
            Some(_) => return None,
        };
        let text = "no worker is running; start `gleaner serve` or `gleaner work`".to_owned();
        Some((WaitCode::Worker, text, since))
    }

    fn put_off(self) -> (WaitCode, String, Timestamp) {
        let queue = |since| (WaitCode::Queue, "it waits for a free worker".to_owned(), since);
        match (self.state, self.put_off, self.line) {
            (JobState::Delayed, Some((code, text)), _) => (code, text, self.since),
            (JobState::InLine, _, Some(line)) if line.next_start > self.now => {
                (line.code(), line.why(self.now), self.since)
            }
            // The turn has come; what is missing is somebody to take it.
            (JobState::InLine, _, Some(line)) => queue(self.since.max(line.next_start)),
            _ => queue(self.since),
        }
    }
}

/// Whoever ran it is gone, and its job is not taken over yet.
fn orphaned(lease_end: Timestamp) -> (WaitCode, String, Timestamp) {
    (WaitCode::Queue, "its worker is gone; another takes it over".to_owned(), lease_end)
}

impl Line {
    /// Whose line it is: a host's, or that of a connection to a provider.
    fn code(&self) -> WaitCode {
        if provider_of_lane(&self.host).is_some() { WaitCode::Provider } else { WaitCode::Host }
    }

    /// Why the next turn has not come at `now`. One that is further off than the gap between two is behind others, such as those
    /// of robots.txt and of redirects, or behind a rest that the host asked for; nothing tells the two apart.
    fn why(&self, now: Timestamp) -> String {
        let Self { host, gap, next_start } = self;
        let host = match provider_of_lane(host) {
            Some(provider) => provider.title(),
            None => host,
        };
        if next_start.since(now) <= *gap {
            return format!("{host} takes one request every {} s; the next turn has not come", gap.as_secs_f64());
        }
        if next_start.is_midnight() {
            return format!(
                "as many requests as {host} may have in a day (--host-daily) were made; the next is on {next_start}"
            );
        }
        format!("{host} is next asked at {next_start}: the turns before are taken, or it asked for a rest until then")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn situation(state: JobState, put_off: Option<WaitCode>, seen: Option<i64>) -> Situation {
        let put_off = put_off.map(|code| (code, "why".to_owned()));
        let worker_seen = seen.map(at);
        let lease_until = Some(at(100));
        Situation { state, lease_until, put_off, since: at(50), paused: None, line: None, worker_seen, now: at(100) }
    }

    fn reason(situation: Situation) -> Option<(WaitCode, Timestamp)> {
        situation.waiting().map(|waiting| (waiting.code, waiting.since))
    }

    #[test]
    fn every_waiting_job_has_a_reason_and_no_running_one() {
        use JobState::{Delayed, Held, InLine, Ready, Running};
        let cases = [
            (Ready, None, Some(99), Some((WaitCode::Queue, at(50)))),
            (Delayed, Some(WaitCode::Retry), Some(99), Some((WaitCode::Retry, at(50)))),
            (Delayed, None, Some(99), Some((WaitCode::Queue, at(50)))),
            (Ready, Some(WaitCode::Retry), Some(99), Some((WaitCode::Queue, at(50)))),
            (InLine, None, Some(99), Some((WaitCode::Queue, at(50)))),
            (Held, None, Some(99), Some((WaitCode::Queue, at(50)))),
            (Ready, None, None, Some((WaitCode::Worker, at(50)))),
            (Delayed, Some(WaitCode::Retry), Some(60), Some((WaitCode::Worker, at(60)))),
            (Ready, None, Some(10), Some((WaitCode::Worker, at(50)))),
            (Running, None, None, None),
        ];
        for (state, put_off, seen, expected) in cases {
            assert_eq!(reason(situation(state, put_off, seen)), expected, "{state:?} {put_off:?} {seen:?}");
        }
    }

    #[test]
    fn a_run_whose_worker_is_gone_waits_for_another() {
        let orphan = |seen| Situation { lease_until: Some(at(90)), ..situation(JobState::Running, None, seen) };
        let cases = [
            (Some(99), Some((WaitCode::Queue, at(90)))),
            (Some(60), Some((WaitCode::Worker, at(60)))),
            (None, Some((WaitCode::Worker, at(50)))),
        ];
        for (seen, expected) in cases {
            assert_eq!(reason(orphan(seen)), expected, "{seen:?}");
        }
    }

    #[test]
    fn a_line_is_the_reason_until_its_turn_has_come() {
        let line = |next_start| Line { host: "a.example".into(), gap: Duration::from_millis(1_500), next_start };
        let waits =
            |next_start| Situation { line: Some(line(at(next_start))), ..situation(JobState::InLine, None, Some(99)) };
        let text = |next_start| waits(next_start).waiting().unwrap().text;
        assert_eq!(reason(waits(101)), Some((WaitCode::Host, at(50))));
        assert_eq!(reason(waits(90)), Some((WaitCode::Queue, at(90))), "nobody has taken the turn yet");
        assert!(text(101).starts_with("a.example takes one request every 1.5 s"), "{}", text(101));
        let far = "a.example is next asked at 1970-01-01T00:03:20.000Z: the turns before are taken, or it asked for a rest until then";
        assert_eq!(text(200), far);
        assert!(text(86_400).contains("--host-daily"), "{}", text(86_400));
    }

    #[test]
    fn the_line_of_a_connection_is_told_by_the_name_of_its_provider() {
        let host = "googledrive:0199c2a0-1111-7000-8000-000000000000".to_owned();
        let line = Line { host, gap: Duration::from_millis(500), next_start: at(101) };
        let waiting = Situation { line: Some(line), ..situation(JobState::InLine, None, Some(99)) }.waiting().unwrap();
        assert_eq!(waiting.code, WaitCode::Provider);
        assert!(waiting.text.starts_with("Google Drive takes one request every 0.5 s"), "{}", waiting.text);
    }

    #[test]
    fn a_pause_comes_before_every_other_reason() {
        for (state, seen) in [(JobState::Ready, Some(99)), (JobState::Held, None), (JobState::Delayed, Some(99))] {
            let paused = Some(("the site moves".to_owned(), at(70)));
            let situation = Situation { paused, ..situation(state, None, seen) };
            assert_eq!(reason(situation), Some((WaitCode::Paused, at(70))), "{state:?}");
        }
    }
}
