//! The conformance suite: it defines the store, and every test of it runs on both databases.

mod blobs;
mod documents;
mod enqueue;
mod fencing;
mod finish;
mod idempotency;
mod isolation;
mod jobs;
mod keys;
mod lanes;
mod listing;
mod open;
mod robots;
mod schema;
mod stores;
mod sweep;
mod transactions;
mod workers;
mod workspaces;
