//! The commands, one file each.

pub mod agent;
pub mod article;
pub mod config;
pub mod connect;
pub mod crawl;
pub mod extract;
pub mod folder;
pub mod ingest;
pub mod jobs;
pub mod key;
pub mod list;
pub mod migrate;
pub mod openapi;
pub mod queue;
pub mod review;
pub mod schedule;
pub mod serve;
pub mod show;
pub mod site;
pub mod sync;
pub mod work;
pub mod workspace;
