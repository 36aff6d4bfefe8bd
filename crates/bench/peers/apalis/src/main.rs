//! apalis as a peer of the benchmark: `peer-apalis postgres URL` or `peer-apalis sqlite FILE`, a line of JSON in, one out.

use std::io::BufRead;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use apalis::prelude::*;
use futures::future::try_join_all;
use serde_json::{Value, json};

/// How many jobs were run.
static DONE: AtomicU32 = AtomicU32::new(0);

async fn nothing(_: u32) -> Result<(), BoxDynError> {
    DONE.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

/// The commands on one kind of storage.
macro_rules! peer {
    ($name:ident, $krate:ident, $storage:ident, $pool:ty, $left:literal, $tidy:literal) => {
        mod $name {
            use $krate::{Config, $storage};

            use super::*;

            pub struct Peer(pub $pool);

            impl Peer {
                fn storage(&self) -> $storage<u32> {
                    $storage::<u32>::new(&self.0).with_config(Config::default().queue("nothing").batch_size(100))
                }

                pub async fn enqueue(&self, clients: usize, rows: u32, seconds: f64) -> Result<Value> {
                    let began = Instant::now();
                    let client = async || {
                        let (mut storage, mut done) = (self.storage(), 0);
                        while began.elapsed().as_secs_f64() < seconds {
                            push(&mut storage, rows).await?;
                            done += rows;
                        }
                        anyhow::Ok(done)
                    };
                    let done: u32 = try_join_all((0..clients).map(|_| client())).await?.into_iter().sum();
                    let rate = f64::from(done) / began.elapsed().as_secs_f64();
                    sqlx::query($tidy).execute(&self.0).await?;
                    Ok(json!({ "rate": rate }))
                }

                pub async fn drain(&self, jobs: u32) -> Result<Value> {
                    let mut storage = self.storage();
                    for _ in 0..jobs / 1_000 {
                        push(&mut storage, 1_000).await?;
                    }
                    sqlx::query("ANALYZE").execute(&self.0).await?;
                    let backend = $storage::<u32>::new(&self.0)
                        .with_config(Config::default().queue("nothing").batch_size(100))
                        .poll_with_interval(Duration::from_millis(5));
                    DONE.store(0, Ordering::SeqCst);
                    let worker = WorkerBuilder::new(format!("bench-{:?}", Instant::now()))
                        .backend(backend)
                        .parallelize(tokio::spawn)
                        .build(nothing);
                    let began = Instant::now();
                    let over = async {
                        while DONE.load(Ordering::SeqCst) < jobs || self.left().await? > 0 {
                            tokio::time::sleep(Duration::from_millis(3)).await;
                        }
                        anyhow::Ok(())
                    };
                    tokio::select! {
                        ended = worker.run() => anyhow::bail!("the worker ended: {:?}", ended.err()),
                        over = over => over?,
                    }
                    let rate = f64::from(jobs) / began.elapsed().as_secs_f64();
                    sqlx::query($tidy).execute(&self.0).await?;
                    Ok(json!({ "rate": rate }))
                }

                async fn left(&self) -> Result<i64> {
                    Ok(sqlx::query_scalar($left).fetch_one(&self.0).await?)
                }
            }
        }
    };
}

peer!(
    postgres,
    apalis_postgres,
    PostgresStorage,
    sqlx::PgPool,
    "SELECT count(*) FROM apalis.jobs WHERE status <> 'Done'",
    "TRUNCATE apalis.jobs"
);
peer!(
    sqlite,
    apalis_sqlite,
    SqliteStorage,
    sqlx::SqlitePool,
    "SELECT count(*) FROM Jobs WHERE status <> 'Done'",
    "DELETE FROM Jobs"
);

async fn push<Kind>(storage: &mut impl TaskSink<u32, Kind>, rows: u32) -> Result<()> {
    let pushed = if rows == 1 { storage.push(1).await } else { storage.push_bulk((0..rows).collect()).await };
    pushed.map_err(|_| anyhow::anyhow!("the storage refused the tasks"))
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, kind, target] = &arguments[..] else { anyhow::bail!("say `postgres URL` or `sqlite FILE`") };
    if kind == "postgres" {
        let pool = sqlx::postgres::PgPoolOptions::new().max_connections(10).connect(target).await?;
        apalis_postgres::PostgresStorage::setup(&pool).await?;
        let peer = postgres::Peer(pool);
        converse(async |rows, clients, seconds| peer.enqueue(clients, rows, seconds).await, async |jobs| peer.drain(jobs).await).await
    } else {
        use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
        // As durable as ours.
        let options = SqliteConnectOptions::new()
            .filename(target)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(20));
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        apalis_sqlite::SqliteStorage::setup(&pool).await?;
        let peer = sqlite::Peer(pool);
        converse(async |rows, clients, seconds| peer.enqueue(clients, rows, seconds).await, async |jobs| peer.drain(jobs).await).await
    }
}

async fn converse(
    enqueue: impl AsyncFn(u32, usize, f64) -> Result<Value>,
    drain: impl AsyncFn(u32) -> Result<Value>,
) -> Result<()> {
    println!("{}", json!({ "ready": true }));
    for line in std::io::stdin().lock().lines() {
        let command: Value = serde_json::from_str(&line?)?;
        let number = |name: &str| command[name].as_u64().with_context(|| format!("{name} is missing"));
        let answer = match command["do"].as_str() {
            Some("enqueue") => {
                let seconds = command["seconds"].as_f64().context("seconds are missing")?;
                enqueue(u32::try_from(number("rows")?)?, usize::try_from(number("clients")?)?, seconds).await?
            }
            Some("drain") => drain(u32::try_from(number("jobs")?)?).await?,
            _ => anyhow::bail!("no such command: {command}"),
        };
        println!("{answer}");
    }
    Ok(())
}
