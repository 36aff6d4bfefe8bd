//! How close queueing comes to the bare statements: `queue_web` over raw inserts, on the same database in the same run.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use model::{Clock, DocumentId, JobId, Timestamp, WebUrl, WorkspaceId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use store::{Store, Target, Wanted, WebBatch};
use tokio::task::JoinSet;

const DOCUMENT: &str = "INSERT INTO documents (workspace_id, id, source, external_id, original_url, title,
    original_url_folded, title_folded, kind, english, baser, created_at, updated_at)
    VALUES ($1, $2, 'web', $3, $3, $3, $3, $3, 'page', TRUE, FALSE, $4, $4)";
const JOB: &str =
    "INSERT INTO jobs (workspace_id, id, document_id, state, order_key, lane, run_at, since, max_attempts, created_at)
    VALUES ($1, $2, $3, 'ready', $4, $5, $4, $4, 5, $4)";

const DOCUMENTS: &str = "INSERT INTO documents (workspace_id, id, source, external_id, original_url, title,
    original_url_folded, title_folded, kind, english, baser, created_at, updated_at)
    SELECT $1, id, 'web', url, url, url, url, url, 'page', TRUE, FALSE, $4, $4
    FROM unnest(CAST($2 AS TEXT[]), CAST($3 AS TEXT[])) AS r(id, url)";
const JOBS: &str =
    "INSERT INTO jobs (workspace_id, id, document_id, state, order_key, lane, run_at, since, max_attempts, created_at)
    SELECT $1, id, document, 'ready', $4, $5, $4, $4, 5, $4
    FROM unnest(CAST($2 AS TEXT[]), CAST($3 AS TEXT[])) AS r(id, document)";

/// One measurement lasts this long; the two of a pair take turns, so that a disturbed moment hits both.
const SLICE: Duration = Duration::from_millis(500);
const ROUNDS: usize = 3;
const TASKS: usize = 16;
const LARGE: usize = 1_000;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("gleaner.db");
    let store = open(&Target::Sqlite(path.clone()), folder.path()).await;
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("the same file");
    measure("SQLite", &store, &Raw::Sqlite(pool)).await;

    let database = testkit::postgres::database().await;
    let store = open(&Target::Postgres(database.url()), folder.path()).await;
    let pool = PgPool::connect(&database.url()).await.expect("the same database");
    measure("PostgreSQL", &store, &Raw::Postgres(pool)).await;
}

async fn open(target: &Target, folder: &std::path::Path) -> Store {
    Store::open(target, folder, Clock::system()).await.expect("an empty database")
}

async fn measure(name: &str, store: &Store, raw: &Raw) {
    let mut write = store.write().await.expect("a fresh store");
    let (workspace, _) = write.ensure_workspace("bench", store.now()).await.expect("a fresh store");
    write.commit().await.expect("a fresh store");
    for (tasks, rows) in [(1, LARGE), (TASKS, 1)] {
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(rate(tasks, rows, |number| queue(store.clone(), workspace, number, rows)).await);
            bare.push(rate(tasks, rows, |number| raw.clone().insert(workspace, number, rows)).await);
        }
        let (ours, bare) = (median(ours), median(bare));
        println!(
            "{name:<10} {rows:>5} rows a call, {tasks:>2} tasks: {ours:>8.0} rows/s, bare {bare:>8.0}, ratio {:.2}",
            ours / bare
        );
    }
}

/// Rows a second that so many tasks get done, each calling again and again until the slice is over.
async fn rate<F>(tasks: usize, rows: usize, call: impl Fn(u64) -> F) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    let (started, mut done) = (Instant::now(), 0_u32);
    let mut running = JoinSet::new();
    for _ in 0..tasks {
        running.spawn(call(fresh(rows)));
    }
    while running.join_next().await.is_some() {
        done += 1;
        if started.elapsed() < SLICE {
            running.spawn(call(fresh(rows)));
        }
    }
    f64::from(done) * f64::from(u32::try_from(rows).unwrap_or(u32::MAX)) / started.elapsed().as_secs_f64()
}

/// The first of so many numbers that nobody has used.
fn fresh(rows: usize) -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(rows as u64, Ordering::Relaxed)
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn urls(first: u64, rows: usize) -> impl Iterator<Item = String> {
    (first..first + rows as u64).map(|number| format!("https://host{}.example/page/{number}", number % 50))
}

async fn queue(store: Store, workspace: WorkspaceId, first: u64, rows: usize) {
    let page = |url: String| Wanted { url: WebUrl::parse(&url).expect("a URL"), original: url, add: true };
    let wanted = urls(first, rows).map(page).collect();
    let batch = WebBatch { wanted, english: None, baser: None, max_attempts: 5 };
    let mut write = store.write().await.expect("a transaction");
    write.queue_web(workspace, &batch, store.now()).await.expect("new pages");
    write.commit().await.expect("a commit");
}

/// The least that sqlx can do for the same rows: one statement a table, in one transaction.
#[derive(Clone)]
enum Raw {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

struct Row {
    document: String,
    job: String,
    url: String,
}

impl Raw {
    async fn insert(self, workspace: WorkspaceId, first: u64, rows: usize) {
        let row = |url| Row { document: DocumentId::new().to_string(), job: JobId::new().to_string(), url };
        let rows: Vec<Row> = urls(first, rows).map(row).collect();
        let now = Timestamp::from_micros(1_700_000_000_000_000).as_micros();
        match self {
            Self::Sqlite(pool) => insert_sqlite(&pool, &workspace.to_string(), &rows, now).await,
            Self::Postgres(pool) => insert_postgres(&pool, &workspace.to_string(), &rows, now).await,
        }
        .expect("new rows");
    }
}

/// SQLite has no way to bind a list: a prepared statement for each row is its fastest.
async fn insert_sqlite(pool: &SqlitePool, workspace: &str, rows: &[Row], now: i64) -> sqlx::Result<()> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    for Row { document, job, url } in rows {
        sqlx::query(DOCUMENT).bind(workspace).bind(document).bind(url).bind(now).execute(&mut *tx).await?;
        sqlx::query(JOB).bind(workspace).bind(job).bind(document).bind(now).bind("lane").execute(&mut *tx).await?;
    }
    tx.commit().await
}

/// PostgreSQL takes arrays; for one row, plain values are quicker.
async fn insert_postgres(pool: &PgPool, workspace: &str, rows: &[Row], now: i64) -> sqlx::Result<()> {
    let mut tx = pool.begin().await?;
    if let [Row { document, job, url }] = rows {
        sqlx::query(DOCUMENT).bind(workspace).bind(document).bind(url).bind(now).execute(&mut *tx).await?;
        sqlx::query(JOB).bind(workspace).bind(job).bind(document).bind(now).bind("lane").execute(&mut *tx).await?;
        return tx.commit().await;
    }
    let column = |of: fn(&Row) -> &String| rows.iter().map(of).cloned().collect::<Vec<String>>();
    let (documents, jobs, urls) = (column(|row| &row.document), column(|row| &row.job), column(|row| &row.url));
    sqlx::query(DOCUMENTS).bind(workspace).bind(&documents).bind(&urls).bind(now).execute(&mut *tx).await?;
    sqlx::query(JOBS).bind(workspace).bind(&jobs).bind(&documents).bind(now).bind("lane").execute(&mut *tx).await?;
    tx.commit().await
}
