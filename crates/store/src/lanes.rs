//! Lanes: one turn-taking line per host, shared by every worker of every process. `model::lane` has the rules.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

use model::{Lane, Pace, Timestamp, Turn};
use serde_json::json;

use crate::backend::{Sql, Touched, Tx, over_rows, run, statements};
use crate::rows::rows;
use crate::{Error, Write};

/// A claim looks at twice as many lines as it wants jobs, and at no fewer than this.
const FEWEST_LINES: i64 = 16;

/// The lanes among some names on SQLite, where one transaction writes at a time.
macro_rules! all_ours {
    () => {
        "SELECT l.name, TRUE FROM lanes l WHERE l.name IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)"
    };
}

statements! {
    DUE = Sql::same("SELECT name FROM lanes WHERE has_line AND next_start <= $1 ORDER BY next_start LIMIT $2");
    // Locked in one order, so that no two can lock each other out.
    LOCK = Sql::split(
        all_ours!(),
        "SELECT l.name, TRUE FROM lanes l
         WHERE l.name IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))
         ORDER BY l.name FOR UPDATE OF l",
    );
    // A claim passes by what somebody else has in hand: should that one freeze, all others would stand still with it.
    TRY_LOCK = Sql::split(
        all_ours!(),
        "WITH wanted AS (SELECT r.value ->> 0 AS name FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value)),
              ours AS (SELECT l.name FROM lanes l WHERE l.name IN (SELECT name FROM wanted) FOR UPDATE OF l SKIP LOCKED)
         SELECT l.name, l.name IN (SELECT name FROM ours) FROM lanes l WHERE l.name IN (SELECT name FROM wanted)",
    );
    OPEN = over_rows!(
        "INSERT INTO lanes (name, next_start, tail) SELECT r.value ->> 0, 0, 0 FROM",
        "WHERE TRUE ON CONFLICT (name) DO NOTHING"
    );
    // After the lock, in a statement of its own: what runs must be counted as it is now, not as it was when the wait began.
    LOOK = over_rows!(
        "SELECT l.name, l.own_delay, l.crawl_delay, l.next_start, l.tail, l.strain, l.strained_at, l.day, l.spent, l.has_line, l.served_key,
                (SELECT COUNT(*) FROM jobs j WHERE j.lane = l.name AND j.state = 'running') AS running
         FROM",
        "JOIN lanes l ON l.name = r.value ->> 0"
    );
    // The pace of a connection's lane, whatever is known of it already.
    PACE = Sql::same(
        "INSERT INTO lanes (name, next_start, tail, own_delay) VALUES ($1, 0, 0, $2)
         ON CONFLICT (name) DO UPDATE SET own_delay = excluded.own_delay"
    );
    KEEP = over_rows!(
        "UPDATE lanes SET crawl_delay = CAST(r.value ->> 1 AS BIGINT), next_start = CAST(r.value ->> 2 AS BIGINT),
                tail = CAST(r.value ->> 3 AS BIGINT), strain = CAST(r.value ->> 4 AS BIGINT),
                strained_at = CAST(r.value ->> 5 AS BIGINT), day = CAST(r.value ->> 6 AS BIGINT),
                spent = CAST(r.value ->> 7 AS BIGINT), has_line = CAST(r.value ->> 8 AS BIGINT) = 1,
                gap = CAST(r.value ->> 9 AS BIGINT), served_key = CAST(r.value ->> 10 AS BIGINT)
         FROM",
        "WHERE lanes.name = r.value ->> 0"
    );
}

#[derive(sqlx::FromRow)]
struct LaneRow {
    name: String,
    own_delay: Option<i64>,
    crawl_delay: i64,
    next_start: i64,
    tail: i64,
    strain: i64,
    strained_at: i64,
    day: i64,
    spent: i64,
    has_line: bool,
    served_key: i64,
    running: i64,
}

/// Lanes inside a transaction. Those that exist are locked, by this transaction or by another one.
#[derive(Debug, Default)]
pub(crate) struct Lanes(BTreeMap<String, Entry>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Entry {
    lane: Lane,
    line: LineState,
    /// Another transaction has it locked: what is known of it may be over already, and must not be written.
    is_foreign: bool,
    /// As it was read; `None` where there was nothing to read.
    before: Option<(Lane, LineState)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct LineState {
    /// Whether anybody may stand in it.
    is_open: bool,
    /// The key of the job that went last.
    served: i64,
}

impl Lanes {
    /// Gives out the next turn if it has come; `None` where somebody else is about to.
    pub(crate) fn take_turn(&mut self, lane: &str, pace: &Pace, now: Timestamp) -> Option<Turn> {
        let entry = self.entry(lane);
        (!entry.is_out_of_reach(pace, now)).then(|| entry.lane.take_turn(pace, now))
    }

    /// The lanes whose turns somebody else is about to give out.
    pub(crate) fn out_of_reach(&self, pace: &Pace, now: Timestamp) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(_, entry)| entry.is_out_of_reach(pace, now)).map(|(name, _)| name.as_str())
    }

    pub(crate) fn has(&self, lane: &str) -> bool {
        self.0.contains_key(lane)
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Puts one more job in line, and says about when its turn is.
    pub(crate) fn stand_in_line(&mut self, lane: &str, pace: &Pace, now: Timestamp) -> Timestamp {
        let entry = self.entry(lane);
        entry.line.is_open = true;
        entry.lane.stand_in_line(pace, now)
    }

    /// Notes which job went from the line.
    pub(crate) fn serve(&mut self, lane: &str, key: i64) {
        let state = &mut self.entry(lane).line;
        state.served = state.served.max(key);
    }

    /// The key in line of the job that went last.
    pub(crate) fn served(&self, lane: &str) -> i64 {
        self.0.get(lane).map_or(0, |entry| entry.line.served)
    }

    /// The lanes whose line may move.
    pub(crate) fn with_a_turn(&self, pace: &Pace, now: Timestamp) -> impl Iterator<Item = &str> {
        let soon = now.plus(pace.early());
        let moves = move |(_, entry): &(&String, &Entry)| {
            entry.line.is_open && !entry.is_foreign && entry.lane.next_start <= soon
        };
        self.0.iter().filter(moves).map(|(name, _)| name.as_str())
    }

    /// Notes that those lines that might have moved have nobody in them.
    pub(crate) fn forget_empty_lines(&mut self, with_head: &HashSet<&str>, pace: &Pace, now: Timestamp) {
        let empty = |name: &&str| !with_head.contains(name);
        let empty: Vec<String> = self.with_a_turn(pace, now).filter(empty).map(str::to_owned).collect();
        for name in empty {
            let entry = self.entry(&name);
            entry.line = LineState::default();
            entry.lane.tail = Timestamp::default();
        }
    }

    fn entry(&mut self, lane: &str) -> &mut Entry {
        self.0.entry(lane.to_owned()).or_default()
    }
}

impl Entry {
    /// Where nothing is limited, nobody need know of anybody.
    fn is_out_of_reach(&self, pace: &Pace, now: Timestamp) -> bool {
        self.is_foreign && !self.lane.is_unlimited(pace, now)
    }
}

/// A lane as it is now, by a list that names it alone; `None` where there is none.
pub(crate) async fn look(tx: &mut Tx, named: &str) -> Result<Option<Lane>, Error> {
    let found: Option<LaneRow> = run!(tx, query_as::<LaneRow>(LOOK), [named], fetch_optional)?;
    Ok(found.map(|row| row.entry(false).1.lane))
}

/// Makes the lanes of a list that are not there.
pub(crate) async fn open(tx: &mut Tx, named: &str) -> Result<(), Error> {
    let _: Touched = run!(tx, query(OPEN), [named], execute)?;
    Ok(())
}

impl Write {
    /// The lanes of those names, and those whose line may move.
    pub(crate) async fn lanes_for_claim(
        &mut self,
        mut names: BTreeSet<String>,
        limit: i64,
        pace: &Pace,
        now: Timestamp,
    ) -> Result<Lanes, Error> {
        let soon = now.plus(pace.early()).as_micros();
        let due: Vec<(String,)> = run!(
            &mut self.tx,
            query_as::<(String,)>(DUE),
            [soon, limit.saturating_mul(2).max(FEWEST_LINES)],
            fetch_all
        )?;
        names.extend(due.into_iter().map(|(name,)| name));
        self.free_lanes(&names, pace).await
    }

    /// Lanes, of which some may be in somebody else's hands.
    pub(crate) async fn free_lanes(&mut self, names: &BTreeSet<String>, pace: &Pace) -> Result<Lanes, Error> {
        // Where nothing is limited, a lane that does not exist need not.
        self.lanes(names, &TRY_LOCK, !pace.is_off()).await
    }

    async fn lanes(&mut self, names: &BTreeSet<String>, lock: &Sql, open: bool) -> Result<Lanes, Error> {
        if names.is_empty() {
            return Ok(Lanes::default());
        }
        let rows = rows(names.iter().map(|name| json!([name])));
        let mut there: Vec<(String, bool)> = run!(&mut self.tx, query_as::<(String, bool)>(lock), [&rows], fetch_all)?;
        if open && there.len() < names.len() {
            let _: Touched = run!(&mut self.tx, query(OPEN), [&rows], execute)?;
            there = run!(&mut self.tx, query_as::<(String, bool)>(lock), [&rows], fetch_all)?;
        }
        if there.is_empty() {
            return Ok(Lanes::default());
        }
        let ours: HashSet<String> = there.into_iter().filter(|(_, is_ours)| *is_ours).map(|(name, _)| name).collect();
        let found: Vec<LaneRow> = run!(&mut self.tx, query_as::<LaneRow>(LOOK), [&rows], fetch_all)?;
        let entry = |row: LaneRow| {
            let is_foreign = !ours.contains(&row.name);
            row.entry(is_foreign)
        };
        Ok(Lanes(found.into_iter().map(entry).collect()))
    }

    /// Writes down the lanes that have changed. One that has no row has no limits either, and needs none.
    pub(crate) async fn keep_lanes(&mut self, lanes: &Lanes, pace: &Pace, now: Timestamp) -> Result<(), Error> {
        let changed = |entry: &Entry| {
            !entry.is_foreign
                && entry.before.as_ref().is_some_and(|(lane, line)| *lane != entry.lane || *line != entry.line)
        };
        let changed: Vec<_> = lanes
            .0
            .iter()
            .filter(|(_, entry)| changed(entry))
            .map(|(name, entry)| {
                let (fields, gap) = (fields(&entry.lane), micros(entry.lane.gap(pace, now)));
                let [delay, next, tail, strain, strained_at, day, spent] = fields;
                let is_open = i64::from(entry.line.is_open);
                json!([name, delay, next, tail, strain, strained_at, day, spent, is_open, gap, entry.line.served])
            })
            .collect();
        if !changed.is_empty() {
            let _: Touched = run!(&mut self.tx, query(KEEP), [&rows(changed.into_iter())], execute)?;
        }
        Ok(())
    }

    /// Gives a lane a delay of its own.
    pub(crate) async fn set_own_delay(&mut self, lane: &str, delay: Duration) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(PACE), [lane, micros(delay)], execute)?;
        Ok(())
    }

    /// Takes the next turn of a host for one more request of a running job, and says when that is.
    pub async fn reserve_turn(&mut self, lane: &str, pace: &Pace, now: Timestamp) -> Result<Timestamp, Error> {
        self.at_lane(lane, pace, now, |lane| lane.reserve(pace, now)).await
    }

    /// Lets nobody ask a host before `until`, because it asked for that.
    pub async fn hold_lane(&mut self, lane: &str, until: Timestamp, pace: &Pace, now: Timestamp) -> Result<(), Error> {
        self.at_lane(lane, pace, now, |lane| lane.rest(until)).await
    }

    /// Notes that a host suffers, so that it is asked less often for a while.
    pub async fn strain_lane(&mut self, lane: &str, pace: &Pace, now: Timestamp) -> Result<(), Error> {
        self.at_lane(lane, pace, now, |lane| lane.show_strain(pace, now)).await
    }

    /// Keeps the Crawl-delay that a host's robots.txt asks for; zero when it asks for none.
    pub async fn set_crawl_delay(
        &mut self,
        lane: &str,
        delay: Duration,
        pace: &Pace,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.at_lane(lane, pace, now, |lane| lane.crawl_delay = delay).await
    }

    pub(crate) async fn at_lane<T>(
        &mut self,
        name: &str,
        pace: &Pace,
        now: Timestamp,
        change: impl FnOnce(&mut Lane) -> T + Send,
    ) -> Result<T, Error> {
        let mut lanes = self.lanes(&BTreeSet::from([name.to_owned()]), &LOCK, true).await?;
        let changed = change(&mut lanes.entry(name).lane);
        self.keep_lanes(&lanes, pace, now).await?;
        Ok(changed)
    }
}

impl LaneRow {
    fn entry(self, is_foreign: bool) -> (String, Entry) {
        let lane = Lane {
            own_delay: self.own_delay.map(duration),
            crawl_delay: duration(self.crawl_delay),
            next_start: Timestamp::from_micros(self.next_start),
            tail: Timestamp::from_micros(self.tail),
            running: self.running,
            strain: self.strain,
            strained_at: Timestamp::from_micros(self.strained_at),
            day: self.day,
            spent: self.spent,
        };
        let state = LineState { is_open: self.has_line, served: self.served_key };
        let before = Some((lane.clone(), state));
        (self.name, Entry { lane, line: state, is_foreign, before })
    }
}

/// What is kept of a lane, in the order of the columns.
pub(crate) fn fields(lane: &Lane) -> [i64; 7] {
    let (next_start, tail) = (lane.next_start.as_micros(), lane.tail.as_micros());
    let strained_at = lane.strained_at.as_micros();
    [micros(lane.crawl_delay), next_start, tail, lane.strain, strained_at, lane.day, lane.spent]
}

fn duration(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
