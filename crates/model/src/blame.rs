//! Whose fault it may be that a process died with jobs in hand. Pure.
//!
//! A crash has one cause, and nobody saw it. So all that was in hand is suspected, and only what was suspected most loses its
//! attempt: that is everything at a first crash, and what was there both times at a second. What was there twice is a
//! suspect, and no process has two of them in hand; a third crash beside it is its own.

/// From here on a job is a suspect.
pub const SUSPECT: i64 = 2;

/// What a crash means for one of the jobs that were in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blame {
    /// Whether it loses the attempt. Otherwise it gets another one for it.
    pub counts: bool,
    /// How much it is suspected from now on.
    pub suspicion: i64,
}

/// Blames a job for the crash of its process, where the most suspected one there had `most`; `left` attempts would remain.
pub fn blame(suspicion: i64, most: i64, left: i64) -> Blame {
    let counts = suspicion >= most;
    // Nobody is given up for a crash in company, so the last attempt is taken as a suspect.
    let is_last = left + i64::from(!counts) <= 1;
    let raised = suspicion.saturating_add(1);
    Blame { counts, suspicion: if is_last { raised.max(SUSPECT) } else { raised } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_suspected_pay() {
        let cases = [
            // Suspicion, the most there, attempts left: does it count, and what follows.
            (0, 0, 4, true, 1),
            (1, 1, 3, true, 2),
            (2, 2, 2, true, 3),
            (0, 1, 4, false, 1),
            (0, 2, 4, false, 1),
            (1, 2, 3, false, 2),
            // The next attempt is the last.
            (0, 0, 1, true, SUSPECT),
            (0, 1, 0, false, SUSPECT),
            (3, 3, 1, true, 4),
        ];
        for (suspicion, most, left, counts, next) in cases {
            assert_eq!(blame(suspicion, most, left), Blame { counts, suspicion: next }, "{suspicion} {most} {left}");
        }
    }

    #[derive(Clone, Copy)]
    struct Page {
        suspicion: i64,
        used: i64,
        allowed: i64,
    }

    fn dies(page: &mut Page, most: i64) -> bool {
        let blame = blame(page.suspicion, most, page.allowed - page.used - 1);
        page.suspicion = blame.suspicion;
        page.used += 1;
        page.allowed += i64::from(!blame.counts);
        blame.counts
    }

    /// One page ends every process that fetches it, among others that do not.
    #[test]
    fn a_poisoned_page_is_given_up_after_exactly_its_attempts_and_its_neighbours_are_not() {
        for allowed in 2..=7 {
            let fresh = Page { suspicion: 0, used: 0, allowed };
            let (mut poison, mut others, mut deaths) = (fresh, Vec::new(), 0);
            while poison.used < poison.allowed {
                others.extend([fresh; 3]);
                let is_alone = poison.suspicion >= SUSPECT;
                let most = others.iter().filter(|other| !is_alone || other.suspicion < SUSPECT);
                let most = most.map(|other| other.suspicion).fold(poison.suspicion, i64::max);
                for other in others.iter_mut().filter(|other| !is_alone || other.suspicion < SUSPECT) {
                    dies(other, most);
                    assert!(other.used < other.allowed, "a good page was given up");
                }
                assert!(dies(&mut poison, most), "its own crash was laid on another");
                deaths += 1;
            }
            assert_eq!(deaths, allowed);
        }
    }
}
