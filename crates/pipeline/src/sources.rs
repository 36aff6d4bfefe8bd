//! Looks at what a connection leads to, for a person who waits: who we are there, and what can be imported.

use std::sync::Arc;
use std::time::Duration;

use connect::Client;
use connect::provider::{Asking, list, probe};
use model::{Connection, Failure, FailureCode, Identity, Listing};
use store::Store;
use tokio::time::Instant;

use crate::gate::ConnectionGate;
use crate::settings::Settings;

/// How long one request of a look at everything sits out what passes.
const PATIENCE: Duration = Duration::from_mins(5);
/// How long a test sits out what passes: somebody waits for it.
const SHORT_PATIENCE: Duration = Duration::from_secs(10);

/// Asks providers outside of runs, in the same lanes.
#[derive(Clone)]
pub struct Sources {
    store: Store,
    client: Client,
    settings: Arc<Settings>,
}

impl Sources {
    /// Looks that ask with `client`.
    pub fn new(store: Store, client: Client, settings: Arc<Settings>) -> Self {
        Self { store, client, settings }
    }

    /// How long a silent process keeps what it has in hand.
    pub(crate) fn lease(&self) -> Duration {
        self.settings.lease
    }

    /// Asks who we are, and notes how the connection stands.
    pub async fn probe(&self, connection: &Connection) -> Result<Identity, Failure> {
        let gate = ConnectionGate::new(&self.store, &self.client, &self.settings, connection, None);
        let asking = Asking { client: &self.client, gate: &gate, patience: SHORT_PATIENCE, until: None };
        let probed = probe(&asking, &connection.account).await;
        self.note(connection, probed.as_ref().err()).await;
        probed
    }

    /// Lists everything that can be imported. `seen` is told how many items there are so far. Where `within` is over before the
    /// end, the list has a gap.
    pub async fn list(
        &self,
        connection: &Connection,
        within: Option<Duration>,
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<Listing, Failure> {
        let until = within.map(|within| Instant::now() + within);
        let gate = ConnectionGate::new(&self.store, &self.client, &self.settings, connection, None);
        let asking = Asking { client: &self.client, gate: &gate, patience: PATIENCE, until };
        let listed = list(&asking, &connection.account, seen).await;
        self.note(connection, listed.as_ref().err()).await;
        listed
    }

    async fn note(&self, connection: &Connection, failure: Option<&Failure>) {
        note(&self.store, connection, failure).await;
    }
}

/// Keeps what the provider says against a connection, or that it says nothing any more.
pub(crate) async fn note(store: &Store, connection: &Connection, failure: Option<&Failure>) {
    let problem = match failure {
        Some(failure) if failure.code == FailureCode::ProviderDisconnected => failure.text.as_str(),
        Some(_) => return,
        None => "",
    };
    if problem == connection.problem {
        return;
    }
    let noted = async {
        let mut write = store.write().await?;
        write.note_problem(connection.id, problem, store.now()).await?;
        write.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, connection = %connection.id, "could not note how the connection stands");
    }
}
