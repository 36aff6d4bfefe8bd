//! What an operator may set about the work.

use std::time::Duration;

use model::{DocumentId, Pace, Timestamp};
use store::Retention;

/// Three of them fit in the silence after which a worker counts as dead.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// How a worker works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How many documents run at once in this process.
    pub concurrency: usize,
    /// How long a claimed job stays this worker's without a heartbeat.
    pub lease: Duration,
    /// How fast one host may be asked.
    pub pace: Pace,
    /// The wait after the first failed attempt; each further one is three times as long.
    pub retry_base: Duration,
    /// How long running documents may go on after a soft stop.
    pub grace: Duration,
    /// How long a source must have a document no more until its article is proposed to be withdrawn.
    pub gone_after: Duration,
    /// How long finished jobs are remembered.
    pub retention: Retention,
    /// How often a worker looks again for jobs that it could not take; with none in sight, only its heartbeat looks.
    pub poll: Duration,
    /// Only these documents, for somebody who waits for them; `None` means any.
    pub only: Option<Vec<DocumentId>>,
    /// What operators see of this process, such as `host:pid`.
    pub label: String,
}

impl Settings {
    /// How long a robots.txt is believed (RFC 9309 allows 24 hours).
    pub(crate) const ROBOTS_LIFETIME: Duration = Duration::from_hours(24);

    /// Three heartbeats fit in a lease, so one that is lost does no harm. With nothing in hand there is no lease to keep, and a
    /// sign of life is enough.
    pub(crate) fn heartbeat(&self, is_idle: bool) -> Duration {
        if is_idle { SIGN_OF_LIFE } else { (self.lease / 3).min(SIGN_OF_LIFE) }
    }

    /// How soon to look again for leases that run out one after the other, as those of a worker that died do.
    pub(crate) fn recheck(&self) -> Duration {
        self.lease / 15
    }

    pub(crate) fn robots_expiry(now: Timestamp) -> Timestamp {
        now.plus(Self::ROBOTS_LIFETIME)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            concurrency: 64,
            lease: Duration::from_secs(15),
            pace: Pace {
                delay: Duration::from_secs(1),
                concurrency: 8,
                crawl_delay_cap: Duration::from_secs(30),
                daily: None,
            },
            retry_base: Duration::from_secs(15),
            grace: Duration::from_secs(10),
            gone_after: Duration::from_hours(24),
            retention: Retention { history: Duration::from_hours(30 * 24) },
            poll: Duration::from_secs(1),
            only: None,
            label: String::new(),
        }
    }
}
