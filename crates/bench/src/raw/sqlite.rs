//! Bare SQLite: one writing connection, prepared statements, the same durability as ours.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;

use super::RESULT;
use crate::load::{Crew, Work};
use crate::pages;

const SCHEMA: &str = "
PRAGMA journal_mode = WAL;
CREATE TABLE documents (
    id         BLOB    NOT NULL PRIMARY KEY,
    workspace  INTEGER NOT NULL,
    url        TEXT    NOT NULL,
    status     INTEGER NOT NULL DEFAULT 0,
    result     TEXT,
    updated_at INTEGER NOT NULL,
    UNIQUE (workspace, url)
);
CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY,
    document    BLOB    NOT NULL,
    workspace   INTEGER NOT NULL,
    state       INTEGER NOT NULL DEFAULT 0,
    attempt     INTEGER NOT NULL DEFAULT 0,
    owner       BLOB,
    lease_until INTEGER,
    created_at  INTEGER NOT NULL
);
CREATE INDEX jobs_ready ON jobs (id) WHERE state = 0;
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 1;
CREATE UNIQUE INDEX jobs_in_flight ON jobs (document) WHERE state IN (0, 1);
";

const DOCUMENT: &str = "INSERT INTO documents (id, workspace, url, updated_at) VALUES (?1, 1, ?2, ?3)
     ON CONFLICT (workspace, url) DO UPDATE SET updated_at = excluded.updated_at RETURNING id";
const JOB: &str = "INSERT INTO jobs (document, workspace, created_at) VALUES (?1, 1, ?2) ON CONFLICT DO NOTHING";
const NEXT: &str = "SELECT id, document FROM jobs WHERE state = 0 ORDER BY id LIMIT 100";
const LEASE: &str = "UPDATE jobs SET state = 1, owner = ?2, lease_until = ?3, attempt = attempt + 1 WHERE id = ?1";
const SHOW: &str = "UPDATE documents SET status = 1, updated_at = ?2 WHERE id = ?1";
const REMOVE: &str = "DELETE FROM jobs WHERE id = ?1 AND owner = ?2 AND state = 1";
const FINISH: &str = "UPDATE documents SET status = 2, result = ?2, updated_at = ?3 WHERE id = ?1";
const GET: &str = "SELECT id, url, status, result, updated_at FROM documents WHERE id = ?1";

/// Any instant: the bare side does not look at it.
const NOW: i64 = 1_700_000_000_000_000;

/// A database with the bare tables.
pub struct Bare {
    path: PathBuf,
}

impl Bare {
    /// Makes the tables in a new file.
    pub fn make(folder: &Path) -> Result<Self> {
        let bare = Self { path: folder.join("bare.db") };
        bare.connect()?.execute_batch(SCHEMA)?;
        Ok(bare)
    }

    fn connect(&self) -> Result<Connection> {
        let connection = Connection::open(&self.path)?;
        connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(connection)
    }

    /// The one connection that queues so many rows a transaction.
    pub fn enqueuer(&self, rows: usize) -> Result<Crew> {
        Ok(Crew::new([Enqueuer { connection: self.connect()?, rows }]))
    }

    /// Connections that read documents by id. There must be some.
    pub fn getters(&self, connections: usize) -> Result<Crew> {
        let connection = self.connect()?;
        let mut ids = connection.prepare("SELECT id FROM documents LIMIT 10000")?;
        let ids = ids.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<Vec<u8>>>>()?;
        let getter = |place: usize| Ok(Getter { connection: self.connect()?, ids: ids.clone(), place: place * 997 });
        Ok(Crew::new((0..connections).map(getter).collect::<Result<Vec<_>>>()?))
    }

    /// Runs so many jobs to their end by batches of 100, and says how many a second that were.
    pub fn drain(&self, jobs: u32) -> Result<f64> {
        tokio::task::block_in_place(|| {
            let mut connection = self.connect()?;
            let mut queued = 0;
            while queued < jobs {
                queued += enqueue(&mut connection, 1_000)?;
            }
            connection.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);")?;
            let (started, mut done) = (Instant::now(), 0);
            loop {
                match run_batch(&mut connection)? {
                    0 => break,
                    some => done += some,
                }
            }
            ensure!(done == queued, "{done} jobs were drained of {queued}");
            Ok(f64::from(done) / started.elapsed().as_secs_f64())
        })
    }
}

fn enqueue(connection: &mut Connection, rows: usize) -> Result<u32> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let (mut document, mut job) = (tx.prepare_cached(DOCUMENT)?, tx.prepare_cached(JOB)?);
        for url in pages::urls(rows) {
            let id: Vec<u8> = document.query_row((Uuid::now_v7().as_bytes(), &url, NOW), |row| row.get(0))?;
            job.execute((id, NOW))?;
        }
    }
    tx.commit()?;
    Ok(u32::try_from(rows)?)
}

/// Leases a batch in one transaction, and finishes it in another.
fn run_batch(connection: &mut Connection) -> Result<u32> {
    let owner = [7_u8; 16];
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let jobs: Vec<(i64, Vec<u8>)> = {
        let (mut next, mut lease, mut show) =
            (tx.prepare_cached(NEXT)?, tx.prepare_cached(LEASE)?, tx.prepare_cached(SHOW)?);
        let jobs = next.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<Vec<_>>>()?;
        for (job, document) in &jobs {
            lease.execute((job, owner, NOW))?;
            show.execute((document, NOW))?;
        }
        jobs
    };
    tx.commit()?;
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let (mut remove, mut finish) = (tx.prepare_cached(REMOVE)?, tx.prepare_cached(FINISH)?);
        for (job, document) in &jobs {
            remove.execute((job, owner))?;
            finish.execute((document, RESULT, NOW))?;
        }
    }
    tx.commit()?;
    Ok(u32::try_from(jobs.len())?)
}

struct Enqueuer {
    connection: Connection,
    rows: usize,
}

impl Work for Enqueuer {
    fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
        async move { tokio::task::block_in_place(|| enqueue(&mut self.connection, self.rows)) }.boxed()
    }
}

struct Getter {
    connection: Connection,
    ids: Vec<Vec<u8>>,
    place: usize,
}

/// Leaving the runtime's thread costs as much as many reads, so that many are done at once.
const READS: u32 = 100;

impl Work for Getter {
    fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
        async move {
            tokio::task::block_in_place(|| {
                let mut get = self.connection.prepare_cached(GET)?;
                for _ in 0..READS {
                    self.place += 1;
                    let id = &self.ids[self.place % self.ids.len()];
                    let _: String = get.query_row([id], |row| row.get(1))?;
                }
                Ok(READS)
            })
        }
        .boxed()
    }
}
