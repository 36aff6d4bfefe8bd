//! The state machine of jobs in SQL: every statement that changes a job's state, and nothing else does.
//!
//! `model::job::JobState` draws it. Each statement names the state that it leaves, so that a move from anywhere else
//! touches nothing. Only what runs has an owner. Where jobs are named one by one, the state is asked for in a way that no index
//! of one state serves: PostgreSQL, which does not know how many are in it, might walk through all of them for each name.

use model::{Timestamp, WorkerId};

use crate::backend::{Sql, Touched, over_named, run, statements};
use crate::{Error, Write};

/// The place at the front of those that are ready. `MIN` would do, but PostgreSQL, which does not know how many are ready, may
/// read them all to find the smallest; the first in order is one step in the index, whatever it knows.
macro_rules! front {
    () => {
        "order_key = CASE WHEN order_key < front.at THEN front.at ELSE order_key END"
    };
    (from) => {
        "(SELECT COALESCE((SELECT order_key FROM jobs WHERE state = 'ready' ORDER BY order_key LIMIT 1),
                          (SELECT MAX(last_key) FROM shares), 0) AS at) AS front"
    };
}

/// Takes up again some of those that were laid aside for what `$column` names.
macro_rules! release {
    ($column:literal, $limit:literal, $lock:literal) => {
        concat!(
            "UPDATE jobs SET state = 'ready', since = $2, wait_code = NULL, ",
            front!(),
            " FROM ",
            front!(from),
            " WHERE id IN (SELECT id FROM jobs WHERE state = 'held' AND ",
            $column,
            " = $1 LIMIT ",
            $limit,
            $lock,
            ")"
        )
    };
}

/// For a PostgreSQL statement with a list `told` of `[job, attempt, worker, document, how it ended or "again", error or reason,
/// code of the wait, until, how much of the attempt to take back, attempts to add, suspicion]`: those that the worker's attempt holds leave the hot table,
/// or are delayed.
macro_rules! ended_or_put_off {
    (fence) => {
        "j.id = ANY (ARRAY[t.said ->> 0]) AND j.attempt = CAST(t.said ->> 1 AS BIGINT) AND j.owner = t.said ->> 2
         AND j.document_id || '' = t.document"
    };
    () => {
        concat!(
            "ended AS (
    DELETE FROM jobs j USING told t WHERE ",
            $crate::moves::ended_or_put_off!(fence),
            " AND t.said ->> 4 <> 'again'
    RETURNING j.id, j.workspace_id, j.document_id, j.attempt, j.created_at, j.started_at, t.revision, t.linked, t.gone_since, t.said
), put_off AS (
    UPDATE jobs j
    SET state = 'delayed', run_at = CAST(t.said ->> 7 AS BIGINT), since = $2, wait_code = t.said ->> 6,
        wait_text = t.said ->> 5, attempt = j.attempt - CAST(t.said ->> 8 AS BIGINT),
        max_attempts = j.max_attempts + CAST(t.said ->> 9 AS BIGINT),
        suspicion = COALESCE(CAST(t.said ->> 10 AS BIGINT), j.suspicion), owner = NULL, lease_until = NULL
    FROM told t WHERE ",
            $crate::moves::ended_or_put_off!(fence),
            " AND t.said ->> 4 = 'again' RETURNING j.id, t.said
)"
        )
    };
}
pub(crate) use ended_or_put_off;

statements! {
    // Jobs that come back go to the front, but not before it: a smaller key would set the time back that new ones start from.
    PROMOTE = Sql::split(
        concat!(
            "UPDATE jobs SET state = 'ready', since = run_at, ", front!(),
            " FROM ", front!(from), " WHERE state = 'delayed' AND run_at <= $1"
        ),
        concat!(
            "UPDATE jobs SET state = 'ready', since = run_at, ", front!(),
            " FROM ", front!(from), " WHERE id IN (
                 SELECT id FROM jobs WHERE state = 'delayed' AND run_at <= $1
                 ORDER BY run_at LIMIT 1000 FOR UPDATE SKIP LOCKED)"
        ),
    );
    GRANT = over_named!(
        "UPDATE jobs SET state = 'running', owner = $2, lease_until = $3, attempt = attempt + 1, since = $4,
                started_at = $4, wait_code = NULL, wait_text = NULL
         FROM",
        "",
        "jobs.id",
        "AND jobs.state IN ('ready', 'in_line')"
    );
    LINE_UP = over_named!(
        "UPDATE jobs SET state = 'in_line', run_at = CAST(r.value ->> 1 AS BIGINT), since = $2, wait_code = 'host',
                wait_text = NULL, line_key = CAST(r.value ->> 2 AS BIGINT)
         FROM",
        "",
        "jobs.id",
        "AND jobs.state || '' = 'ready'"
    );
    HOLD = over_named!(
        "UPDATE jobs SET state = 'held', since = $2, wait_code = 'paused', wait_text = NULL FROM",
        "",
        "jobs.id",
        "AND jobs.state IN ('ready', 'in_line')
           AND EXISTS (SELECT 1 FROM pauses p WHERE NOT p.ending
                       AND ((p.kind = 'workspace' AND p.name = jobs.workspace_id) OR (p.kind = 'lane' AND p.name = jobs.lane)))"
    );
    // A pause that ends meanwhile must find what was laid aside for it.
    KEEP_PAUSES = Sql::split(
        "SELECT kind FROM pauses WHERE NOT ending",
        "SELECT kind FROM pauses WHERE NOT ending FOR SHARE",
    );
    // Who cancels takes jobs in another order: one of the two must not wait for a job while it holds others.
    RELEASE_WORKSPACE = Sql::split(
        release!("workspace_id", "1000", ""),
        release!("workspace_id", "1000", " FOR UPDATE SKIP LOCKED"),
    );
    RELEASE_LANE = Sql::split(release!("lane", "1000", ""), release!("lane", "1000", " FOR UPDATE SKIP LOCKED"));
    RELEASE_ONE_OF_WORKSPACE =
        Sql::split(release!("workspace_id", "1", ""), release!("workspace_id", "1", " FOR UPDATE"));
    RELEASE_ONE_OF_LANE = Sql::split(release!("lane", "1", ""), release!("lane", "1", " FOR UPDATE"));
    PUT_OFF = over_named!(
        "UPDATE jobs SET state = 'delayed', run_at = CAST(r.value ->> 1 AS BIGINT), since = $2, wait_code = r.value ->> 2,
                wait_text = r.value ->> 3, attempt = attempt - CAST(r.value ->> 4 AS BIGINT),
                max_attempts = max_attempts + CAST(r.value ->> 5 AS BIGINT),
                suspicion = COALESCE(CAST(r.value ->> 6 AS BIGINT), suspicion), owner = NULL, lease_until = NULL
         FROM",
        "",
        "jobs.id",
        "AND jobs.owner IS NOT NULL"
    );
    REMEMBER = over_named!(
        "INSERT INTO job_history (workspace_id, id, document_id, ended, error, attempts, created_at, started_at, finished_at)
         SELECT j.workspace_id, j.id, j.document_id, r.value ->> 1, r.value ->> 2, j.attempt, j.created_at, j.started_at, $2
         FROM",
        "CROSS JOIN jobs j",
        "j.id",
        ""
    );
    REMOVE = Sql::split(
        "DELETE FROM jobs WHERE id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)",
        "DELETE FROM jobs USING jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) WHERE jobs.id = ANY (ARRAY[r.value ->> 0])",
    );
}

impl Write {
    /// Makes delayed jobs ready whose time has come.
    pub(crate) async fn promote(&mut self, now: Timestamp) -> Result<u64, Error> {
        let promoted: Touched = run!(&mut self.tx, query(PROMOTE), [now.as_micros()], execute)?;
        Ok(promoted.0)
    }

    /// Gives jobs to a worker, for as long as the lease lasts.
    pub(crate) async fn grant(
        &mut self,
        jobs: &str,
        worker: WorkerId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let binds = (worker.to_string(), until.as_micros(), now.as_micros());
        let _: Touched = run!(&mut self.tx, query(GRANT), [jobs, &binds.0, binds.1, binds.2], execute)?;
        Ok(())
    }

    /// Lets jobs stand in the line of their host: `[job, about when their turn is, key in line]`.
    pub(crate) async fn line_up(&mut self, jobs: &str, now: Timestamp) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(LINE_UP), [jobs, now.as_micros()], execute)?;
        Ok(())
    }

    /// Lays jobs aside that are paused.
    pub(crate) async fn hold(&mut self, jobs: &str, now: Timestamp) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(KEEP_PAUSES), [], execute)?;
        let _: Touched = run!(&mut self.tx, query(HOLD), [jobs, now.as_micros()], execute)?;
        Ok(())
    }

    /// Takes up some of the jobs again that a pause of that kind laid aside, and says how many.
    pub(crate) async fn release(&mut self, lane: bool, name: &str, now: Timestamp) -> Result<u64, Error> {
        let (free, one) =
            if lane { (RELEASE_LANE, RELEASE_ONE_OF_LANE) } else { (RELEASE_WORKSPACE, RELEASE_ONE_OF_WORKSPACE) };
        let released: Touched = run!(&mut self.tx, query(free), [name, now.as_micros()], execute)?;
        if released.0 > 0 {
            return Ok(released.0);
        }
        // Those that are left, if any, somebody else holds at the moment.
        let released: Touched = run!(&mut self.tx, query(one), [name, now.as_micros()], execute)?;
        Ok(released.0)
    }

    /// Delays running jobs: `[job, until, code, reason, how much of the attempt to take back, attempts to add, suspicion]`.
    pub(crate) async fn put_off(&mut self, jobs: &str, now: Timestamp) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(PUT_OFF), [jobs, now.as_micros()], execute)?;
        Ok(())
    }

    /// Moves jobs out of the hot table: `[job, how it ended, error]`.
    pub(crate) async fn end(&mut self, jobs: &str, now: Timestamp) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(REMEMBER), [jobs, now.as_micros()], execute)?;
        let _: Touched = run!(&mut self.tx, query(REMOVE), [jobs], execute)?;
        Ok(())
    }
}
