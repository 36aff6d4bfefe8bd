//! What the handlers are given.

use std::sync::Arc;
use std::time::Duration;

use model::Timestamp;
use store::Store;
use tokio::sync::{Mutex, Semaphore};

use crate::crawls::{Crawls, Nowhere};
use crate::providers::{Nobody, Providers};
use crate::snapshot::Snapshot;

/// How a handler asks for them.
pub type App = axum::extract::State<State>;

/// How many MiB of bodies may be on their way at once.
const ROOM: usize = 128;

/// Everything the routes work with.
#[derive(Clone)]
pub struct State {
    /// Where everything is kept.
    pub store: Store,
    /// Who asks providers.
    pub providers: Arc<dyn Providers>,
    /// Who crawls sites.
    pub crawls: Arc<dyn Crawls>,
    /// How much one request may ask for.
    pub limits: Limits,
    /// How many attempts a queued run has.
    pub max_attempts: i64,
    /// Room for the bodies that are on their way, in MiB: many large ones at once must not use up the memory.
    pub room: Arc<Semaphore>,
    /// The version that `/healthz` shows.
    pub version: &'static str,
    /// How long a silent worker keeps its jobs.
    pub lease: Duration,
    /// Whether `/metrics` is there.
    pub metrics: bool,
    /// When the process started.
    pub started: Timestamp,
    /// What `/metrics` last said of the queue.
    pub snapshot: Arc<Mutex<Option<Snapshot>>>,
}

impl State {
    /// The documented defaults around a store. No provider is asked by it, and no site crawled.
    pub fn new(store: Store) -> Self {
        Self {
            started: store.now(),
            store,
            providers: Arc::new(Nobody),
            crawls: Arc::new(Nowhere),
            limits: Limits::default(),
            max_attempts: 5,
            room: Arc::new(Semaphore::new(ROOM)),
            version: env!("CARGO_PKG_VERSION"),
            lease: Duration::from_secs(30),
            metrics: true,
            snapshot: Arc::default(),
        }
    }
}

/// How much one request may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Items in one batch.
    pub items: usize,
    /// Bytes of a body.
    pub body: usize,
    /// Bytes of an uploaded file.
    pub file: usize,
    /// How long a body may take to arrive.
    pub body_wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { items: 10_000, body: 8 << 20, file: 20 << 20, body_wait: Duration::from_secs(30) }
    }
}
