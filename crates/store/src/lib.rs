//! What Gleaner remembers: every table, both SQL dialects, and the blob folder. The only crate that knows SQL.
//!
//! A caller opens a [`Read`] or a [`Write`]; there is no other way to the database, and nothing is kept without
//! [`Write::commit`]. Time is always an argument, taken from [`Store::now`].

#![warn(missing_docs)]

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
mod leftovers;
mod listing;
mod open;
mod robots;
#[cfg(test)]
mod statements;
mod sweep;
mod target;
mod transaction;
mod workers;
mod workspaces;

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
pub use transaction::{Read, Store, Write};
