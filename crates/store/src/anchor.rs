//! One clock for all processes. PostgreSQL has one. With SQLite it is that of the machine, which nobody can set, counted from
//! an anchor in the database; the time of day is asked when the anchor is dropped, and not while anybody works by it.

use model::Timestamp;
use model::time::uptime;
use model::waiting::WORKER_SILENCE;

use crate::backend::{Pools, Sql, Touched, run, statements};
use crate::{Error, Read, Store};

/// Names the running system. A new one starts its clock at nought.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";
/// The time of day is believed to have been set when it is ahead by more than this.
const AHEAD: std::time::Duration = std::time::Duration::from_secs(2);

statements! {
    NOW = Sql::split(
        "SELECT NULL",
        "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
    );
    ANCHOR = Sql::same(
        "SELECT (SELECT boot FROM anchors WHERE id = 1), (SELECT micros FROM anchors WHERE id = 1),
                (SELECT set_at FROM anchors WHERE id = 1), (SELECT MAX(seen_at) FROM workers),
                EXISTS (SELECT 1 FROM jobs WHERE state = 'running')"
    );
    DROP_ANCHOR = Sql::same(
        "INSERT INTO anchors (id, boot, micros, set_at) VALUES (1, $1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET boot = excluded.boot, micros = excluded.micros, set_at = excluded.set_at"
    );
}

/// What is known of the anchor, and of who works by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Known {
    anchor: Option<Anchor>,
    seen: Option<Timestamp>,
    is_running: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Anchor {
    boot: String,
    /// What the time was when the machine's own clock showed nought.
    start: Timestamp,
    set_at: Timestamp,
}

impl Known {
    /// The time at which the machine's own clock showed nought, from now on: as it was while the machine runs on and somebody
    /// works, else by the wall. No time comes a second time.
    fn start(&self, boot: &str, own: std::time::Duration, wall: Timestamp) -> Timestamp {
        let Some(anchor) = &self.anchor else { return self.seen.map_or(wall, |seen| seen.max(wall)).minus(own) };
        if anchor.boot != boot {
            return self.seen.map_or(wall, |seen| seen.max(wall)).max(anchor.set_at).minus(own);
        }
        let now = anchor.start.plus(own);
        let works = self.is_running || self.seen.is_some_and(|seen| now.since(seen) <= WORKER_SILENCE);
        if works || wall.since(now) <= AHEAD { anchor.start } else { wall.minus(own) }
    }
}

impl Store {
    /// Sets the clock by the one that all processes share.
    pub async fn follow_clock(&self) -> Result<(), Error> {
        if let Pools::Postgres(_) = self.pools {
            let mut tx = self.pools.glance().await?;
            let (micros,): (i64,) = run!(&mut tx, query_as::<(i64,)>(NOW), [], fetch_one)?;
            self.clock.set(Timestamp::from_micros(micros));
            return Ok(());
        }
        let Some(wall) = self.clock.wall() else { return Ok(()) };
        let Ok(boot) = tokio::fs::read_to_string(BOOT_ID).await else {
            self.clock.follow_wall();
            return Ok(());
        };
        let boot = boot.trim();
        let start = |known: &Known| known.start(boot, uptime(), wall);
        let known = self.glance().await?.known_anchor().await?;
        if let Some(anchor) = known.anchor.as_ref().filter(|anchor| anchor.boot == boot)
            && start(&known) == anchor.start
        {
            self.clock.count_from(anchor.start);
            return Ok(());
        }
        // Two that open at the same time count from the same anchor.
        let mut write = self.write().await?;
        let start = start(&write.known_anchor().await?);
        let binds = (start.as_micros(), start.plus(uptime()).as_micros());
        let _: Touched = run!(&mut write.tx, query(DROP_ANCHOR), [boot, binds.0, binds.1], execute)?;
        write.commit().await?;
        self.clock.count_from(start);
        Ok(())
    }
}

/// Boot, start and instant of the anchor; the last sign of life, and whether anything runs.
type Row = (Option<String>, Option<i64>, Option<i64>, Option<i64>, bool);

impl Read {
    async fn known_anchor(&mut self) -> Result<Known, Error> {
        let (boot, start, set_at, seen, is_running): Row = run!(&mut self.tx, query_as::<Row>(ANCHOR), [], fetch_one)?;
        let at = Timestamp::from_micros;
        let anchor = boot.zip(start).zip(set_at);
        let anchor = anchor.map(|((boot, start), set_at)| Anchor { boot, start: at(start), set_at: at(set_at) });
        Ok(Known { anchor, seen: seen.map(at), is_running })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn known(seen: Option<i64>, is_running: bool) -> Known {
        let anchor = Anchor { boot: "a".to_owned(), start: at(1_000), set_at: at(1_500) };
        Known { anchor: Some(anchor), seen: seen.map(at), is_running }
    }

    /// The time that somebody who opens is shown, 1,000 s after the machine was started.
    fn shown(known: &Known, boot: &str, wall: i64) -> Timestamp {
        let own = Duration::from_secs(1_000);
        known.start(boot, own, at(wall)).plus(own)
    }

    #[test]
    fn the_time_of_day_counts_only_where_nobody_works_by_another() {
        let cases = [
            // Seen, running, boot, wall, shown.
            (None, false, "a", 2_000, 2_000),
            (None, false, "a", 5_600, 5_600),
            (None, false, "a", 500, 2_000),
            (Some(1_990), false, "a", 5_600, 2_000),
            (Some(1_960), false, "a", 5_600, 5_600),
            (Some(1_960), true, "a", 5_600, 2_000),
            // After a start of the machine.
            (Some(2_100), true, "b", 9_000, 9_000),
            (Some(2_100), true, "b", 100, 2_100),
            (None, false, "b", 100, 1_500),
        ];
        for (seen, is_running, boot, wall, expected) in cases {
            assert_eq!(
                shown(&known(seen, is_running), boot, wall),
                at(expected),
                "{seen:?} {is_running} {boot} {wall}"
            );
        }
        assert_eq!(shown(&Known::default(), "a", 700), at(700));
        let upgraded = Known { seen: Some(at(900)), ..Known::default() };
        assert_eq!(shown(&upgraded, "a", 700), at(900));
    }
}
