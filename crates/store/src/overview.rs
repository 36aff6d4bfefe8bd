//! The queue in numbers, for people and their monitors.

use model::job::JobState;
use model::waiting::WORKER_SILENCE;
use model::{Priority, Timestamp, WorkspaceId};

use crate::backend::{Pools, Sql, run, statements};
use crate::columns::word;
use crate::pauses::Pause;
use crate::{Error, Read, Store, pauses};

/// The live jobs of one state and priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveCount {
    /// Their state.
    pub state: JobState,
    /// Their priority.
    pub priority: Priority,
    /// How many there are.
    pub jobs: i64,
    /// When the first of them was queued.
    pub oldest: Timestamp,
    /// Since when the first of them is in this state.
    pub since: Timestamp,
}

/// The connections to the database of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUse {
    /// How many are at work.
    pub busy: u32,
    /// How many are open and wait for work.
    pub idle: u32,
}

statements! {
    COUNTS = Sql::same(
        "SELECT state, priority, COUNT(*), MIN(created_at), MIN(since) FROM jobs
         WHERE CAST($1 AS TEXT) IS NULL OR workspace_id = $1 GROUP BY state, priority"
    );
    // Nobody hears of a pause at a host where it has nothing waiting: hosts tell about others.
    OVER = Sql::same(
        "SELECT kind, name, reason, since FROM pauses p
         WHERE NOT ending AND (
             (kind = 'workspace' AND name = $1) OR (kind = 'lane' AND EXISTS (
                 SELECT 1 FROM jobs j WHERE j.state = 'held' AND j.lane = p.name AND j.workspace_id = $1)))
         ORDER BY kind DESC, name"
    );
    ALIVE = Sql::same("SELECT COUNT(*) FROM workers WHERE serves_all AND seen_at > $1");
    // A line that has emptied is noticed when its next turn comes.
    LINES = Sql::same(
        "SELECT COUNT(*) FROM lanes l
         WHERE l.has_line AND EXISTS (SELECT 1 FROM jobs j WHERE j.state = 'in_line' AND j.lane = l.name)"
    );
}

impl Read {
    /// How many live jobs there are, of a workspace or of all. It looks at each of them.
    pub async fn live_counts(&mut self, workspace: Option<WorkspaceId>) -> Result<Vec<LiveCount>, Error> {
        type Row = (String, String, i64, i64, i64);
        let workspace = workspace.map(|workspace| workspace.to_string());
        let rows: Vec<Row> = run!(&mut self.tx, query_as::<Row>(COUNTS), [&workspace], fetch_all)?;
        let counts = rows.into_iter().map(|(state, priority, jobs, oldest, since)| {
            Ok(LiveCount {
                state: word(&state)?,
                priority: word(&priority)?,
                jobs,
                oldest: Timestamp::from_micros(oldest),
                since: Timestamp::from_micros(since),
            })
        });
        counts.collect()
    }

    /// The pauses that a workspace feels: its own, and those of hosts where its jobs are held.
    pub async fn pauses_over(&mut self, workspace: WorkspaceId) -> Result<Vec<Pause>, Error> {
        let rows: Vec<pauses::Row> =
            run!(&mut self.tx, query_as::<pauses::Row>(OVER), [workspace.to_string()], fetch_all)?;
        rows.into_iter().map(pauses::pause).collect()
    }

    /// How many workers that take any document have given a sign of life of late.
    pub async fn workers_alive(&mut self, now: Timestamp) -> Result<i64, Error> {
        let since = now.minus(WORKER_SILENCE).as_micros();
        let (alive,): (i64,) = run!(&mut self.tx, query_as::<(i64,)>(ALIVE), [since], fetch_one)?;
        Ok(alive)
    }

    /// How many hosts have jobs waiting for their turn.
    pub async fn lines(&mut self) -> Result<i64, Error> {
        let (lines,): (i64,) = run!(&mut self.tx, query_as::<(i64,)>(LINES), [], fetch_one)?;
        Ok(lines)
    }
}

impl Store {
    /// How busy the connections to the database are; with SQLite those that read.
    pub fn pool_use(&self) -> PoolUse {
        let (open, idle) = match &self.pools {
            Pools::Sqlite { reader, .. } => (reader.size(), reader.num_idle()),
            Pools::Postgres(pool) => (pool.size(), pool.num_idle()),
        };
        let idle = u32::try_from(idle).unwrap_or(open).min(open);
        PoolUse { busy: open - idle, idle }
    }
}
