//! A fresh store on each database for each test, and the few moves that most tests make.

use std::future::poll_fn;
use std::ops::Deref;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use model::{
    Block, Clock, Document, DocumentId, Job, Metadata, Pace, Priority, Span, Timestamp, WaitCode, WebUrl, WorkerId,
    WorkspaceId,
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use store::{
    Again, Blob, Change, Claim, Expired, Flags, NewText, Outlook, Queueing, Store, Target, Wanted, WebBatch, Write,
};
use tempfile::TempDir;
use testkit::postgres::{self, TestDatabase};

/// Runs each named test, a function of a [`TestStore`], once on SQLite and once on PostgreSQL.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::stores::TestStore::sqlite().await).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::stores::TestStore::postgres().await).await;
            })+
        }
    };
}
pub(crate) use on_both;

/// A store whose database and folder vanish with it.
pub struct TestStore {
    pub store: Store,
    pub target: Target,
    /// What `Store::now` shows; it stands still.
    pub clock: Clock,
    _database: Option<TestDatabase>,
    pub folder: TempDir,
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl TestStore {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("gleaner.db"));
        Self::open(target, None, folder).await
    }

    pub async fn postgres() -> Self {
        let database = postgres::database().await;
        Self::open(Target::Postgres(database.url()), Some(database), tempfile::tempdir().unwrap()).await
    }

    /// A store on a database that is there already.
    pub async fn open(target: Target, database: Option<TestDatabase>, folder: TempDir) -> Self {
        let clock = Clock::manual(at(0));
        let store = Store::open(&target, folder.path(), clock.clone()).await.unwrap();
        // Opening has set it by the database's.
        clock.set(at(0));
        Self { store, target, clock, _database: database, folder }
    }

    /// Another process at the same database, with a clock of its own that shows the same.
    pub async fn beside(&self) -> Store {
        let clock = Clock::manual(at(0));
        let store = Store::open(&self.target, self.folder.path(), clock.clone()).await.unwrap();
        clock.set(self.store.now());
        store
    }

    /// A workspace of that name and weight.
    pub async fn workspace(&self, name: &str) -> WorkspaceId {
        let mut write = self.write().await.unwrap();
        let (workspace, _) = write.ensure_workspace(name, at(0)).await.unwrap();
        write.commit().await.unwrap();
        workspace
    }

    /// Queues addresses to add, and returns their documents in the order given.
    pub async fn add(&self, workspace: WorkspaceId, urls: &[impl AsRef<str>], now: Timestamp) -> Vec<DocumentId> {
        let mut write = self.write().await.unwrap();
        let queueing =
            write.queue_web(workspace, &batch(urls.iter().map(|url| page(url.as_ref()))), now).await.unwrap();
        write.commit().await.unwrap();
        match queueing {
            Queueing::Queued { added, updated } if updated.is_empty() => added,
            other => panic!("not all of them were new: {other:?}"),
        }
    }

    /// One claim in a transaction of its own.
    pub async fn claim(&self, claim: &Claim<'_>, now: Timestamp) -> Vec<Job> {
        let mut write = self.write().await.unwrap();
        let claimed = write.claim(claim, now).await.unwrap();
        write.commit().await.unwrap();
        claimed.jobs
    }

    /// Claims the one job that is ready.
    pub async fn claim_one(&self, worker: WorkerId, now: Timestamp) -> Job {
        let mut jobs = self.claim(&unpaced(worker, 10), now).await;
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        jobs.remove(0)
    }

    pub async fn complete(&self, job: &Job, worker: WorkerId, text: &NewText, change: Change, now: Timestamp) {
        let mut write = self.write().await.unwrap();
        write.complete(job, worker, text, change, now).await.unwrap();
        write.commit().await.unwrap();
    }

    pub async fn document_at(&self, workspace: WorkspaceId, document: DocumentId, now: Timestamp) -> Document {
        self.read().await.unwrap().document(workspace, document, now).await.unwrap().unwrap()
    }

    pub async fn worker_alive(&self, worker: WorkerId, now: Timestamp) {
        self.heartbeat(worker, true, now).await;
    }

    /// A heartbeat at that instant, which is the store's time from then on.
    pub async fn heartbeat(&self, worker: WorkerId, serves_all: bool, now: Timestamp) -> Outlook {
        self.clock.set(now);
        let outlook = self.worker_is_alive(worker, "test", serves_all).await.unwrap();
        // A heartbeat sets the clock by the database's.
        self.clock.set(now);
        outlook
    }

    /// What is lost by then, of claims like [`paced`].
    pub async fn expired(&self, now: Timestamp) -> Vec<Expired> {
        self.read().await.unwrap().expired(seconds(60), now).await.unwrap()
    }

    /// When the next job may start that waits for its time or its turn.
    pub async fn next(&self) -> Option<Timestamp> {
        self.read().await.unwrap().outlook().await.unwrap().next()
    }

    /// Runs a statement behind the store's back, for what no method of the store can bring about yet.
    pub async fn sql(&self, statement: &str) {
        Self::behind(&self.target, statement).await;
    }

    /// The same, with what the database says against it.
    pub async fn try_sql(&self, statement: &str) -> Result<(), String> {
        Self::try_behind(&self.target, statement).await.map_err(|error| error.to_string())
    }

    /// The same on a database that no store has opened.
    pub async fn behind(target: &Target, statement: &str) {
        Self::try_behind(target, statement).await.unwrap();
    }

    async fn try_behind(target: &Target, statement: &str) -> sqlx::Result<()> {
        let statement = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()));
        match target {
            Target::Sqlite(path) => statement.execute(&mut sqlite(path).await).await.map(drop),
            Target::Postgres(url) => statement.execute(&mut PgConnection::connect(url).await.unwrap()).await.map(drop),
        }
    }

    /// The first column of each row that a query gives, as text.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let query = AssertSqlSafe(query.to_owned());
        match &self.target {
            Target::Sqlite(path) => sqlx::query_scalar(query).fetch_all(&mut sqlite(path).await).await,
            Target::Postgres(url) => {
                sqlx::query_scalar(query).fetch_all(&mut PgConnection::connect(url).await.unwrap()).await
            }
        }
        .unwrap()
    }

    pub async fn count(&self, rows: &str) -> usize {
        self.texts(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {rows}")).await[0].parse().unwrap()
    }

    /// Everything that is stored, as text: two equal dumps mean that nothing was written between them. Shares are left out,
    /// which are written down some time after they were handed out.
    pub async fn dump(&self) -> Vec<String> {
        let mut dump = Vec::new();
        for (table, columns) in self.columns().await.into_iter().filter(|(table, _)| table != "shares") {
            let quote = |column: &String| match self.target {
                Target::Sqlite(_) => format!("quote({column})"),
                Target::Postgres(_) => format!("quote_nullable(CAST({column} AS TEXT))"),
            };
            let row = columns.iter().map(quote).collect::<Vec<_>>().join(" || ', ' || ");
            let rows = self.texts(&format!("SELECT {row} FROM {table} ORDER BY 1")).await;
            dump.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
        }
        dump
    }

    /// Every table of ours with its columns, in alphabetical order.
    async fn columns(&self) -> Vec<(String, Vec<String>)> {
        let query = match self.target {
            Target::Sqlite(_) => {
                "SELECT t.name || ' ' || c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                 WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%' ORDER BY 1"
            }
            Target::Postgres(_) => {
                "SELECT table_name || ' ' || column_name FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' ORDER BY 1"
            }
        };
        let mut tables: Vec<(String, Vec<String>)> = Vec::new();
        for line in self.texts(query).await {
            let (table, column) = line.split_once(' ').unwrap();
            match tables.iter_mut().find(|(name, _)| name == table) {
                Some((_, columns)) => columns.push(column.to_owned()),
                None => tables.push((table.to_owned(), vec![column.to_owned()])),
            }
        }
        tables
    }
}

async fn sqlite(path: &std::path::Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap()
}

/// An instant so many seconds after the tests' beginning of time.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros((1_700_000_000 + seconds) * 1_000_000)
}

pub const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A page to add.
pub fn page(url: &str) -> Wanted {
    Wanted { url: WebUrl::parse(url).unwrap(), original: url.to_owned(), add: true }
}

/// A page to refresh.
pub fn known(url: &str) -> Wanted {
    Wanted { add: false, ..page(url) }
}

pub fn batch(wanted: impl IntoIterator<Item = Wanted>) -> WebBatch {
    let wanted = wanted.into_iter().collect();
    WebBatch { wanted, flags: Flags::default(), priority: Priority::Bulk, max_attempts: 5 }
}

/// So many addresses, each on a host of its own.
pub fn hosts(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("https://{prefix}{number}.example/")).collect()
}

/// So many addresses on one host.
pub fn pages(host: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("https://{host}/{number}")).collect()
}

/// A claim that no host's pace holds up.
pub fn unpaced(worker: WorkerId, limit: i64) -> Claim<'static> {
    paced(worker, limit, Duration::ZERO)
}

pub fn paced(worker: WorkerId, limit: i64, delay: Duration) -> Claim<'static> {
    let pace = Pace { delay, concurrency: 2, crawl_delay_cap: seconds(30), daily: None };
    Claim { worker, limit, lease: seconds(60), pace, only: None }
}

/// Another attempt.
pub fn retry(at: Timestamp, why: &str) -> Again {
    Again { at, code: WaitCode::Retry, why: why.to_owned(), counts: true }
}

/// The same attempt later.
pub fn postpone(at: Timestamp, code: WaitCode, why: &str) -> Again {
    Again { at, code, why: why.to_owned(), counts: false }
}

/// A text of those paragraphs, with a block for each.
pub fn text(title: &str, paragraphs: &[&str]) -> NewText {
    NewText {
        blob: Blob { hash: "ab".repeat(32), length: 3 },
        url: "https://example.com/after-redirects".to_owned(),
        mime_type: "text/html".to_owned(),
        title: title.to_owned(),
        language: Some("en".to_owned()),
        paragraphs: paragraphs.iter().map(|&paragraph| paragraph.to_owned()).collect(),
        blocks: paragraphs.iter().map(|&text| Block::Paragraph { spans: vec![Span::plain(text)] }).collect(),
        warnings: vec!["a warning".to_owned()],
        etag: Some("\"1\"".to_owned()),
        last_modified: None,
        metadata: Metadata::default(),
        read_as: "1".to_owned(),
    }
}

/// Does one thing in a transaction that is then dropped, and returns what came of it.
pub async fn dropped<T>(store: &Store, act: impl AsyncFnOnce(&mut Write) -> T) -> T {
    let mut write = store.write().await.unwrap();
    act(&mut write).await
}

/// Does one thing in a transaction of its own, and keeps it.
pub async fn kept<T>(store: &Store, act: impl AsyncFnOnce(&mut Write) -> T) -> T {
    let mut write = store.write().await.unwrap();
    let done = act(&mut write).await;
    write.commit().await.unwrap();
    done
}

/// Polls a future so many times and then drops it; whether it was done by then.
pub async fn cut_short(polls: usize, future: impl Future) -> bool {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        future.as_mut().poll(context).map(|_| true)
    })
    .await
}
