//! The numbers of the queue, looked up together.

use std::time::Duration;

use model::Timestamp;
use store::{LiveCount, Pause, Store, Unexplained};

/// The numbers of the queue as they were at an instant.
#[derive(Debug)]
pub struct Snapshot {
    pub at: Timestamp,
    pub counts: Vec<LiveCount>,
    pub pauses: Vec<Pause>,
    pub lines: i64,
    pub workers: i64,
    pub unexplained: Unexplained,
}

impl Snapshot {
    /// Looks them up.
    pub async fn take(store: &Store, lease: Duration) -> Result<Self, store::Error> {
        let now = store.now();
        let mut read = store.read().await?;
        Ok(Self {
            at: now,
            counts: read.live_counts(None).await?,
            pauses: read.pauses().await?,
            lines: read.lines().await?,
            workers: read.workers_alive(now).await?,
            unexplained: read.unexplained(lease, now).await?,
        })
    }
}
