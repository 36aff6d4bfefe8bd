//! What stands between a provider and a connection: its lane, which all machines share, and its proof.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use connect::Client;
use connect::provider::{Gate, Proof};
use model::{Connection, Failure, Timestamp};
use store::Store;

use crate::manners::{TARDY, Turns, ease, rest};
use crate::proof;
use crate::settings::Settings;

/// The gate of one connection, for one run or one look at everything.
pub(crate) struct ConnectionGate<'a> {
    store: &'a Store,
    client: &'a Client,
    settings: &'a Settings,
    connection: &'a Connection,
    lane: String,
    /// A turn that the claim has taken.
    in_hand: Mutex<Option<Timestamp>>,
    /// What was last sent.
    proof: Mutex<Option<Proof>>,
}

impl<'a> ConnectionGate<'a> {
    pub(crate) fn new(
        store: &'a Store,
        client: &'a Client,
        settings: &'a Settings,
        connection: &'a Connection,
        in_hand: Option<Timestamp>,
    ) -> Self {
        let (lane, in_hand, proof) = (connection.lane(), Mutex::new(in_hand), Mutex::default());
        Self { store, client, settings, connection, lane, in_hand, proof }
    }
}

impl Gate for ConnectionGate<'_> {
    async fn turn(&self) -> Result<(), Failure> {
        let in_hand = self.in_hand.lock().unwrap_or_else(PoisonError::into_inner).take();
        let turns = Turns { store: self.store, pace: &self.settings.pace, lane: &self.lane, tardy: TARDY };
        turns.wait(in_hand).await
    }

    async fn ease(&self, asked: Option<Duration>) {
        // A provider that says when to come back need not be asked less often after that.
        match asked {
            Some(asked) => rest(self.store, &self.lane, asked, &self.settings.pace).await,
            None => ease(self.store, &self.lane, None, &self.settings.pace).await,
        }
    }

    async fn proof(&self, refused: Option<&Proof>) -> Result<Proof, Failure> {
        let known = self.proof.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let (Some(known), None) = (known, refused) {
            return Ok(known);
        }
        let proof = proof::current(self.store, self.client, self.connection, refused, self.settings.lease).await?;
        *self.proof.lock().unwrap_or_else(PoisonError::into_inner) = Some(proof.clone());
        Ok(proof)
    }
}
