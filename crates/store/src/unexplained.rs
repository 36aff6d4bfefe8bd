//! The watchdog: live jobs that stand against the rules, so that nobody could say why they wait. There should be none, ever.

use std::time::Duration;

use model::Timestamp;
use model::waiting::WORKER_SILENCE;

use crate::backend::{Sql, run, statements};
use crate::{Error, Read};

/// How many jobs there are of each kind that must not be. Each count stops at a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Unexplained {
    /// Their lease ran out more than two leases ago, and no worker took them over though one is alive.
    pub abandoned: i64,
    /// Ready for a quarter of an hour and among the first, with a worker that has room, and paused by nobody.
    pub ready: i64,
    /// Their time came a quarter of an hour ago, with a worker that has room.
    pub overdue: i64,
    /// The turn of their host came a quarter of an hour ago, with a worker that has room, and paused by nobody.
    pub turn_not_taken: i64,
    /// In line at a host that has no line.
    pub no_line: i64,
    /// Held, and nothing is paused.
    pub no_pause: i64,
    /// Put off and due among the next, and the reason is lost.
    pub no_reason: i64,
}

/// How long a job that may start can stay where it is.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// A worker is alive and has room when nothing runs, or when it has begun something since the instant in question.
macro_rules! room_since {
    ($instant:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM workers WHERE serves_all AND seen_at > $3)
             AND (NOT EXISTS (SELECT 1 FROM jobs WHERE state = 'running')
                  OR EXISTS (SELECT 1 FROM jobs newer WHERE newer.state = 'running' AND newer.started_at > ",
            $instant,
            " + 900000000))"
        )
    };
}

macro_rules! not_paused {
    ($workspace:literal, $lane:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM pauses p WHERE p.kind = 'workspace' AND p.name = ",
            $workspace,
            ") AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.kind = 'lane' AND p.name = ",
            $lane,
            ")"
        )
    };
}

statements! {
    // Each part reads an index of its own and no more than it must: the first of the ready, the lines and the workspaces one by
    // one, however many jobs stand behind them.
    UNEXPLAINED = Sql::same(concat!(
        "WITH RECURSIVE lines(lane) AS (
             SELECT (SELECT lane FROM jobs WHERE state = 'in_line' ORDER BY lane LIMIT 1)
             UNION ALL
             SELECT (SELECT j.lane FROM jobs j WHERE j.state = 'in_line' AND j.lane > lines.lane ORDER BY j.lane LIMIT 1) FROM lines
             WHERE lines.lane IS NOT NULL),
         held(workspace_id) AS (
             SELECT (SELECT workspace_id FROM jobs WHERE state = 'held' ORDER BY workspace_id LIMIT 1)
             UNION ALL
             SELECT (SELECT j.workspace_id FROM jobs j WHERE j.state = 'held' AND j.workspace_id > held.workspace_id
                     ORDER BY j.workspace_id LIMIT 1)
             FROM held WHERE held.workspace_id IS NOT NULL)
         SELECT
         (SELECT COUNT(*) FROM (
              SELECT 1 AS one FROM jobs WHERE state = 'running' AND lease_until < $1 LIMIT 1000) few
          WHERE EXISTS (SELECT 1 FROM workers WHERE serves_all AND seen_at > $3)) AS abandoned,
         (SELECT COUNT(*) FROM (
              SELECT workspace_id, lane, since FROM jobs WHERE state = 'ready' ORDER BY order_key, id LIMIT 1000) few
          WHERE few.since < $2 AND ", room_since!("few.since"), " AND ", not_paused!("few.workspace_id", "few.lane"), ") AS ready,
         (SELECT COUNT(*) FROM (
              SELECT run_at FROM jobs WHERE state = 'delayed' AND run_at < $2 ORDER BY run_at LIMIT 1000) few
          WHERE ", room_since!("few.run_at"), ") AS overdue,
         (SELECT COUNT(*) FROM (
              SELECT l.next_start, (SELECT j.workspace_id FROM jobs j WHERE j.state = 'in_line' AND j.lane = l.name
                                    ORDER BY j.line_key, j.id LIMIT 1) AS workspace_id, l.name
              FROM lanes l WHERE l.has_line AND l.next_start < $2 ORDER BY l.next_start LIMIT 1000) few
          WHERE few.workspace_id IS NOT NULL AND ", room_since!("few.next_start"), "
            AND ", not_paused!("few.workspace_id", "few.name"), ") AS turn_not_taken,
         (SELECT COUNT(*) FROM (
              SELECT 1 AS one FROM (
                  SELECT lane FROM lines WHERE NOT EXISTS (SELECT 1 FROM lanes l WHERE l.name = lines.lane AND l.has_line)) odd
              CROSS JOIN jobs j WHERE j.state = 'in_line' AND j.lane = odd.lane LIMIT 1000) few) AS no_line,
         (SELECT COUNT(*) FROM (
              SELECT 1 AS one FROM (
                  SELECT workspace_id FROM held WHERE NOT EXISTS (
                      SELECT 1 FROM pauses p WHERE p.kind = 'workspace' AND p.name = held.workspace_id)) free
              CROSS JOIN jobs j WHERE j.state = 'held' AND j.workspace_id = free.workspace_id AND NOT EXISTS (
                      SELECT 1 FROM pauses p WHERE p.kind = 'lane' AND p.name = j.lane) LIMIT 1000) few) AS no_pause,
         (SELECT COUNT(*) FROM (
              SELECT wait_code, wait_text FROM jobs WHERE state = 'delayed' ORDER BY run_at LIMIT 1000) few
          WHERE few.wait_code IS NULL OR few.wait_text IS NULL) AS no_reason"
    ));
}

impl Unexplained {
    /// How many in all.
    pub fn total(&self) -> i64 {
        self.kinds().iter().map(|(_, jobs)| jobs).sum()
    }

    /// Each kind with its name.
    pub fn kinds(&self) -> [(&'static str, i64); 7] {
        [
            ("abandoned", self.abandoned),
            ("ready", self.ready),
            ("overdue", self.overdue),
            ("turn_not_taken", self.turn_not_taken),
            ("no_line", self.no_line),
            ("no_pause", self.no_pause),
            ("no_reason", self.no_reason),
        ]
    }
}

impl Read {
    /// What nobody could explain at `now`, where workers hold jobs for `lease`.
    pub async fn unexplained(&mut self, lease: Duration, now: Timestamp) -> Result<Unexplained, Error> {
        let abandoned = now.minus(lease * 2).as_micros();
        let (waiting, silent) = (now.minus(LONGEST_WAIT).as_micros(), now.minus(WORKER_SILENCE).as_micros());
        Ok(run!(&mut self.tx, query_as::<Unexplained>(UNEXPLAINED), [abandoned, waiting, silent], fetch_one)?)
    }
}
