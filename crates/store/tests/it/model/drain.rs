//! The end of each history: pauses end, workers work, and every document must be final within a bound.

use model::Timestamp;

use super::pair::Pair;
use super::steps::{Ending, Step};

/// What each live job may take: its lease, a strained host's turns, or a day where the day's requests are spent.
const EACH: u64 = 86_400 + 64 * 45;
/// A worker that takes all it can get.
const WORKER: u32 = 0;
const ALL: usize = 64;
const LEASE_IS_OVER: u64 = 61_000;

impl Pair<'_> {
    /// I6: works until nothing is left, step by step on both sides.
    pub async fn drain(&mut self) -> Result<(), String> {
        for what in super::pair::everything() {
            self.step(&Step::Resume(what)).await?;
        }
        self.step(&Step::Release).await?;
        // Whoever still runs a job stays silent from now on.
        self.step(&Step::Wait { millis: LEASE_IS_OVER }).await?;
        let (begun, live) = (self.now, self.live());
        for _ in 0..=8 * live + 8 {
            if self.live() == 0 {
                return Ok(());
            }
            self.step(&Step::Recover).await?;
            let before = self.grants();
            self.step(&Step::Claim { worker: WORKER, limit: ALL, only: None }).await?;
            let grants = (before..self.grants()).map(|grant| (grant, Ending::Text)).collect::<Vec<_>>();
            if grants.is_empty() {
                self.step(&Step::Wait { millis: self.to_next_event() }).await?;
            } else {
                self.step(&Step::End { grants }).await?;
            }
            if self.now.since(begun).as_secs() > EACH * (live + 1) {
                return Err(format!(
                    "I6: {} of {live} documents are not final after {:?}",
                    self.live(),
                    self.now.since(begun)
                ));
            }
        }
        Err(format!("I6: {} of {live} documents are not final after so many claims", self.live()))
    }

    fn live(&self) -> u64 {
        (0..super::steps::WORKSPACES).map(|workspace| self.live_of(workspace)).sum()
    }

    /// Until the next turn, time or lease; the store's word for it is compared with the reference's after each step.
    fn to_next_event(&self) -> u64 {
        let outlook = self.outlook();
        let soon = |next: Timestamp| u64::try_from(next.since(self.now).as_millis()).unwrap_or(u64::MAX);
        outlook.next.into_iter().chain(outlook.next_expiry).map(soon).min().unwrap_or_default() + 1
    }
}
