//! The bell: a hint to workers that there are new jobs. It may be missed; looking now and then is the truth.
//!
//! Within a process a worker that waits is woken at once. Only where none waits are other processes told, one of them and
//! another to stand in for it, and at most once in a few milliseconds, because waking is dear: a `NOTIFY` in each commit costs three quarters of
//! PostgreSQL's throughput, and waking everybody costs a claim for each.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use model::waiting::WORKER_SILENCE;
use model::{Timestamp, WorkerId};
use sqlx::postgres::PgListener;
use tokio::net::UnixDatagram;
use tokio::sync::Notify;

use crate::Error;
use crate::backend::{Pools, Sql, run, statements};

/// How long the ring to other processes waits for further reasons to ring: the first after a quiet time, and each in a busy one.
const PATIENCE: Duration = Duration::from_millis(5);
const PATIENCE_WHEN_BUSY: Duration = Duration::from_millis(10);
/// What makes a quiet time.
const QUIET: Duration = Duration::from_millis(100);
/// How many other workers are told: the first may have just died or be full, so another looks a moment later whether the jobs
/// are still there.
const TOLD: usize = 2;
const MOMENT: Duration = Duration::from_millis(25);
const CHANNEL: &str = "gleaner";
/// What the first is told, and what the one is told who stands in for it.
const NOW: &str = "!";
const IN_A_MOMENT: &str = "?";
/// The folder of the workers' sockets, beside a SQLite file.
const SOCKETS: &str = "bells";

/// A connection that broke is made again after this.
const RECONNECT: Duration = Duration::from_secs(1);

/// Where new jobs are told of. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bell(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pools: Pools,
    sockets: PathBuf,
    /// How many workers of this process wait.
    waiting: AtomicUsize,
    near: Notify,
    /// Whether a ring to other processes is on its way.
    ringing: AtomicBool,
    /// When the last was sent.
    rung: Mutex<Option<Instant>>,
}

/// A worker that waits; it counts as waiting until this is dropped.
#[derive(Debug)]
pub struct Ring<'a>(&'a Inner);

impl Bell {
    pub(crate) fn new(pools: Pools, data: &Path) -> Self {
        let (waiting, near, ringing, rung) =
            (AtomicUsize::new(0), Notify::new(), AtomicBool::new(false), Mutex::default());
        Self(Arc::new(Inner { pools, sockets: data.join(SOCKETS), waiting, near, ringing, rung }))
    }

    /// Tells a worker of this process, or else of another, that there are new jobs.
    pub fn ring(&self, now: Timestamp) {
        self.0.near.notify_one();
        if self.0.waiting.load(Ordering::SeqCst) == 0 {
            self.pass_on(now);
        }
    }

    /// Tells workers of other processes, in a moment: this one has as much as it can take, and there may be more.
    pub fn pass_on(&self, now: Timestamp) {
        if self.0.ringing.swap(true, Ordering::SeqCst) {
            return;
        }
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move {
            tokio::time::sleep(inner.patience()).await;
            inner.ringing.store(false, Ordering::SeqCst);
            if let Err(error) = inner.ring_afar(now).await {
                tracing::debug!(%error, "no other process could be told of new jobs; they will find them");
            }
        });
    }

    /// Tells workers of other processes at once, for a process that is about to end.
    pub async fn ring_before_leaving(&self, now: Timestamp) {
        if let Err(error) = self.0.ring_afar(now).await {
            tracing::debug!(%error, "no other process could be told of new jobs; they will find them");
        }
    }

    /// Wakes a worker of this process to look for itself.
    pub fn nudge(&self) {
        self.0.near.notify_one();
    }

    /// Counts a worker as waiting. Look for jobs once more after this, then wait for [`Ring::heard`].
    pub fn listen(&self) -> Ring<'_> {
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        Ring(&self.0)
    }

    /// Passes on what other processes ring for `worker`. Goes on for ever; an error means that others cannot be heard here.
    pub async fn hear(&self, worker: WorkerId) -> Result<(), Error> {
        match &self.0.pools {
            Pools::Postgres(pool) => loop {
                if let Err(error) = self.hear_postgres(pool, worker).await {
                    tracing::debug!(%error, "the ear for other processes broke; listening again soon");
                }
                tokio::time::sleep(RECONNECT).await;
            },
            Pools::Sqlite { .. } => self.hear_socket(worker).await,
        }
    }

    async fn hear_postgres(&self, pool: &sqlx::PgPool, worker: WorkerId) -> Result<(), Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        // Something may have been missed while nobody listened.
        self.0.near.notify_one();
        let name = worker.to_string();
        while let Some(notification) = listener.try_recv().await? {
            if let Some(told) = notification.payload().strip_prefix(name.as_str()) {
                self.heed(told);
            }
        }
        Ok(())
    }

    async fn hear_socket(&self, worker: WorkerId) -> Result<(), Error> {
        tokio::fs::create_dir_all(&self.0.sockets).await.map_err(Error::at(&self.0.sockets))?;
        let socket = Socket(self.0.sockets.join(worker.to_string()));
        let ear = UnixDatagram::bind(&socket.0).map_err(Error::at(&socket.0))?;
        loop {
            let mut told = [0];
            ear.recv(&mut told).await?;
            self.heed(if told == IN_A_MOMENT.as_bytes() { IN_A_MOMENT } else { NOW });
        }
    }

    fn heed(&self, told: &str) {
        if told != IN_A_MOMENT {
            return self.0.near.notify_one();
        }
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move {
            tokio::time::sleep(MOMENT).await;
            // Who cannot look is better woken for nothing.
            if inner.is_anything_ready().await.unwrap_or(true) {
                inner.near.notify_one();
            }
        });
    }
}

impl Ring<'_> {
    /// Waits for the next ring.
    pub async fn heard(&self) {
        self.0.near.notified().await;
    }
}

impl Drop for Ring<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Inner {
    fn patience(&self) -> Duration {
        let rung = *self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        if rung.is_some_and(|rung| rung.elapsed() < QUIET) { PATIENCE_WHEN_BUSY } else { PATIENCE }
    }

    async fn is_anything_ready(&self) -> Result<bool, Error> {
        let mut tx = self.pools.glance().await?;
        let (ready,): (bool,) = run!(&mut tx, query_as::<(bool,)>(ANY_READY), [], fetch_one)?;
        Ok(ready)
    }

    async fn ring_afar(&self, now: Timestamp) -> Result<(), Error> {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        match &self.pools {
            Pools::Postgres(pool) => {
                let alive = now.minus(WORKER_SILENCE).as_micros();
                let told = i64::try_from(TOLD).unwrap_or(i64::MAX);
                sqlx::query(NOTIFY).bind(CHANNEL).bind(alive).bind(told).execute(pool).await?;
                Ok(())
            }
            Pools::Sqlite { .. } => self.ring_sockets().await,
        }
    }

    async fn ring_sockets(&self) -> Result<(), Error> {
        let mouth = UnixDatagram::unbound()?;
        let Ok(mut sockets) = tokio::fs::read_dir(&self.sockets).await else { return Ok(()) };
        let mut words = [NOW, IN_A_MOMENT].into_iter().take(TOLD).peekable();
        while let Some(socket) = sockets.next_entry().await?
            && let Some(word) = words.peek()
        {
            match mouth.send_to(word.as_bytes(), socket.path()).await {
                Ok(_) => drop(words.next()),
                // Its worker was killed.
                Err(_) => drop(tokio::fs::remove_file(socket.path()).await),
            }
        }
        Ok(())
    }
}

statements! {
    ANY_READY = Sql::same("SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'ready')");
}

/// Known to PostgreSQL alone.
const NOTIFY: &str = "SELECT pg_notify($1, chosen.id || CASE chosen.place WHEN 1 THEN '!' ELSE '?' END) FROM (
    SELECT id, ROW_NUMBER() OVER () AS place FROM (
        SELECT id FROM workers WHERE serves_all AND seen_at > $2 ORDER BY random() LIMIT $3) few) AS chosen";

/// A socket's file, gone with its worker.
struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
