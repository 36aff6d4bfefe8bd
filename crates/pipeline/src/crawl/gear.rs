//! What a crawl fetches with.

use std::sync::Arc;

use connect::Client;
use store::Store;

use crate::latency::Latencies;
use crate::robots::Robots;
use crate::settings::Settings;

/// The same things that runs fetch with.
#[derive(Clone)]
pub(super) struct Gear {
    pub(super) store: Store,
    pub(super) client: Client,
    pub(super) robots: Arc<Robots>,
    pub(super) latencies: Arc<Latencies>,
    pub(super) settings: Arc<Settings>,
}
