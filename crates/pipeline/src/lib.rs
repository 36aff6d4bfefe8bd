//! Turns jobs into texts: claims them, visits pages politely, has them read, and saves what came of it.

#![warn(missing_docs)]

mod duties;
pub mod errand;
mod housekeeping;
mod ingest;
mod latency;
mod manners;
pub mod parser;
mod retry;
mod robots;
mod running;
mod settings;
mod site;
mod task;
mod visit;
mod worker;

pub use ingest::Ingest;
pub use running::{Phase, Place};
pub use settings::Settings;
pub use task::{Found, Task};
pub use worker::{Worker, alive};
