//! The numbers of the queue as they were a moment ago: whoever asks often costs no more than one look every few seconds.

use std::sync::Arc;
use std::time::Duration;

use model::Timestamp;
use store::{LiveCount, Pause, Store, Unexplained};
use tokio::sync::Mutex;

/// How long the numbers are shown before they are looked up again.
const FRESH: Duration = Duration::from_secs(5);

/// The numbers at an instant.
#[derive(Debug)]
pub struct Snapshot {
    pub(crate) at: Timestamp,
    pub(crate) counts: Vec<LiveCount>,
    pub(crate) pauses: Vec<Pause>,
    pub(crate) lines: i64,
    pub(crate) workers: i64,
    pub(crate) unexplained: Unexplained,
}

/// What was last seen. Cheap to clone; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Snapshots(Arc<Mutex<Option<Arc<Snapshot>>>>);

impl Snapshots {
    /// The numbers of now or of a moment ago; `None` while the database does not answer.
    pub(crate) async fn of(&self, store: &Store, lease: Duration) -> Option<Arc<Snapshot>> {
        let mut last = self.0.lock().await;
        if last.as_ref().is_none_or(|known| store.now().since(known.at) >= FRESH) {
            *last = match look(store, lease).await {
                Ok(snapshot) => Some(Arc::new(snapshot)),
                Err(error) => {
                    tracing::warn!(%error, "the numbers of the queue cannot be looked up now");
                    None
                }
            };
        }
        last.clone()
    }
}

async fn look(store: &Store, lease: Duration) -> Result<Snapshot, store::Error> {
    let now = store.now();
    let mut read = store.read().await?;
    Ok(Snapshot {
        at: now,
        counts: read.live_counts(None).await?,
        pauses: read.pauses().await?,
        lines: read.lines().await?,
        workers: read.workers_alive(now).await?,
        unexplained: read.unexplained(lease, now).await?,
    })
}
