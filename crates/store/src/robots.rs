//! What robots.txt said, kept for every process and across restarts.

use model::Timestamp;

use crate::backend::{Sql, Touched, run, statements};
use crate::{Error, Read, Write};

/// A stored robots.txt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRobots {
    /// Its text; empty where there is none, which allows everything.
    pub body: String,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

statements! {
    BY_ORIGIN = Sql::same("SELECT body, expires_at FROM robots WHERE origin = $1");
    SAVE = Sql::same(
        "INSERT INTO robots (origin, body, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (origin) DO UPDATE SET body = excluded.body, expires_at = excluded.expires_at"
    );
}

impl Read {
    /// The stored robots.txt of an origin, fresh or not.
    pub async fn robots(&mut self, origin: &str) -> Result<Option<StoredRobots>, Error> {
        let row: Option<(String, i64)> =
            run!(&mut self.tx, query_as::<(String, i64)>(BY_ORIGIN), [origin], fetch_optional)?;
        Ok(row.map(|(body, expires_at)| StoredRobots { body, expires_at: Timestamp::from_micros(expires_at) }))
    }
}

impl Write {
    /// Keeps what an origin's robots.txt said.
    pub async fn save_robots(&mut self, origin: &str, robots: &StoredRobots) -> Result<(), Error> {
        let binds = (&robots.body, robots.expires_at.as_micros());
        let _: Touched = run!(&mut self.tx, query(SAVE), [origin, binds.0, binds.1], execute)?;
        Ok(())
    }
}
