//! A PostgreSQL server of one's own for developer commands, and child programs that never outlive who started them.

pub mod child;
pub mod server;

pub use server::{Options, Server};
