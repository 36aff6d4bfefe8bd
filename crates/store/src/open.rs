//! Opening: pools, pragmas, versions and migrations.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use model::Clock;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgConnection, PgPool, SqlitePool};

use crate::backend::Pools;
use crate::bell::Bell;
use crate::group::Writer;
use crate::shares::Shares;
use crate::{Blobs, Error, Store, Target};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// 3.51.3 mended the WAL-reset corruption bug.
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);
/// PostgreSQL 15.
const POSTGRES_FLOOR: i64 = 150_000;
const SQLITE_READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 20;
/// In KiB, as SQLite counts with a minus sign: the writer keeps the pages of its indexes at hand.
const WRITER_CACHE: &str = "-65536";
/// The log is folded into the file every 16 MiB.
const CHECKPOINT_PAGES: &str = "4000";
/// How long a transaction may be left open without a word. Nothing slow happens in one; a process that froze or lost its line
/// would keep everybody waiting for what it has locked.
const LONGEST_SILENCE: &str = "2s";
/// How many rows the driver's thread may be ahead of us: waking each other for every few costs more than the rows do.
const ROWS_AHEAD: usize = 4_096;
/// Every statement here is a walk along indexes, and stays one whatever the statistics say: right after a bulk insert they say
/// nothing, and a plan that reads a table whole would freeze the queue just then.
pub(crate) const PLANS: [(&str, &str); 6] = [
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("enable_bitmapscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("jit", "off"),
];
/// How long a caller waits for a connection or a lock before it hears that the database is busy.
const READY_WITHIN: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(20);

impl Store {
    /// Opens the database, makes it where there is none, and brings its schema up to date.
    pub async fn open(target: &Target, data: &Path, clock: Clock) -> Result<Self, Error> {
        let blobs = Blobs::open(data).await?;
        let pools = match target {
            Target::Sqlite(path) => open_sqlite(path).await?,
            Target::Postgres(url) => Pools::Postgres(open_postgres(url).await?),
        };
        let (bell, shares) = (Bell::new(pools.clone(), data), Shares::new(pools.clone()));
        let (desks, keyring, low_key, tally, vault, syncs) = Default::default();
        let store = Self { pools, blobs, clock, bell, desks, keyring, low_key, shares, tally, vault, syncs };
        store.follow_clock().await?;
        Ok(store)
    }

    /// Whether the database answers, and soon: whoever asks wants to know now.
    pub async fn ready(&self) -> Result<(), Error> {
        let answer = tokio::time::timeout(READY_WITHIN, self.answers()).await;
        answer.unwrap_or(Err(Error::Busy(sqlx::Error::PoolTimedOut)))
    }

    async fn answers(&self) -> Result<(), Error> {
        match &self.pools {
            Pools::Sqlite { reader, .. } => {
                sqlx::query("SELECT 1 FROM workspaces LIMIT 1").execute(reader).await?.rows_affected()
            }
            Pools::Postgres(pool) => {
                sqlx::query("SELECT 1 FROM workspaces LIMIT 1").execute(pool).await?.rows_affected()
            }
        };
        Ok(())
    }

    /// Closes every connection; SQLite's log is folded into its file.
    pub async fn close(&self) {
        if let Err(error) = self.shares.write_down().await {
            tracing::debug!(%error, "shares could not be written down");
        }
        match &self.pools {
            Pools::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(path: &Path) -> Result<Pools, Error> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        tokio::fs::create_dir_all(folder).await.map_err(Error::at(folder))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous())
        .foreign_keys(true)
        .row_buffer_size(ROWS_AHEAD)
        .statement_cache_capacity(512)
        .busy_timeout(PATIENCE);
    let lock = lock_beside(path).await?;
    let writing = options.clone().pragma("cache_size", WRITER_CACHE).pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(writing)
        .await?;
    assert_sqlite_version(&writer).await?;
    SQLITE_MIGRATIONS.run(&writer).await.map_err(schema)?;
    let reader = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .connect_with(options.pragma("query_only", "ON"))
        .await?;
    drop(lock);
    Ok(Pools::Sqlite { writer: Writer::new(writer), reader })
}

/// Each commit is on the disk before it is reported.
fn synchronous() -> SqliteSynchronous {
    if model::faults::is_on("fsync.off") { SqliteSynchronous::Off } else { SqliteSynchronous::Full }
}

async fn assert_sqlite_version(pool: &SqlitePool) -> Result<(), Error> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    let found = (next(), next(), next());
    if found < SQLITE_FLOOR {
        return Err(Error::Schema(format!("SQLite {version} is linked, 3.51.3 or later is needed")));
    }
    Ok(())
}

/// Two processes may start on one new folder. Switching to WAL does not wait for others, and migrations must not meet:
/// a lock beside the file lets one open after the other.
async fn lock_beside(path: &Path) -> Result<std::fs::File, Error> {
    let path = path.with_extension("lock");
    let locking = tokio::task::spawn_blocking(move || {
        let opened = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        opened.and_then(|file| file.lock().map(|()| file)).map_err(Error::at(&path))
    });
    locking.await.map_err(std::io::Error::other)?
}

async fn open_postgres(url: &str) -> Result<PgPool, Error> {
    // The driver's own words may quote the URL, so they are left out.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| Error::Schema("the database URL is not a valid PostgreSQL URL".to_owned()))?
        .application_name("gleaner")
        .options(PLANS)
        .options([("idle_in_transaction_session_timeout", LONGEST_SILENCE)]);
    // The pool would knock for as long as it is patient; at the start a wrong address should be told at once.
    PgConnection::connect_with(&options).await?.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        // A ping before each use costs a third of the throughput; `begin` finds a dead connection as well.
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    let version: i64 =
        sqlx::query_scalar("SELECT CAST(current_setting('server_version_num') AS BIGINT)").fetch_one(&pool).await?;
    if version < POSTGRES_FLOOR {
        return Err(Error::Schema(format!("PostgreSQL {} is too old, 15 or later is needed", version / 10_000)));
    }
    POSTGRES_MIGRATIONS.run(&pool).await.map_err(schema)?;
    Ok(pool)
}

fn schema(error: MigrateError) -> Error {
    match error {
        MigrateError::Execute(error) => error.into(),
        MigrateError::VersionMissing(version) => Error::Schema(format!(
            "migration {version} was applied by a newer version of Gleaner; run that version, or restore a backup"
        )),
        other => Error::Schema(other.to_string()),
    }
}
