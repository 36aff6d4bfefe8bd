//! The API from outside: the router, a real store on both databases, and the promise of the OpenAPI document on every answer.
#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod bad_requests;
mod bed;
mod body;
mod connections;
mod control;
mod crawl;
mod docs;
mod docs_page;
mod idempotency;
mod isolation;
mod jobs;
mod keys;
mod listing;
mod log;
mod metrics;
mod promise;
mod queueing;
mod review;
mod routes;
mod schedules;
mod shapes;
mod sites;
