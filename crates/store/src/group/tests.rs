//! Groups of SQLite transactions: fewer commits than transactions, each kept or lost by itself, and told the truth.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection};
use tempfile::TempDir;

use super::*;

/// A file with a table of numbers, and the way to write to it.
struct Numbers {
    folder: TempDir,
    writer: Writer,
}

impl Numbers {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let writer = Writer::new(pool(&folder.path().join("numbers.db")).await);
        let mut member = writer.begin().await.unwrap();
        // Checked when the transaction is committed, and then for everybody in it.
        let parent = "parent INTEGER REFERENCES numbers (number) DEFERRABLE INITIALLY DEFERRED";
        let table = format!("CREATE TABLE numbers (number INTEGER PRIMARY KEY, {parent})");
        sqlx::raw_sql(AssertSqlSafe(table)).execute(member.connection()).await.unwrap();
        member.commit().await.unwrap();
        Self { folder, writer }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("numbers.db")
    }

    async fn kept(&self) -> Vec<i64> {
        numbers(&self.file()).await
    }

    /// Waits until so many stand before the writer.
    async fn until_waiting(&self, count: usize) {
        while self.writer.waiting.load(Ordering::SeqCst) < count {
            tokio::task::yield_now().await;
        }
    }

    /// The commits that the log holds: each ends with a page that says how large the file is from then on.
    fn commits(&self) -> usize {
        let log = std::fs::read(self.file().with_extension("db-wal")).unwrap();
        let number = |at: usize| usize::try_from(u32::from_be_bytes(log[at..at + 4].try_into().unwrap())).unwrap();
        let (page, salt) = (number(8), &log[16..24]);
        let frames = (32..log.len()).step_by(24 + page).filter(|frame| log[frame + 8..frame + 16] == *salt);
        frames.filter(|frame| number(frame + 4) > 0).count()
    }
}

async fn pool(file: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap()
}

/// What somebody else finds in the file.
async fn numbers(file: &Path) -> Vec<i64> {
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    sqlx::query_scalar("SELECT number FROM numbers ORDER BY 1").fetch_all(&mut connection).await.unwrap()
}

async fn add(member: &mut Member, number: i64, parent: Option<i64>) {
    let insert = sqlx::query("INSERT INTO numbers VALUES ($1, $2)").bind(number).bind(parent);
    insert.execute(member.connection()).await.unwrap();
}

#[tokio::test]
async fn those_who_wait_are_kept_by_fewer_commits() {
    let numbers = Numbers::new().await;
    let before = numbers.commits();
    let mut first = numbers.writer.begin().await.unwrap();
    add(&mut first, 0, None).await;
    let tasks: Vec<_> = (1..=100)
        .map(|number| {
            let writer = numbers.writer.clone();
            tokio::spawn(async move {
                let mut member = writer.begin().await.unwrap();
                add(&mut member, number, None).await;
                member.commit().await.unwrap();
            })
        })
        .collect();
    numbers.until_waiting(100).await;
    first.commit().await.unwrap();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(numbers.kept().await, (0..=100).collect::<Vec<_>>());
    let commits = numbers.commits() - before;
    assert!((1..=25).contains(&commits), "{commits} commits for 101 transactions");
}

/// The control for the count of commits: one after the other they need one each.
#[tokio::test]
async fn who_comes_alone_is_kept_by_a_commit_of_its_own() {
    let numbers = Numbers::new().await;
    let before = numbers.commits();
    for number in 0..10 {
        let mut member = numbers.writer.begin().await.unwrap();
        add(&mut member, number, None).await;
        member.commit().await.unwrap();
    }
    assert_eq!(numbers.commits() - before, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_told_so_finds_it_in_the_file_and_who_drops_loses_only_its_own() {
    let numbers = Numbers::new().await;
    let tasks: Vec<_> = (0..90)
        .map(|number| {
            let (writer, file) = (numbers.writer.clone(), numbers.file());
            tokio::spawn(async move {
                let mut member = writer.begin().await.unwrap();
                add(&mut member, number, None).await;
                if number % 3 == 0 {
                    drop(member);
                } else {
                    member.commit().await.unwrap();
                    assert!(self::numbers(&file).await.contains(&number));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let expected: Vec<i64> = (0..90).filter(|number| number % 3 > 0).collect();
    assert_eq!(numbers.kept().await, expected);
    // The same from copies of the files, as they lie there while the writer is still open.
    let copies = tempfile::tempdir().unwrap();
    for name in ["numbers.db", "numbers.db-wal"] {
        std::fs::copy(numbers.folder.path().join(name), copies.path().join(name)).unwrap();
    }
    assert_eq!(self::numbers(&copies.path().join("numbers.db")).await, expected);
}

#[tokio::test]
async fn when_the_commit_fails_everybody_in_it_is_told_and_the_next_can_write() {
    let numbers = Numbers::new().await;
    let mut first = numbers.writer.begin().await.unwrap();
    add(&mut first, 1, None).await;
    let tasks: Vec<_> = [(2, None), (3, Some(99)), (4, None)]
        .into_iter()
        .map(|(number, parent)| {
            let writer = numbers.writer.clone();
            tokio::spawn(async move {
                let mut member = writer.begin().await.unwrap();
                add(&mut member, number, parent).await;
                member.commit().await
            })
        })
        .collect();
    numbers.until_waiting(3).await;
    let mut told = vec![(1, first.commit().await.is_ok())];
    for (number, task) in (2..).zip(tasks) {
        told.push((number, task.await.unwrap().is_ok()));
    }
    let kept = numbers.kept().await;
    assert!(told.iter().all(|(number, kept_it)| kept.contains(number) == *kept_it), "{told:?}, but there is {kept:?}");
    assert!(!kept.contains(&3));
    let mut member = numbers.writer.begin().await.unwrap();
    add(&mut member, 5, None).await;
    member.commit().await.unwrap();
    assert!(numbers.kept().await.contains(&5));
}

#[tokio::test]
async fn a_waiting_one_that_leaves_does_not_keep_the_others_from_their_commit() {
    let numbers = Numbers::new().await;
    let first = numbers.writer.begin().await.unwrap();
    for _ in 0..5 {
        let (writer, (begun, seen)) = (numbers.writer.clone(), oneshot::channel());
        let leaving = tokio::spawn(async move {
            let _ = begun.send(());
            drop(writer.begin().await);
        });
        seen.await.unwrap();
        leaving.abort();
    }
    let (mut member, writer) = (first, numbers.writer.clone());
    add(&mut member, 1, None).await;
    let second = tokio::spawn(async move {
        let mut member = writer.begin().await.unwrap();
        add(&mut member, 2, None).await;
        member.commit().await
    });
    member.commit().await.unwrap();
    second.await.unwrap().unwrap();
    assert_eq!(numbers.kept().await, [1, 2]);
}

#[test]
fn a_runtime_that_ends_while_somebody_writes_takes_it_back() {
    let start = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let runtime = start();
    let numbers = runtime.block_on(Numbers::new());
    let (writer, (begun, seen)) = (numbers.writer.clone(), oneshot::channel());
    runtime.spawn(async move {
        let mut member = writer.begin().await.unwrap();
        add(&mut member, 1, None).await;
        let _ = begun.send(());
        std::future::pending::<()>().await;
        drop(member);
    });
    runtime.block_on(seen).unwrap();
    drop(runtime);
    let file = numbers.file();
    start().block_on(async {
        // The connection closes with the last that knows it.
        let Numbers { folder: _folder, writer } = numbers;
        drop(writer);
        let mut member = Writer::new(pool(&file).await).begin().await.unwrap();
        add(&mut member, 2, None).await;
        member.commit().await.unwrap();
        assert_eq!(self::numbers(&file).await, [2]);
    });
}
