//! Turns at hosts: every request of a run takes one, whichever process took the last.

use std::time::Duration;

use connect::Client;
use model::{Failure, FailureCode, Pace, Timestamp, WebUrl};
use store::Store;

use crate::retry::LONGEST_RETRY_AFTER;
use crate::settings::Settings;

/// How late a turn may be used; with a long delay it is a quarter of that.
pub(crate) const TARDY: Duration = Duration::from_millis(20);
/// How often a turn is taken anew after it went by unused; a machine that is always late asks late all the same.
const MOST_MISSED: usize = 3;

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

    /// For who has no turn in hand.
    pub(crate) fn afresh(store: &'a Store, client: &'a Client, settings: &'a Settings) -> Self {
        Self { store, client, settings, in_hand: None }
    }

    /// Waits until the host of `url` may be asked once. A turn that went by, because the process or its machine stood still, is
    /// taken anew: who comes next asks on time, and two late ones would ask together.
    pub(crate) async fn wait_for_turn(&mut self, url: &WebUrl) -> Result<(), Failure> {
        let lane = url.lane();
        let in_hand = self.in_hand.take().filter(|(in_hand, _)| *in_hand == lane).map(|(_, start_at)| start_at);
        let tardy = TARDY.max(self.settings.pace.delay / 4);
        let turns = Turns { store: self.store, pace: &self.settings.pace, lane: &lane, tardy };
        turns.wait(in_hand).await
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
        ease(self.store, &url.lane(), asked, &self.settings.pace).await;
    }
}

/// The turns in a lane.
pub(crate) struct Turns<'a> {
    pub(crate) store: &'a Store,
    pub(crate) pace: &'a Pace,
    pub(crate) lane: &'a str,
    /// How late a turn may be used.
    pub(crate) tardy: Duration,
}

impl Turns<'_> {
    /// Waits for the turn in hand, or for the next one.
    pub(crate) async fn wait(&self, in_hand: Option<Timestamp>) -> Result<(), Failure> {
        let mut turn = match in_hand {
            Some(turn) => turn,
            None => self.reserve().await?,
        };
        for _ in 0..MOST_MISSED {
            tokio::time::sleep(turn.since(self.store.now())).await;
            if self.store.now().since(turn) <= self.tardy {
                return Ok(());
            }
            turn = self.reserve().await?;
        }
        tokio::time::sleep(turn.since(self.store.now())).await;
        Ok(())
    }

    async fn reserve(&self) -> Result<Timestamp, Failure> {
        self.store.reserve_turn(self.lane, self.pace).await.map_err(|error| ours(&error))
    }
}

/// Asks less often in a lane for a while, and not before it was asked for.
pub(crate) async fn ease(store: &Store, lane: &str, asked: Option<Duration>, pace: &Pace) {
    let until = asked.map(|asked| store.now().plus(asked.min(LONGEST_RETRY_AFTER)));
    if let Err(error) = store.ease_lane(lane, until, pace).await {
        tracing::warn!(%error, host = lane, "could not hold the host back");
    }
}

/// Asks nothing in a lane for as long as it was asked for.
pub(crate) async fn rest(store: &Store, lane: &str, asked: Duration, pace: &Pace) {
    let until = store.now().plus(asked.min(LONGEST_RETRY_AFTER));
    if let Err(error) = store.rest_lane(lane, until, pace).await {
        tracing::warn!(%error, lane, "could not hold the provider's lane back");
    }
}

/// A fault of the store during a run.
pub(crate) fn ours(error: &store::Error) -> Failure {
    Failure::new(FailureCode::Internal, error.to_string())
}

#[cfg(test)]
mod tests {
    use model::Clock;
    use store::Target;

    use super::*;

    const DELAY: Duration = Duration::from_millis(400);

    #[tokio::test]
    async fn a_turn_that_went_by_is_taken_anew() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("gleaner.db"));
        let store = Store::open(&target, folder.path(), Clock::system()).await.unwrap();
        let client = Client::new(&connect::Config::default(), Clock::system()).unwrap();
        let pace = Pace { delay: DELAY, ..Settings::default().pace };
        let settings = Settings { pace, ..Settings::default() };
        let url = WebUrl::parse("https://example.com/page").unwrap();

        let others = store.reserve_turn(&url.lane(), &settings.pace).await.unwrap();
        let long_ago = Timestamp::from_micros(others.as_micros() - 10_000_000);
        Manners::new(&store, &client, &settings, (&url, long_ago)).wait_for_turn(&url).await.unwrap();
        assert!(store.now() >= others.plus(DELAY), "the late one asked together with another");
        let next = store.reserve_turn(&url.lane(), &settings.pace).await.unwrap();
        assert!(next >= others.plus(2 * DELAY), "the turn that it took was not its own");
    }
}
