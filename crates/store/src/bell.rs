//! The bell: a hint to workers that there are new jobs. It may be missed; looking now and then is the truth.
//!
//! Within a process a worker that waits is woken at once. Only where none waits are other processes told, one or two of
//! them and at most once in a few milliseconds, because waking is dear: a `NOTIFY` in each commit costs three quarters of
//! PostgreSQL's throughput, and waking everybody costs a claim for each.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use model::waiting::WORKER_SILENCE;
use model::{Timestamp, WorkerId};
use sqlx::postgres::PgListener;
use tokio::net::UnixDatagram;
use tokio::sync::Notify;

use crate::Error;
use crate::backend::Pools;

/// How long the ring to other processes waits for further reasons to ring.
const PATIENCE: Duration = Duration::from_millis(5);
/// How many other workers are woken: one may have just died.
const WOKEN: i64 = 2;
const CHANNEL: &str = "gleaner";
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
}

/// A worker that waits; it counts as waiting until this is dropped.
#[derive(Debug)]
pub struct Ring<'a>(&'a Inner);

impl Bell {
    pub(crate) fn new(pools: Pools, data: &Path) -> Self {
        let (waiting, near, ringing) = (AtomicUsize::new(0), Notify::new(), AtomicBool::new(false));
        Self(Arc::new(Inner { pools, sockets: data.join(SOCKETS), waiting, near, ringing }))
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
            tokio::time::sleep(PATIENCE).await;
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
            if notification.payload() == name {
                self.0.near.notify_one();
            }
        }
        Ok(())
    }

    async fn hear_socket(&self, worker: WorkerId) -> Result<(), Error> {
        tokio::fs::create_dir_all(&self.0.sockets).await.map_err(Error::at(&self.0.sockets))?;
        let socket = Socket(self.0.sockets.join(worker.to_string()));
        let ear = UnixDatagram::bind(&socket.0).map_err(Error::at(&socket.0))?;
        loop {
            ear.recv(&mut [0; 8]).await?;
            self.0.near.notify_one();
        }
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
    async fn ring_afar(&self, now: Timestamp) -> Result<(), Error> {
        match &self.pools {
            Pools::Postgres(pool) => {
                let alive = now.minus(WORKER_SILENCE).as_micros();
                sqlx::query(NOTIFY).bind(CHANNEL).bind(alive).bind(WOKEN).execute(pool).await?;
                Ok(())
            }
            Pools::Sqlite { .. } => self.ring_sockets().await,
        }
    }

    async fn ring_sockets(&self) -> Result<(), Error> {
        let mouth = UnixDatagram::unbound()?;
        let Ok(mut sockets) = tokio::fs::read_dir(&self.sockets).await else { return Ok(()) };
        let mut woken = 0;
        while let Some(socket) = sockets.next_entry().await?
            && woken < WOKEN
        {
            match mouth.send_to(b"!", socket.path()).await {
                Ok(_) => woken += 1,
                // Its worker was killed.
                Err(_) => drop(tokio::fs::remove_file(socket.path()).await),
            }
        }
        Ok(())
    }
}

/// Known to PostgreSQL alone.
const NOTIFY: &str = "SELECT pg_notify($1, chosen.id) FROM (
    SELECT id FROM workers WHERE serves_all AND seen_at > $2 ORDER BY random() LIMIT $3) AS chosen";

/// A socket's file, gone with its worker.
struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
