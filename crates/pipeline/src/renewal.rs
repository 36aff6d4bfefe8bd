//! The renewal of tokens: a task of its own, which outlives whoever needed it. Once a provider has answered, only the new pair may
//! be worth anything, so it is kept whatever becomes of the run or the call that asked for it.

use std::convert::Infallible;
use std::sync::LazyLock;
use std::time::Duration;

use connect::Client;
use connect::provider::{Proof, exchange};
use model::{Connection, Credentials, Failure, FailureCode, Sealed};
use store::{Opened, Renewal, Store};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::manners::ours;

/// How long a new pair waits for a store that takes nothing: it is nowhere else.
const SAVING: Duration = Duration::from_mins(10);
/// The first and the longest pause between two tries to save it.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How long a process that was told to end waits for renewals that are under way.
const ENDING: Duration = Duration::from_secs(20);

/// The renewals of this process that are under way.
static UNDER_WAY: LazyLock<TaskTracker> = LazyLock::new(TaskTracker::new);

/// Waits until no renewal is under way, or for as long as a process that is to end may take. Only then may the store be closed.
pub async fn renewals_ended() {
    UNDER_WAY.close();
    if tokio::time::timeout(ENDING, UNDER_WAY.wait()).await.is_err() {
        tracing::error!("a token is being renewed and cannot be waited for; its connection may have to be made again");
    }
}

/// What came of a wish to renew.
pub(crate) enum Renewed {
    /// The new proof.
    Proof(Proof),
    /// Somebody else renews, or has renewed.
    Elsewhere,
}

/// Everything that a renewal needs, so that it can do without whoever began it.
pub(crate) struct Need {
    pub(crate) store: Store,
    pub(crate) client: Client,
    pub(crate) connection: Connection,
    pub(crate) opened: Opened,
    /// How long the others leave it alone without a sign of life.
    pub(crate) lease: Duration,
}

impl Need {
    /// Renews in a task of its own, unless somebody else does.
    pub(crate) async fn met(self) -> Result<Renewed, Failure> {
        let task = UNDER_WAY.spawn(async move { self.meet().await });
        task.await.unwrap_or_else(|error| {
            let text = format!("the renewal of a token broke: {error}");
            Err(Failure::new(FailureCode::Internal, text))
        })
    }

    async fn meet(&self) -> Result<Renewed, Failure> {
        let begun = self.store.begin_renewal(self.connection.id, self.opened.version, self.lease).await;
        let Some(renewal) = begun.map_err(|error| ours(&error))? else { return Ok(Renewed::Elsewhere) };
        model::faults::reach("renewal.before_exchange");
        let sealed = match self.exchange(&renewal).await {
            Ok(sealed) => sealed,
            Err(failure) => return Err(self.fail(&renewal, failure).await),
        };
        model::faults::reach("renewal.after_exchange");
        if !self.save(&renewal, &sealed).await? {
            return Ok(Renewed::Elsewhere);
        }
        let grant = sealed.grant.ok_or_else(|| Failure::new(FailureCode::ServerError, "no token was given"))?;
        Ok(Renewed::Proof(Proof::Bearer(grant.access_token)))
    }

    /// Asks the provider, and shows on the way that somebody is at it.
    async fn exchange(&self, renewal: &Renewal) -> Result<Sealed, Failure> {
        let (account, credentials) = (&self.connection.account, &self.opened.sealed.credentials);
        tokio::select! {
            answer = exchange(&self.client, account, credentials, self.store.now()) => answer,
            never = self.beat(renewal) => match never {},
        }
    }

    async fn beat(&self, renewal: &Renewal) -> Infallible {
        loop {
            tokio::time::sleep(self.lease / 3).await;
            if let Err(error) = self.store.keep_renewal(renewal, self.lease).await {
                tracing::warn!(%error, connection = %self.connection.id, "another process may renew the token too");
            }
        }
    }

    /// Keeps the new pair. False where another one was kept since.
    async fn save(&self, renewal: &Renewal, sealed: &Sealed) -> Result<bool, Failure> {
        if model::faults::is_on("renewal.off") {
            return Ok(true);
        }
        let (mut pause, last) = (PAUSES.0, Instant::now() + SAVING);
        loop {
            let error = match self.store.renew(renewal, sealed).await {
                Ok(kept) => return Ok(kept),
                Err(error) => error,
            };
            if Instant::now() >= last {
                tracing::error!(%error, connection = %self.connection.id, "a new token could not be kept and is lost");
                return Err(ours(&error));
            }
            tracing::warn!(%error, connection = %self.connection.id, "a new token is not kept yet; trying again");
            tokio::time::sleep(pause).await;
            pause = PAUSES.1.min(pause * 2);
        }
    }

    /// Gives the right back, and says what is known of tokens that were lost.
    async fn fail(&self, renewal: &Renewal, failure: Failure) -> Failure {
        let is_settled = !renewal.is_taken_over && has_answered(&failure);
        if let Err(error) = self.store.end_renewal(renewal, is_settled).await {
            tracing::warn!(%error, connection = %self.connection.id, "others may renew the token only in a while");
        }
        let is_pair = matches!(self.opened.sealed.credentials, Credentials::Consent { .. });
        if renewal.is_taken_over && is_pair && failure.code == FailureCode::ProviderDisconnected {
            let text =
                format!("{}; the answer to the renewal before was lost, and the new tokens with it", failure.text);
            return Failure { text, ..failure };
        }
        failure
    }
}

/// Whether the provider said itself that it gave no tokens.
const fn has_answered(failure: &Failure) -> bool {
    matches!(failure.code, FailureCode::ProviderDisconnected | FailureCode::RateLimited)
}

#[cfg(test)]
mod tests;
