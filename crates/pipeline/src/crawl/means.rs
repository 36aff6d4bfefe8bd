//! What crawls fetch with.

use std::sync::Arc;

use connect::Client;
use store::Store;

use crate::latency::Latencies;
use crate::robots::Robots;
use crate::settings::Settings;

/// What crawls fetch with, shared by all of a process.
#[derive(Clone)]
pub(super) struct Means {
    pub(super) store: Store,
    pub(super) client: Client,
    pub(super) robots: Arc<Robots>,
    pub(super) latencies: Arc<Latencies>,
    pub(super) settings: Arc<Settings>,
}
