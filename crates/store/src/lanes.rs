//! Lanes: one turn-taking line per host, shared by every worker of every process.

use std::time::Duration;

use model::Timestamp;
use serde_json::json;

use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::enqueue::rows;
use crate::{Error, Write};

/// How fast one host may be asked. A delay of zero, where robots.txt asks for none, switches both limits off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The least time between the starts of two requests.
    pub delay: Duration,
    /// The most documents of one host that run at once.
    pub concurrency: i64,
    /// The most that a Crawl-delay in robots.txt can stretch the delay to.
    pub crawl_delay_cap: Duration,
}

impl Pace {
    fn delay_of(&self, crawl_delay: i64) -> Duration {
        let asked = Duration::from_micros(u64::try_from(crawl_delay).unwrap_or(0));
        self.delay.max(asked.min(self.crawl_delay_cap))
    }
}

/// How long before its time a turn may be given out, up to half the delay. A claim comes some milliseconds after the turn it
/// is for, and every later turn moves by those; a job that had to come back for them would lose its place in the line.
const EARLY: Duration = Duration::from_millis(500);

/// A lane as it is inside a claim.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Lane {
    pub(crate) name: String,
    crawl_delay: i64,
    next_start: i64,
    tail: i64,
    running: i64,
}

/// What a claimed job may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Run, and start the first request then: at once or in a moment.
    Run(Timestamp),
    /// Wait in line until then.
    Wait(Timestamp),
}

impl Lane {
    /// Gives out the next turn if it has come, else a place at the end of the line.
    pub(crate) fn take_turn(&mut self, pace: &Pace, now: Timestamp) -> Turn {
        let delay = pace.delay_of(self.crawl_delay);
        let held = self.next_start > now.as_micros();
        if delay.is_zero() && !held {
            return Turn::Run(now);
        }
        let full = self.running >= pace.concurrency;
        let start = now.max(Timestamp::from_micros(self.next_start));
        if start.since(now) <= EARLY.min(delay / 2) && !full {
            self.running += 1;
            self.next_start = start.plus(delay).as_micros();
            return Turn::Run(start);
        }
        let earliest = if full { now.plus(delay).as_micros() } else { self.next_start };
        let turn = Timestamp::from_micros(self.tail.max(earliest));
        self.tail = turn.plus(delay).as_micros();
        Turn::Wait(turn)
    }

    /// Why a job of this lane waits.
    pub(crate) fn reason(&self, pace: &Pace) -> String {
        let delay = pace.delay_of(self.crawl_delay).as_secs_f64();
        format!("{} takes one request every {delay} s; the next turn has not come", self.name)
    }
}

statements! {
    OPEN = over_rows!(
        "INSERT INTO lanes (name, next_start, tail) SELECT r.value ->> 0, 0, 0 FROM",
        "WHERE TRUE ON CONFLICT (name) DO NOTHING"
    );
    LOOK = Sql::split(
        "SELECT l.name, l.crawl_delay, l.next_start, l.tail,
                (SELECT COUNT(*) FROM jobs j WHERE j.lane = l.name AND j.state = 'running') AS running
         FROM lanes l WHERE l.name IN (SELECT r.value ->> 0 FROM json_each($1) AS r) ORDER BY l.name",
        // Locked in one order, so that two claims cannot lock each other out.
        "SELECT l.name, l.crawl_delay, l.next_start, l.tail,
                (SELECT COUNT(*) FROM jobs j WHERE j.lane = l.name AND j.state = 'running') AS running
         FROM lanes l WHERE l.name IN (SELECT r.value ->> 0 FROM json_array_elements(CAST($1 AS json)) AS r(value))
         ORDER BY l.name FOR UPDATE OF l",
    );
    MOVE = over_rows!(
        "UPDATE lanes SET next_start = CAST(r.value ->> 1 AS BIGINT), tail = CAST(r.value ->> 2 AS BIGINT) FROM",
        "WHERE lanes.name = r.value ->> 0"
    );
    SLOW = Sql::same("UPDATE lanes SET crawl_delay = $2 WHERE name = $1");
}

impl Write {
    /// The lanes of those names, made where missing, and locked until the transaction ends.
    pub(crate) async fn lanes(&mut self, names: &[&str]) -> Result<Vec<Lane>, Error> {
        let names = rows(names.iter().map(|name| json!([name])));
        let _: Touched = run!(&mut self.tx, query(OPEN), [&names], execute)?;
        Ok(run!(&mut self.tx, query_as::<Lane>(LOOK), [&names], fetch_all)?)
    }

    pub(crate) async fn move_lanes<'a>(&mut self, lanes: impl Iterator<Item = &'a Lane>) -> Result<(), Error> {
        let lanes = rows(lanes.map(|lane| json!([lane.name, lane.next_start, lane.tail])));
        let _: Touched = run!(&mut self.tx, query(MOVE), [&lanes], execute)?;
        Ok(())
    }

    /// Takes the next turn of a host for one more request of a running job, and says when that is.
    pub async fn reserve_turn(&mut self, lane: &str, pace: &Pace, now: Timestamp) -> Result<Timestamp, Error> {
        let mut lanes = self.lanes(&[lane]).await?;
        let Some(lane) = lanes.first_mut() else { return Ok(now) };
        let turn = Timestamp::from_micros(lane.next_start).max(now);
        lane.next_start = turn.plus(pace.delay_of(lane.crawl_delay)).as_micros();
        self.move_lanes(lanes.iter()).await?;
        Ok(turn)
    }

    /// Lets nobody ask a host before `until`, because it asked for that.
    pub async fn hold_lane(&mut self, lane: &str, until: Timestamp) -> Result<(), Error> {
        let mut lanes = self.lanes(&[lane]).await?;
        for lane in &mut lanes {
            lane.next_start = lane.next_start.max(until.as_micros());
        }
        self.move_lanes(lanes.iter()).await
    }

    /// Keeps the Crawl-delay that a host's robots.txt asks for; zero when it asks for none.
    pub async fn set_crawl_delay(&mut self, lane: &str, delay: Duration) -> Result<(), Error> {
        self.lanes(&[lane]).await?;
        let micros = i64::try_from(delay.as_micros()).unwrap_or(i64::MAX);
        let _: Touched = run!(&mut self.tx, query(SLOW), [lane, micros], execute)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn lane(next_start: i64, tail: i64, running: i64, crawl_delay: i64) -> Lane {
        let micros = |seconds: i64| at(seconds).as_micros();
        Lane {
            name: "host".into(),
            crawl_delay: micros(crawl_delay),
            next_start: micros(next_start),
            tail: micros(tail),
            running,
        }
    }

    fn pace(delay: u64) -> Pace {
        Pace { delay: Duration::from_secs(delay), concurrency: 2, crawl_delay_cap: Duration::from_secs(30) }
    }

    #[test]
    fn turns_are_a_delay_apart_and_the_line_is_never_jumped() {
        let mut lane = lane(0, 0, 0, 0);
        let turns: Vec<_> = (0..4).map(|_| lane.take_turn(&pace(1), at(100))).collect();
        assert_eq!(turns, [Turn::Run(at(100)), Turn::Wait(at(101)), Turn::Wait(at(102)), Turn::Wait(at(103))]);
        assert_eq!(lane.take_turn(&pace(1), at(101)), Turn::Run(at(101)));
        assert_eq!(lane.take_turn(&pace(1), at(101)), Turn::Wait(at(104)));
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
        assert_eq!(lane.take_turn(&pace, millis(104_500)), Turn::Wait(millis(105_100)));
    }

    #[test]
    fn a_backlog_after_a_pause_does_not_burst() {
        let mut lane = lane(10, 500, 0, 0);
        assert_eq!(lane.take_turn(&pace(1), at(1_000)), Turn::Run(at(1_000)));
        assert_eq!(lane.take_turn(&pace(1), at(1_000)), Turn::Wait(at(1_001)));
    }

    #[test]
    fn the_cap_holds_and_a_crawl_delay_stretches_up_to_its_own_cap() {
        assert_eq!(lane(0, 0, 2, 0).take_turn(&pace(1), at(100)), Turn::Wait(at(101)));
        let mut slow = lane(0, 0, 0, 10);
        assert_eq!(slow.take_turn(&pace(1), at(100)), Turn::Run(at(100)));
        assert_eq!(slow.take_turn(&pace(1), at(100)), Turn::Wait(at(110)));
        let mut slower = lane(0, 0, 0, 3_600);
        assert_eq!(slower.take_turn(&pace(0), at(100)), Turn::Run(at(100)));
        assert_eq!(slower.take_turn(&pace(0), at(100)), Turn::Wait(at(130)));
    }

    #[test]
    fn a_held_lane_lets_nobody_pass_even_without_a_delay() {
        assert_eq!(lane(130, 0, 0, 0).take_turn(&pace(0), at(100)), Turn::Wait(at(130)));
        assert_eq!(lane(130, 0, 0, 0).take_turn(&pace(0), at(130)), Turn::Run(at(130)));
    }

    #[test]
    fn no_delay_means_no_limits() {
        let mut lane = lane(0, 0, 50, 0);
        assert_eq!(lane.take_turn(&pace(0), at(100)), Turn::Run(at(100)));
        assert_eq!(lane.take_turn(&pace(0), at(100)), Turn::Run(at(100)));
    }
}
