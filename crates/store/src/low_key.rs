//! Where the ready jobs begin. While an old snapshot is held somewhere, PostgreSQL cannot clear away the jobs that are gone,
//! and every search would wade through them; then it starts where the last one found something.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A claim that takes longer is slow.
const SLOW: Duration = Duration::from_millis(8);
/// How long a search may leave out what is before. A job that comes back there waits no longer than that.
const TRUSTED: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(crate) struct LowKey(Mutex<Option<(i64, Instant)>>);

impl LowKey {
    /// The key from which to search.
    pub(crate) fn now(&self) -> i64 {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.take_if(|(_, until)| *until < Instant::now());
        known.map_or(i64::MIN, |(key, _)| key)
    }

    /// Learns from a claim where the first ready job was.
    pub(crate) fn learn(&self, first: Option<i64>, started: Instant) {
        let (Some(first), true) = (first, started.elapsed() > SLOW) else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = known.map_or_else(|| Instant::now() + TRUSTED, |(_, until)| until);
        *known = Some((first, until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slow_search_says_where_to_begin() {
        let low_key = LowKey::default();
        low_key.learn(Some(5), Instant::now());
        assert_eq!(low_key.now(), i64::MIN, "a quick search has nothing to skip");
        let Some(long_ago) = Instant::now().checked_sub(2 * SLOW) else { panic!("the machine has just started") };
        low_key.learn(None, long_ago);
        assert_eq!(low_key.now(), i64::MIN, "nothing was found");
        low_key.learn(Some(5), long_ago);
        low_key.learn(Some(9), long_ago);
        assert_eq!(low_key.now(), 9);
    }
}
