//! What Gleaner remembers: every table, both SQL dialects, and the blob folder. The only crate that knows SQL.
//!
//! A caller opens a [`Read`] or a [`Write`]; there is no other way to the database, and nothing is kept without
//! [`Write::commit`]. Time is always an argument, taken from [`Store::now`].

mod backend;
mod blobs;
mod documents;
mod enqueue;
mod error;
mod finish;
mod idempotency;
mod jobs;
mod keys;
mod lanes;
mod listing;
mod open;
mod robots;
mod sweep;
mod target;
mod workers;
mod workspaces;

use std::ops::{Deref, DerefMut};

use model::{Clock, Timestamp};

pub use blobs::{Blob, BlobWriter, Blobs};
pub use documents::CurrentText;
pub use enqueue::{Queueing, Wanted, WebBatch};
pub use error::Error;
pub use finish::{Change, NewText};
pub use idempotency::Recall;
pub use jobs::{Claim, Claimed, Expired};
pub use keys::{Access, KeyInfo, new_key};
pub use lanes::Pace;
pub use listing::{Direction, Documents, Filter, Page};
pub use robots::StoredRobots;
pub use sweep::Retention;
pub use target::{Target, UnknownDatabase};

use backend::{Pools, Tx};

/// The memory of Gleaner. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
    blobs: Blobs,
    clock: Clock,
}

impl Store {
    /// The time; on PostgreSQL it follows the database's clock, so that machines agree on leases.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The fetched bytes.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Begins a snapshot to read from.
    pub async fn read(&self) -> Result<Read, Error> {
        Ok(Read { tx: self.pools.read().await? })
    }

    /// Begins a transaction to write in. Dropped without [`Write::commit`], it leaves no trace.
    pub async fn write(&self) -> Result<Write, Error> {
        Ok(Write(Read { tx: self.pools.write().await? }))
    }
}

/// A snapshot: what it shows does not change while it is open.
#[derive(Debug)]
pub struct Read {
    tx: Tx,
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
