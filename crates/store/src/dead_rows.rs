//! Dead rows of the hot table: whoever works clears them away, sooner than the database's own housekeeping comes around.

use crate::backend::Pools;
use crate::{Error, Store};

/// Known to PostgreSQL alone. Who is at it already is not disturbed, and the file keeps its length: cutting it needs a lock.
const CLEAR: &str = "VACUUM (SKIP_LOCKED, TRUNCATE false) jobs";

impl Store {
    /// Clears them away. PostgreSQL looks around once a minute by itself; at a thousand jobs a second a claim would wade through
    /// sixty thousand dead rows by then. SQLite leaves none.
    pub async fn clear_dead_rows(&self) -> Result<(), Error> {
        if let Pools::Postgres(pool) = &self.pools {
            sqlx::raw_sql(CLEAR).execute(pool).await?;
        }
        Ok(())
    }
}
