//! Working processes and their signs of life.

use model::{Timestamp, WorkerId};

use crate::backend::{Sql, Touched, run, statements};
use crate::{Error, Read, Write};

statements! {
    SEEN = Sql::same(
        "INSERT INTO workers (id, label, serves_all, started_at, seen_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
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

impl Write {
    /// Notes a sign of life, and whether the worker takes any document.
    pub async fn worker_is_alive(
        &mut self,
        worker: WorkerId,
        label: &str,
        serves_all: bool,
        now: Timestamp,
    ) -> Result<(), Error> {
        let binds = (worker.to_string(), now.as_micros());
        let _: Touched = run!(&mut self.tx, query(SEEN), [&binds.0, label, serves_all, binds.1], execute)?;
        Ok(())
    }

    /// Notes that a worker has stopped.
    pub async fn worker_left(&mut self, worker: WorkerId) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(LEAVE), [worker.to_string()], execute)?;
        Ok(())
    }
}
