//! The only doors to the database: a snapshot to read from, a transaction to write in.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use model::{Clock, Timestamp};
use tokio::sync::Notify;

use crate::backend::{Pools, Tx};
use crate::bell::Bell;
use crate::desks::Desks;
use crate::keyring::Keyring;
use crate::low_key::LowKey;
use crate::shares::Shares;
use crate::tally::Tally;
use crate::vault::Vault;
use crate::{Blobs, Error};

/// The memory of Gleaner. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pools: Pools,
    pub(crate) blobs: Blobs,
    pub(crate) clock: Clock,
    pub(crate) bell: Bell,
    pub(crate) desks: Desks,
    pub(crate) keyring: Keyring,
    pub(crate) low_key: Arc<LowKey>,
    pub(crate) shares: Arc<Shares>,
    pub(crate) tally: Tally,
    pub(crate) vault: Vault,
    /// Rings when a sync is asked for in this process.
    pub(crate) syncs: Arc<Notify>,
}

impl Store {
    /// The time; on PostgreSQL it follows the database's clock, so that machines agree on leases.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The same store, with the keys to the secrets in it.
    #[must_use]
    pub fn with_vault(self, vault: Vault) -> Self {
        Self { vault, ..self }
    }

    /// The fetched bytes.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Begins a snapshot to read from.
    pub async fn read(&self) -> Result<Read, Error> {
        Ok(self.on(self.pools.read().await?))
    }

    /// A connection for one question: a statement is a snapshot by itself, and needs no transaction around it.
    pub async fn glance(&self) -> Result<Read, Error> {
        Ok(self.on(self.pools.glance().await?))
    }

    /// The bell that tells workers of new jobs.
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// What this process has done with the queue so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Begins a transaction to write in. Dropped without [`Write::commit`], it leaves no trace.
    pub async fn write(&self) -> Result<Write, Error> {
        Ok(Write(self.on(self.pools.write().await?)))
    }

    fn on(&self, tx: Tx) -> Read {
        Read { tx, shares: Arc::clone(&self.shares), keyring: self.keyring.clone(), vault: self.vault.clone() }
    }
}

/// A snapshot: what it shows does not change while it is open.
#[derive(Debug)]
pub struct Read {
    pub(crate) tx: Tx,
    pub(crate) shares: Arc<Shares>,
    pub(crate) keyring: Keyring,
    pub(crate) vault: Vault,
}

/// A transaction: can do what [`Read`] can, and write.
#[derive(Debug)]
pub struct Write(Read);

impl Write {
    /// Keeps what was written.
    pub async fn commit(self) -> Result<(), Error> {
        self.0.tx.commit().await
    }
}

impl Deref for Write {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.0
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.0
    }
}
