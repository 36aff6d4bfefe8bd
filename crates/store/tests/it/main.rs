//! The conformance suite: it defines the store, and every test of it runs on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod bell;
mod blobs;
mod calls;
mod cancel;
mod control;
mod dice;
mod documents;
mod enqueue;
mod fairness;
mod fencing;
mod finish;
mod idempotency;
mod isolation;
mod jobs;
mod keys;
mod lanes;
mod listing;
mod model;
mod open;
mod pauses;
mod races;
mod random;
mod robots;
mod schema;
mod settle;
mod sharing;
mod stores;
mod suspects;
mod sweep;
mod transactions;
mod turns;
mod upgrade;
mod watchdog;
mod workers;
mod workspaces;
