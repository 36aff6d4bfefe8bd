//! Turns at hosts: every request of a run takes one, whichever process took the last.

use std::time::Duration;

use connect::Client;
use model::{Failure, FailureCode, Timestamp, WebUrl};
use store::Store;

use crate::retry::LONGEST_RETRY_AFTER;
use crate::settings::Settings;

/// Takes turns at hosts. The claim has already taken the first one, at the host of the document.
pub(crate) struct Manners<'a> {
    pub(crate) store: &'a Store,
    pub(crate) client: &'a Client,
    pub(crate) settings: &'a Settings,
    /// The lane at which a turn is in hand, and when it comes.
    in_hand: Option<(String, Timestamp)>,
}

impl<'a> Manners<'a> {
    pub(crate) fn new(
        store: &'a Store,
        client: &'a Client,
        settings: &'a Settings,
        first: (&WebUrl, Timestamp),
    ) -> Self {
        let (url, start_at) = first;
        Self { store, client, settings, in_hand: Some((url.lane(), start_at)) }
    }

    /// Waits until the host of `url` may be asked once.
    pub(crate) async fn wait_for_turn(&mut self, url: &WebUrl) -> Result<(), Failure> {
        let lane = url.lane();
        let turn = match self.in_hand.take() {
            Some((in_hand, start_at)) if in_hand == lane => start_at,
            _ => self.store.reserve_turn(&lane, &self.settings.pace).await.map_err(|error| ours(&error))?,
        };
        tokio::time::sleep(turn.since(self.store.now())).await;
        Ok(())
    }

    /// Gives up the turn in hand, because its time has passed.
    pub(crate) fn miss_turn(&mut self) {
        self.in_hand = None;
    }

    /// Whether a failure asks for fewer requests.
    pub(crate) fn is_plea(failure: &Failure) -> bool {
        failure.code == FailureCode::RateLimited || failure.retry_after.is_some()
    }

    /// Does what a failure asks for, if it asks for anything.
    pub(crate) async fn heed(&self, url: &WebUrl, failure: &Failure) {
        if Self::is_plea(failure) {
            self.ease(url, failure.retry_after).await;
        }
    }

    /// Asks the host less often for a while, and not before it asked to be.
    pub(crate) async fn ease(&self, url: &WebUrl, asked: Option<Duration>) {
        let lane = url.lane();
        let until = asked.map(|asked| self.store.now().plus(asked.min(LONGEST_RETRY_AFTER)));
        if let Err(error) = self.store.ease_lane(&lane, until, &self.settings.pace).await {
            tracing::warn!(%error, host = lane, "could not hold the host back");
        }
    }
}

/// A fault of the store during a run.
pub(crate) fn ours(error: &store::Error) -> Failure {
    Failure::new(FailureCode::Internal, error.to_string())
}
