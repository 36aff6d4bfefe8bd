//! What proves to a provider that we may ask. Tokens that end are renewed by one process alone, whoever notices first: many
//! providers end the old pair with the first renewal, and a second one would fail.

use std::time::Duration;

use connect::Client;
use connect::provider::Proof;
use connect::provider::exchange::is_good;
use model::{Connection, Credentials, Failure, FailureCode, Sealed};
use store::{Opened, Store};

use crate::manners::ours;
use crate::renewal::{Need, Renewed};

/// How often somebody who waits for another's renewal looks.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long he waits at least before he tells that it takes too long.
const SHORTEST_WAIT: Duration = Duration::from_secs(30);

/// The proof of a connection as it is now. `refused` is one that the provider has just refused: it is not given again where
/// another can be got. `lease` is how long a silent process keeps a renewal.
pub(crate) async fn current(
    store: &Store,
    client: &Client,
    connection: &Connection,
    refused: Option<&Proof>,
    lease: Duration,
) -> Result<Proof, Failure> {
    let began = store.now();
    while store.now().since(began) <= SHORTEST_WAIT.max(lease * 2) {
        let opened = store.open_secrets(connection.id).await.map_err(|error| ours(&error))?.ok_or_else(gone)?;
        if let Some(proof) = usable(store, &opened, refused) {
            return Ok(proof);
        }
        let (store, client, connection) = (store.clone(), client.clone(), connection.clone());
        match (Need { store, client, connection, opened, lease }).met().await? {
            Renewed::Proof(proof) => return Ok(proof),
            Renewed::Elsewhere => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
    Err(Failure::new(FailureCode::Timeout, "another process has been getting a new token for too long"))
}

/// What can be sent as it is.
fn usable(store: &Store, opened: &Opened, refused: Option<&Proof>) -> Option<Proof> {
    let Sealed { credentials, grant } = &opened.sealed;
    match credentials {
        Credentials::Anonymous => return Some(Proof::Anonymous),
        Credentials::Token { token } => return Some(Proof::Bearer(token.clone())),
        Credentials::Basic { user, token } => return Some(Proof::Basic(user.clone(), token.clone())),
        Credentials::Client { .. } | Credentials::Consent { .. } | Credentials::ServiceAccount { .. } => {}
    }
    let grant = grant.as_ref().filter(|grant| is_good(grant, store.now()))?;
    let proof = Proof::Bearer(grant.access_token.clone());
    (refused != Some(&proof)).then_some(proof)
}

fn gone() -> Failure {
    Failure::new(FailureCode::ProviderDisconnected, "the provider is not connected any more")
}
