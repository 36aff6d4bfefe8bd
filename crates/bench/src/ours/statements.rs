//! What PostgreSQL was asked, as its own extension `pg_stat_statements` counts it.

use anyhow::{Context, Result, ensure};
use tokio_postgres::Client;

use crate::ground::Ground;
use crate::raw;

/// Counting costs, so that it is on in this one database only.
const ON: &str = "CREATE EXTENSION pg_stat_statements;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET pg_stat_statements.track = top', current_database()); END $$;
SET pg_stat_statements.track = none";

const OF_DATABASE: &str = "SELECT COALESCE(sum(calls), 0)::bigint FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// The statement that looks for ready jobs, as the counter shows it.
const CLAIM: &str = " AND query LIKE '%order_key >=%SKIP LOCKED%'";

/// Counts what a database is asked, beginning with connections that come after.
pub struct Watch(Client);

impl Watch {
    /// Begins to count. Fails where the server has not loaded the extension.
    pub async fn on(ground: &Ground) -> Result<Self> {
        let client = raw::postgres::connect(&ground.postgres()?).await?;
        let loaded: String = client.query_one("SHOW shared_preload_libraries", &[]).await?.get(0);
        ensure!(
            loaded.contains("pg_stat_statements"),
            "start the server with shared_preload_libraries=pg_stat_statements"
        );
        client.batch_execute(ON).await?;
        Ok(Self(client))
    }

    /// Forgets what was counted.
    pub async fn reset(&self) -> Result<()> {
        Ok(self.0.batch_execute("SELECT pg_stat_statements_reset()").await?)
    }

    /// How many statements there were, those that begin and end transactions with them.
    pub async fn statements(&self) -> Result<u32> {
        self.count(OF_DATABASE).await
    }

    /// How many of them looked for ready jobs.
    pub async fn claims(&self) -> Result<u32> {
        let claims = self.count(&format!("{OF_DATABASE}{CLAIM}")).await?;
        ensure!(claims > 0, "no claim was counted although jobs were run; the claim's statement looks otherwise now");
        Ok(claims)
    }

    async fn count(&self, query: &str) -> Result<u32> {
        let count: i64 = self.0.query_one(query, &[]).await?.get(0);
        u32::try_from(count).context("more statements than anybody can have sent")
    }
}
