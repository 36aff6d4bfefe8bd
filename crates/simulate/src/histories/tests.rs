//! Ten thousand histories keep every rule, and each rule that is broken on purpose is noticed.

use super::*;

#[test]
fn ten_thousand_histories_keep_every_rule() {
    let walked = walk(1, 10_000, None, |_| {}).unwrap_or_else(|broken| panic!("{broken:?}"));
    assert!(walked.repeats > 1_000 && walked.refused > 100, "crashes and late workers are rare: {walked:?}");
}

#[test]
fn a_history_goes_the_same_way_again() {
    let events = |seed| {
        let mut walked = Walked::default();
        one(seed, Some(9), None, &mut walked).unwrap();
        (walked.events, walked.grants)
    };
    assert_eq!((1..30).map(events).collect::<Vec<_>>(), (1..30).map(events).collect::<Vec<_>>());
}

#[test]
fn a_broken_rule_is_noticed() {
    for (fault, expected) in CONTROLS {
        let broken = walk(1, 10_000, Some(fault), |_| {}).expect_err("a broken rule went unnoticed");
        assert!(broken.why.contains(expected), "{fault:?}: {broken:?}");
    }
}
