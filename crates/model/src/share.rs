//! Fair shares by virtual time: each job gets its key at enqueue, and the smallest key is served first. Pure.

use crate::word::words;

words!(
    /// How urgent a job is. Within a workspace each priority has a line of its own, so that one does not wait for the other.
    Priority {
        /// Few pages, named by a caller that waits for them.
        Interactive = "interactive",
        /// Many pages in one call.
        Bulk = "bulk",
        /// A refresh by the calendar.
        Scheduled = "scheduled",
    }
);

/// What a job costs a workspace of weight 1, in virtual time.
pub const COST: i64 = 1_000_000;
/// The largest weight.
pub const MOST_WEIGHT: i64 = 1_000;
/// The most pages of one call that count as interactive.
const FEW: usize = 100;
/// Scheduled jobs get a quarter of the turns while others wait; they always get that.
const SCHEDULED_COST: i64 = 4;

impl Priority {
    /// The priority of a call that names so many pages.
    pub const fn of_call(pages: usize) -> Self {
        if pages <= FEW { Self::Interactive } else { Self::Bulk }
    }

    /// What a job costs a workspace of weight 1.
    pub const fn cost(self) -> i64 {
        match self {
            Self::Interactive | Self::Bulk => COST,
            Self::Scheduled => COST * SCHEDULED_COST,
        }
    }
}

/// The virtual time that one job takes.
pub fn cost(priority: Priority, weight: i64) -> i64 {
    priority.cost() / weight.clamp(1, MOST_WEIGHT)
}

/// The last of the keys for `jobs` more jobs of a share that stands at `last`, while the queue serves `served`. The first of
/// them is one cost after the later of the two: nobody is served for the time it was away.
pub fn last_key(last: i64, served: i64, jobs: i64, cost: i64) -> i64 {
    last.max(served).saturating_add(jobs.saturating_mul(cost))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_and_priorities_divide_the_turns() {
        let cases = [
            (Priority::Interactive, 1, COST),
            (Priority::Bulk, 4, COST / 4),
            (Priority::Scheduled, 1, COST * 4),
            (Priority::Bulk, 0, COST),
            (Priority::Bulk, 1_000_000, COST / MOST_WEIGHT),
        ];
        for (priority, weight, expected) in cases {
            assert_eq!(cost(priority, weight), expected, "{priority} {weight}");
        }
        assert_eq!((Priority::of_call(100), Priority::of_call(101)), (Priority::Interactive, Priority::Bulk));
    }

    #[test]
    fn keys_go_on_where_the_share_or_the_queue_stands() {
        assert_eq!(last_key(0, 50, 2, 10), 70);
        assert_eq!(last_key(90, 50, 2, 10), 110);
        assert_eq!(last_key(i64::MAX, 0, 5, 10), i64::MAX);
    }
}
