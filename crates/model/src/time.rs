//! Instants in whole microseconds, and the clock that everyone is given.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whether a day, UTC, begins just then.
    pub const fn is_midnight(self) -> bool {
        self.0 % 86_400_000_000 == 0
    }

    /// This instant moved later; saturates at the end of time.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(micros(by)))
    }

    /// This instant moved earlier; saturates at the start of time.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(micros(by)))
    }

    /// How long after `earlier` this is; zero when it is not after.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// ISO 8601 in UTC with milliseconds, as the wire shows it: `2026-05-22T06:05:34.221Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => write!(f, "{instant:.3}"),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}

/// The time, from the wall, from a database, or from a test.
///
/// It runs on a clock of the machine that nobody can set, from an anchor, so a wall clock that jumps moves no lease; the anchor
/// can be set again to follow a database.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
enum Inner {
    /// `now = anchor + uptime`.
    Running { anchor: AtomicI64 },
    /// Stands still until a test moves it.
    Manual { now: AtomicI64 },
}

impl Clock {
    /// A clock that starts at the wall's time.
    pub fn system() -> Self {
        let clock = Self(Arc::new(Inner::Running { anchor: AtomicI64::new(0) }));
        clock.set(Timestamp(wall()));
        clock
    }

    /// A clock that moves only when told to.
    pub fn manual(start: Timestamp) -> Self {
        Self(Arc::new(Inner::Manual { now: AtomicI64::new(start.0) }))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Inner::Running { anchor } => Timestamp(anchor.load(Ordering::Relaxed)).plus(uptime()),
            Inner::Manual { now } => Timestamp(now.load(Ordering::Relaxed)),
        }
    }

    /// What the wall shows; `None` for a clock that does not run.
    pub fn wall(&self) -> Option<Timestamp> {
        matches!(*self.0, Inner::Running { .. }).then(|| Timestamp(wall()))
    }

    /// Makes a running clock count from what the time was when the machine's own clock showed nought. A manual one stays.
    pub fn count_from(&self, start: Timestamp) {
        if let Inner::Running { anchor } = &*self.0 {
            anchor.store(start.0, Ordering::Relaxed);
        }
    }

    /// Sets a running clock by the wall again, so that the processes of a machine agree. A manual clock stays.
    pub fn follow_wall(&self) {
        if let Some(wall) = self.wall() {
            self.set(wall);
        }
    }

    /// Makes this clock, and every clone of it, show `now`.
    pub fn set(&self, now: Timestamp) {
        match &*self.0 {
            Inner::Running { anchor } => anchor.store(now.minus(uptime()).0, Ordering::Relaxed),
            Inner::Manual { now: shown } => shown.store(now.0, Ordering::Relaxed),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
fn wall() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, micros)
}

/// What the machine's own clock shows: the time since it was started, sleep included, the same in all of its processes.
#[cfg(target_os = "linux")]
pub fn uptime() -> Duration {
    use nix::time::{ClockId, clock_gettime};
    clock_gettime(ClockId::CLOCK_BOOTTIME).map_or_else(|_| since_first(), Duration::from)
}

/// What passes for the machine's own clock where there is none that processes share: each counts from when it first asked.
#[cfg(not(target_os = "linux"))]
pub fn uptime() -> Duration {
    since_first()
}

fn since_first() -> Duration {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_milliseconds_in_utc() {
        let cases = [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_779_429_934_221_000, "2026-05-22T06:05:34.221Z"),
            (1_779_429_934_221_999, "2026-05-22T06:05:34.221Z"),
        ];
        for (micros, expected) in cases {
            assert_eq!(Timestamp::from_micros(micros).to_string(), expected);
        }
    }

    #[test]
    fn a_manual_clock_moves_when_told() {
        let clock = Clock::manual(Timestamp::from_micros(5));
        let twin = clock.clone();
        twin.set(clock.now().plus(Duration::from_secs(1)));
        assert_eq!(clock.now().as_micros(), 1_000_005);
        assert_eq!(clock.now().since(Timestamp::from_micros(5)), Duration::from_secs(1));
    }
}
