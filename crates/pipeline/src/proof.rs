//! What proves to a provider that we may ask. Tokens that end are renewed by one process alone, whoever notices first: many
//! providers end the old pair with the first renewal, and a second one would fail.

use std::time::Duration;

use connect::Client;
use connect::provider::exchange::is_good;
use connect::provider::{Proof, exchange};
use model::{Connection, Credentials, Failure, FailureCode, Sealed};
use store::{Opened, Renewal, Store};

use crate::manners::ours;

/// How long a renewal is one process's business: longer than a token server may take.
const RENEWAL: Duration = Duration::from_secs(150);
/// How often somebody who waits for another's renewal looks.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long he waits before he tells that it takes too long.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The proof of a connection as it is now. `refused` is one that the provider has just refused: it is not given again where
/// another can be got.
pub(crate) async fn current(
    store: &Store,
    client: &Client,
    connection: &Connection,
    refused: Option<&Proof>,
) -> Result<Proof, Failure> {
    let began = store.now();
    while store.now().since(began) <= LONGEST_WAIT {
        let opened = store.open_secrets(connection.id).await.map_err(|error| ours(&error))?.ok_or_else(gone)?;
        if let Some(proof) = usable(store, &opened, refused) {
            return Ok(proof);
        }
        let renewal = store.begin_renewal(connection.id, opened.version, RENEWAL).await;
        match renewal.map_err(|error| ours(&error))? {
            Some(renewal) => return renew(store, client, connection, &opened, &renewal).await,
            None => tokio::time::sleep(LOOK_EVERY).await,
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

async fn renew(
    store: &Store,
    client: &Client,
    connection: &Connection,
    opened: &Opened,
    renewal: &Renewal,
) -> Result<Proof, Failure> {
    let got = exchange(client, &connection.account, &opened.sealed.credentials, store.now()).await;
    let sealed = match got {
        Ok(sealed) => sealed,
        Err(failure) => {
            if let Err(error) = store.end_renewal(renewal).await {
                tracing::warn!(%error, connection = %connection.id, "others may renew the token only in a while");
            }
            return Err(failure);
        }
    };
    model::faults::reach("renewal.after_exchange");
    if !store.renew(renewal, &sealed).await.map_err(|error| ours(&error))? {
        return Err(Failure::new(FailureCode::Internal, "the connection was changed while its token was renewed"));
    }
    let grant = sealed.grant.ok_or_else(|| Failure::new(FailureCode::ServerError, "no token was given"))?;
    Ok(Proof::Bearer(grant.access_token))
}

fn gone() -> Failure {
    Failure::new(FailureCode::ProviderDisconnected, "the provider is not connected any more")
}
