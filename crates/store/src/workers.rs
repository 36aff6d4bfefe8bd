//! Working processes and their signs of life.

use model::{Timestamp, WorkerId};

use crate::backend::{Pools, Sql, Touched, run, statements};
use crate::jobs::outlook;
use crate::{Error, Outlook, Read, Store, Write};

statements! {
    // One statement is all that an idle worker sends, so it asks what lies ahead by the way, and the time.
    SEEN = Sql::split(
        concat!(
            "INSERT INTO workers (id, label, serves_all, started_at, seen_at) VALUES ($1, $2, $3, $4, $4)
             ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
             RETURNING ",
            outlook!(),
            ", (SELECT micros FROM anchors WHERE id = 1) AS clock"
        ),
        concat!(
            "INSERT INTO workers (id, label, serves_all, started_at, seen_at) VALUES ($1, $2, $3, $4, $4)
             ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
             RETURNING ",
            outlook!(),
            ", CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT) AS clock"
        ),
    );
    LEAVE = Sql::same("DELETE FROM workers WHERE id = $1");
    LAST_SEEN = Sql::same("SELECT MAX(seen_at) FROM workers WHERE serves_all");
}

impl Read {
    /// When a worker that takes any document last gave a sign of life.
    pub async fn worker_seen(&mut self) -> Result<Option<Timestamp>, Error> {
        let (seen,): (Option<i64>,) = run!(&mut self.tx, query_as::<(Option<i64>,)>(LAST_SEEN), [], fetch_one)?;
        Ok(seen.map(Timestamp::from_micros))
    }
}

/// What a heartbeat is answered.
#[derive(sqlx::FromRow)]
struct Pulse {
    #[sqlx(flatten)]
    outlook: Outlook,
    clock: Option<i64>,
}

impl Store {
    /// Notes a sign of life, and whether the worker takes any document. Sets the clock by the one that all processes share, and
    /// says what lies ahead.
    pub async fn worker_is_alive(&self, worker: WorkerId, label: &str, serves_all: bool) -> Result<Outlook, Error> {
        let mut tx = self.pools.stroke().await?;
        let binds = (worker.to_string(), self.now().as_micros());
        let pulse: Pulse = run!(&mut tx, query_as::<Pulse>(SEEN), [&binds.0, label, serves_all, binds.1], fetch_one)?;
        tx.commit().await?;
        match (&self.pools, pulse.clock.map(Timestamp::from_micros)) {
            (Pools::Postgres(_), Some(clock)) => self.clock.set(clock),
            (Pools::Sqlite { .. }, Some(anchor)) => self.clock.count_from(anchor),
            (_, None) => self.clock.follow_wall(),
        }
        Ok(pulse.outlook)
    }
}

impl Write {
    /// Notes that a worker has stopped.
    pub async fn worker_left(&mut self, worker: WorkerId) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(LEAVE), [worker.to_string()], execute)?;
        Ok(())
    }
}
