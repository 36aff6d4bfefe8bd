//! The program itself, from outside: real processes, real databases, a real web site on this machine, and every fault we can stage.
#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod charts;
mod commands;
mod configuration;
mod consent;
mod control;
mod crashes;
mod crawl;
mod extract;
mod fairness;
mod footprint;
mod ground;
mod hostile;
mod ingest;
mod keys;
mod outcomes;
mod politeness;
mod providers;
mod queueing;
mod refusals;
mod restarts;
mod review;
mod secrets;
mod server;
mod service;
mod sites;
mod torture;
