//! Turns jobs into texts: claims them, visits pages politely, has them read, and saves what came of it.

#![warn(missing_docs)]

mod duties;
mod ingest;
mod manners;
pub mod parser;
mod retry;
mod robots;
mod running;
mod settings;
mod visit;
mod worker;

pub use ingest::Ingest;
pub use running::Phase;
pub use settings::Settings;
pub use worker::{Worker, alive};
