//! Turns, strain and budgets in tables.

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn lane(next_start: i64, tail: i64, running: i64, crawl_delay: u64) -> Lane {
    Lane {
        crawl_delay: Duration::from_secs(crawl_delay),
        next_start: at(next_start),
        tail: at(tail),
        running,
        ..Lane::default()
    }
}

fn pace(delay: u64) -> Pace {
    let delay = Duration::from_secs(delay);
    Pace { delay, concurrency: 2, crawl_delay_cap: Duration::from_secs(30), daily: None }
}

#[test]
fn turns_are_a_delay_apart() {
    let mut lane = lane(0, 0, 0, 0);
    let turns: Vec<_> = (0..3).map(|_| lane.take_turn(&pace(1), at(100))).collect();
    assert_eq!(turns, [Turn::Run(at(100)), Turn::Wait, Turn::Wait]);
    assert_eq!([0; 3].map(|_| lane.stand_in_line(&pace(1), at(100))), [at(101), at(102), at(103)]);
    assert_eq!(lane.take_turn(&pace(1), at(101)), Turn::Run(at(101)));
    assert_eq!(lane.take_turn(&pace(1), at(101)), Turn::Wait);
    assert_eq!(lane.stand_in_line(&pace(1), at(101)), at(104), "those who came before come first");
}

#[test]
fn a_claim_that_comes_late_moves_the_turns_and_costs_nobody_his_place() {
    let millis = |millis: i64| Timestamp::from_micros(millis * 1_000);
    let mut lane = lane(0, 0, 0, 0);
    let pace = Pace { concurrency: 100, ..pace(1) };
    assert_eq!(lane.take_turn(&pace, millis(100_000)), Turn::Run(millis(100_000)));
    for (now, start) in [(101_040, 101_040), (102_010, 102_040), (103_001, 103_040), (104_100, 104_100)] {
        assert_eq!(lane.take_turn(&pace, millis(now)), Turn::Run(millis(start)), "{now}");
    }
    assert_eq!(lane.take_turn(&pace, millis(104_500)), Turn::Wait);
}

#[test]
fn a_backlog_after_a_pause_does_not_burst() {
    let mut lane = lane(10, 500, 0, 0);
    assert_eq!(lane.take_turn(&pace(1), at(1_000)), Turn::Run(at(1_000)));
    assert_eq!(lane.take_turn(&pace(1), at(1_000)), Turn::Wait);
}

#[test]
fn the_cap_holds_and_a_crawl_delay_stretches_up_to_its_own_cap() {
    let mut full = lane(0, 0, 2, 0);
    assert_eq!(full.take_turn(&pace(1), at(100)), Turn::Wait);
    assert_eq!(full.next_start, at(101), "a full host is not looked at again at once");
    let mut slow = lane(0, 0, 0, 10);
    assert_eq!(slow.take_turn(&pace(1), at(100)), Turn::Run(at(100)));
    assert_eq!(slow.take_turn(&pace(1), at(100)), Turn::Wait);
    let mut slower = lane(0, 0, 0, 3_600);
    assert_eq!(slower.take_turn(&pace(0), at(100)), Turn::Run(at(100)));
    assert_eq!(slower.take_turn(&pace(0), at(100)), Turn::Wait);
}

#[test]
fn a_resting_host_lets_nobody_pass_even_without_a_delay() {
    assert_eq!(lane(130, 0, 0, 0).take_turn(&pace(0), at(100)), Turn::Wait);
    assert_eq!(lane(130, 0, 0, 0).take_turn(&pace(0), at(130)), Turn::Run(at(130)));
}

#[test]
fn no_delay_means_no_limits() {
    let mut lane = lane(0, 0, 50, 0);
    assert_eq!(lane.take_turn(&pace(0), at(100)), Turn::Run(at(100)));
    assert_eq!(lane.take_turn(&pace(0), at(100)), Turn::Run(at(100)));
}

#[test]
fn strain_doubles_the_gap_once_a_gap_and_passes_with_time() {
    let (mut lane, pace) = (lane(0, 0, 0, 0), pace(1));
    let gaps = |lane: &Lane, now| lane.gap(&pace, at(now)).as_secs();
    lane.show_strain(&pace, at(100));
    assert_eq!((gaps(&lane, 100), lane.next_start), (2, at(102)));
    lane.show_strain(&pace, at(101));
    assert_eq!(gaps(&lane, 101), 2, "answers to requests that were under way say nothing new");
    for (now, expected) in [(102, 4), (106, 8), (114, 16), (130, 32), (162, 32), (194, 32)] {
        lane.show_strain(&pace, at(now));
        assert_eq!(gaps(&lane, now), expected, "at {now}");
    }
    assert_eq!([224, 254, 284, 314, 344, 10_000].map(|now| gaps(&lane, now)), [16, 8, 4, 2, 1, 1]);
}

#[test]
fn a_strained_host_has_a_gap_even_where_none_is_set() {
    let mut lane = lane(0, 0, 0, 0);
    lane.show_strain(&pace(0), at(100));
    assert_eq!(lane.gap(&pace(0), at(100)), Duration::from_millis(500));
    assert_eq!(lane.take_turn(&pace(0), at(100)), Turn::Wait);
}

#[test]
fn a_daily_budget_ends_at_midnight_utc() {
    const DAY: i64 = 24 * 3_600;
    let mut lane = lane(0, 0, 0, 0);
    let pace = Pace { daily: Some(2), concurrency: 100, ..pace(1) };
    assert_eq!(lane.take_turn(&pace, at(DAY)), Turn::Run(at(DAY)));
    assert_eq!(lane.reserve(&pace, at(DAY + 5)), at(DAY + 5), "a run that has begun goes on");
    assert_eq!((lane.take_turn(&pace, at(DAY + 9)), lane.next_start), (Turn::Wait, at(2 * DAY)));
    assert_eq!(lane.take_turn(&pace, at(2 * DAY - 1)), Turn::Wait);
    assert_eq!(lane.take_turn(&pace, at(2 * DAY)), Turn::Run(at(2 * DAY)));
    assert_eq!(lane.spent, 1);
    let mut unpaced = Lane { day: 1, spent: 2, ..Lane::default() };
    let pace = Pace { delay: Duration::ZERO, ..pace };
    assert_eq!(unpaced.take_turn(&pace, at(DAY)), Turn::Wait);
}

#[test]
fn a_connection_has_a_delay_of_its_own_and_no_rules_of_hosts() {
    let own = |own_delay| Lane { own_delay: Some(own_delay), ..lane(0, 0, 0, 9) };
    let pace = Pace { daily: Some(1), ..pace(5) };
    let mut limited = own(Duration::from_secs(2));
    let turns = [100, 101, 102, 104].map(|second| limited.take_turn(&pace, at(second)));
    assert_eq!(turns, [Turn::Run(at(100)), Turn::Wait, Turn::Run(at(102)), Turn::Wait], "two run at most");
    let mut free = own(Duration::ZERO);
    assert!((0..9).all(|_| free.take_turn(&pace, at(100)) == Turn::Run(at(100))));
    assert!(free.is_unlimited(&pace, at(100)));
}
