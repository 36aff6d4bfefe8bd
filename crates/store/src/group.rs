//! SQLite's one writer, shared by groups: transactions that come while another writes are kept by one commit together,
//! because on a durable file the commit is what costs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::Error;

/// The most transactions in one commit, and how long the first of them waits for the others.
const MOST_MEMBERS: usize = 64;
const LONGEST_WAIT: Duration = Duration::from_millis(20);
/// How long a caller waits for its turn before it hears that the database is busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// The way to write. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    pool: SqlitePool,
    group: Arc<Mutex<Option<Group>>>,
    /// How many wait for the group: the last one commits.
    waiting: Arc<AtomicUsize>,
}

/// An open transaction of the database, in which several of ours follow each other.
#[derive(Debug)]
struct Group {
    connection: PoolConnection<Sqlite>,
    since: Instant,
    done: Vec<oneshot::Sender<Result<(), Error>>>,
}

/// One transaction in a group. Dropped without [`Member::commit`], it leaves no trace.
#[derive(Debug)]
pub(crate) struct Member {
    writer: Writer,
    /// Always there until the value is dropped.
    group: Option<OwnedMutexGuard<Option<Group>>>,
    /// The first of a group needs no savepoint: nobody is there to be spared when it goes back.
    first: bool,
    ended: bool,
}

impl Writer {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self { pool, group: Arc::default(), waiting: Arc::default() }
    }

    /// Begins a transaction. A task of its own sees it through: whoever left the line halfway would leave the others without
    /// anybody to commit.
    pub(crate) async fn begin(&self) -> Result<Member, Error> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let writer = self.clone();
        let beginning = tokio::spawn(async move {
            let group = Arc::clone(&writer.group).lock_owned().await;
            writer.waiting.fetch_sub(1, Ordering::SeqCst);
            let mut member = Member { writer, group: Some(group), first: false, ended: false };
            member.open().await.map(|()| member)
        });
        match tokio::time::timeout(PATIENCE, beginning).await {
            Ok(Ok(begun)) => begun,
            Ok(Err(_)) => Err(lost("the writing task ended")),
            Err(_) => Err(Error::Busy(sqlx::Error::PoolTimedOut)),
        }
    }

    /// Closes the connection, once nobody writes.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

impl Member {
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.open_group().connection
    }

    /// Keeps what was written. Returns when it is on the disk, with everybody else's of the group.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        let ending = tokio::spawn(async move {
            if !self.first {
                self.execute("RELEASE member").await?;
            }
            let (done, kept) = oneshot::channel();
            self.open_group().done.push(done);
            self.ended = true;
            self.end_group_if_last().await;
            Ok(kept)
        });
        let kept: Result<_, Error> = ending.await.map_err(|_| lost("the writing task ended"))?;
        kept?.await.map_err(|_| lost("the writing task ended"))?
    }

    async fn open(&mut self) -> Result<(), Error> {
        if self.slot().is_some() {
            return self.execute("SAVEPOINT member").await;
        }
        let mut connection = self.writer.pool.acquire().await?;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        *self.slot() = Some(Group { connection, since: Instant::now(), done: Vec::new() });
        self.first = true;
        Ok(())
    }

    /// A statement that must not fail: if it does, the whole transaction is lost, and everybody in it is told.
    async fn execute(&mut self, statement: &'static str) -> Result<(), Error> {
        match sqlx::raw_sql(statement).execute(self.connection()).await {
            Ok(_) => Ok(()),
            Err(error) => {
                self.lose_group(&error).await;
                Err(error.into())
            }
        }
    }

    async fn roll_back(&mut self) {
        self.ended = true;
        if self.first {
            self.lose_group(&sqlx::Error::WorkerCrashed).await;
        } else if self.execute("ROLLBACK TO member; RELEASE member").await.is_ok() {
            self.end_group_if_last().await;
        }
    }

    /// Commits, unless somebody waits who may as well do it.
    async fn end_group_if_last(&mut self) {
        let alone = self.writer.waiting.load(Ordering::SeqCst) == 0;
        let group = self.open_group();
        if !(alone || group.done.len() >= MOST_MEMBERS || group.since.elapsed() >= LONGEST_WAIT) {
            return;
        }
        match sqlx::query("COMMIT").execute(&mut *group.connection).await {
            Ok(_) => {
                for done in self.slot().take().into_iter().flat_map(|group| group.done) {
                    let _ = done.send(Ok(()));
                }
            }
            Err(error) => {
                self.lose_group(&error).await;
            }
        }
    }

    /// Takes everything back and says so to everybody who had it for kept.
    async fn lose_group(&mut self, why: &sqlx::Error) {
        let Some(mut group) = self.slot().take() else { return };
        // SQLite may have rolled back by itself, as it does on a full disk.
        let _ = sqlx::query("ROLLBACK").execute(&mut *group.connection).await;
        for done in group.done {
            let _ = done.send(Err(lost(&why.to_string())));
        }
    }

    fn slot(&mut self) -> &mut Option<Group> {
        self.group.as_mut().expect("it is taken only when the member is dropped")
    }

    fn open_group(&mut self) -> &mut Group {
        self.slot().as_mut().expect("a member that was begun has a group until it ends")
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        if self.ended || self.group.as_ref().is_none_or(|group| group.is_none()) {
            return;
        }
        // Without a runtime the process is at its end, and SQLite takes back what is open.
        let Ok(runtime) = Handle::try_current() else { return };
        let group = self.group.take();
        // As good as ended: a runtime that is shutting down drops the task at once, and this must not begin anew for ever.
        let mut member = Self { writer: self.writer.clone(), group, first: self.first, ended: true };
        runtime.spawn(async move { member.roll_back().await });
    }
}

/// What every transaction of a lost group is told.
fn lost(why: &str) -> Error {
    Error::Down(sqlx::Error::Io(std::io::Error::other(format!("SQLite could not commit: {why}"))))
}

#[cfg(test)]
mod tests;
