//! Working processes and their signs of life.

use model::{Timestamp, WorkerId};

use crate::backend::{Sql, Touched, run, statements};
use crate::{Error, Read, Write};

statements! {
    SEEN = Sql::same(
        "INSERT INTO workers (id, label, started_at, seen_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
    );
    LEAVE = Sql::same("DELETE FROM workers WHERE id = $1");
    LAST_SEEN = Sql::same("SELECT MAX(seen_at) FROM workers");
}

impl Read {
    /// When any worker last gave a sign of life.
    pub async fn worker_seen(&mut self) -> Result<Option<Timestamp>, Error> {
        let (seen,): (Option<i64>,) = run!(&mut self.tx, query_as::<(Option<i64>,)>(LAST_SEEN), [], fetch_one)?;
        Ok(seen.map(Timestamp::from_micros))
    }
}

impl Write {
    /// Notes a sign of life.
    pub async fn worker_is_alive(&mut self, worker: WorkerId, label: &str, now: Timestamp) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(SEEN), [worker.to_string(), label, now.as_micros()], execute)?;
        Ok(())
    }

    /// Notes that a worker has stopped.
    pub async fn worker_left(&mut self, worker: WorkerId) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(LEAVE), [worker.to_string()], execute)?;
        Ok(())
    }
}
