//! What Gleaner remembers: every table, both SQL dialects, and the blob folder. The only crate that knows SQL.
//!
//! A caller opens a [`Read`] or a [`Write`]; there is no other way to the database, and nothing is kept without
//! [`Write::commit`]. Time is always an argument, taken from [`Store::now`].

#![warn(missing_docs)]

mod access;
mod anchor;
mod at_once;
mod backend;
mod bell;
mod blobs;
mod by_place;
mod calls;
mod cancel;
mod claim;
mod columns;
mod dead_rows;
mod desks;
mod documents;
mod enqueue;
mod error;
mod gather;
mod group;
mod idempotency;
mod jobs;
mod keyring;
mod keys;
mod lanes;
mod leases;
mod leftovers;
mod line_keys;
mod listing;
mod low_key;
mod moves;
mod open;
mod order_keys;
mod overview;
mod pauses;
mod records;
mod retrying;
mod revisions;
mod robots;
mod rows;
mod runs;
mod settle;
mod settle_at_once;
mod settlement;
mod shares;
mod site_pages;
mod sites;
mod standing;
#[cfg(test)]
mod statements;
mod sweep;
mod tally;
mod target;
mod text;
mod transaction;
mod turns;
mod unexplained;
mod workers;
mod workspaces;

pub use access::Access;
pub use bell::{Bell, Ring};
pub use blobs::{Blob, BlobWriter, Blobs};
pub use calls::{Flags, Queueing, Wanted, WebBatch};
pub use cancel::Which;
pub use claim::{Claim, Claimed};
pub use documents::CurrentText;
pub use error::Error;
pub use idempotency::Recall;
pub use jobs::Outlook;
pub use keys::{KeyInfo, new_key};
pub use leases::Expired;
pub use listing::{Direction, Documents, Filter, Page};
pub use overview::{LiveCount, PoolUse};
pub use pauses::{Pausable, Pause};
pub use retrying::{Retried, Retrying};
pub use robots::StoredRobots;
pub use runs::{JobInfo, JobStanding, JobsPage};
pub use settlement::{Again, Lost, Outcome, Settlement};
pub use site_pages::SitePage;
pub use sites::Site;
pub use sweep::Retention;
pub use tally::Tally;
pub use target::{Target, UnknownDatabase};
pub use text::{Change, NewText};
pub use transaction::{Read, Store, Write};
pub use unexplained::Unexplained;
