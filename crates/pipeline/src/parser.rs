//! Has documents read in child processes, so that a hostile one ends a child and not the service.

mod child;
mod confine;
mod death;
mod limits;
mod pool;
mod process;
mod protocol;

pub use child::child_main;
pub use limits::Limits;
pub use pool::Parsers;

#[cfg(test)]
mod tests;
