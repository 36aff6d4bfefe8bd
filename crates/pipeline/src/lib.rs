//! Turns jobs into texts: claims them, visits pages politely, has them read, and saves what came of it.

#![warn(missing_docs)]

mod crawl;
mod duties;
pub mod errand;
mod gate;
mod housekeeping;
mod ingest;
mod item;
mod landing;
mod latency;
mod likeness;
mod manners;
pub mod parser;
mod proof;
mod renewal;
mod retry;
mod robots;
mod running;
mod schedules;
mod settings;
mod site;
mod sources;
mod sync;
mod task;
mod upload;
mod visit;
mod worker;

pub use crawl::Crawler;
pub use ingest::Ingest;
pub use renewal::renewals_ended;
pub use running::{Phase, Place};
pub use settings::Settings;
pub use sources::Sources;
pub use sync::Syncs;
pub use task::{Found, Task};
pub use worker::{Worker, alive};
