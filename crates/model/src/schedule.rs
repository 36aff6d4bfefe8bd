//! Schedules: what is refreshed by itself, and when.

use std::time::Duration;

use crate::{DocumentId, ScheduleId, Source, Timestamp};

/// The shortest and the longest time between two rounds.
pub const BOUNDS: (Duration, Duration) = (Duration::from_mins(1), Duration::from_hours(366 * 24));
/// The part of that time, one in so many, by which rounds are spread, so that what was set up together does not come together for
/// ever.
const SPREAD: u64 = 10;

/// What a schedule refreshes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coverage {
    /// Every document of the workspace.
    All,
    /// Those of one kind of source.
    Source(Source),
    /// One document.
    Document(DocumentId),
}

/// One schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its id.
    pub id: ScheduleId,
    /// What it refreshes. Uploaded files have nothing that could be asked again.
    pub scope: Coverage,
    /// The time between two rounds.
    pub every: Duration,
    /// When the next round begins.
    pub next_at: Timestamp,
    /// When the last one began.
    pub last_at: Option<Timestamp>,
    /// How many documents it queued.
    pub last_queued: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Schedule {
    /// When the round after one at `now` begins: the time between, and up to a tenth of it more.
    pub fn after(&self, now: Timestamp) -> Timestamp {
        let every = u64::try_from(self.every.as_micros()).unwrap_or(u64::MAX);
        let spread = self.id.noise(now) % (every / SPREAD).max(1);
        now.plus(self.every).plus(Duration::from_micros(spread))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_spread_and_never_early() {
        let schedule = || Schedule {
            id: ScheduleId::new(),
            scope: Coverage::All,
            every: Duration::from_hours(1),
            next_at: Timestamp::default(),
            last_at: None,
            last_queued: 0,
            created_at: Timestamp::default(),
        };
        let now = Timestamp::from_micros(1_700_000_000_000_000);
        let delays: Vec<Duration> = (0..100).map(|_| schedule().after(now).since(now)).collect();
        assert!(delays.iter().all(|delay| (Duration::from_hours(1)..Duration::from_mins(66)).contains(delay)));
        assert!(delays.iter().collect::<std::collections::HashSet<_>>().len() > 90, "they are spread");
        let one = schedule();
        assert_eq!(one.after(now), one.after(now), "the same for everybody who works it out");
    }
}
