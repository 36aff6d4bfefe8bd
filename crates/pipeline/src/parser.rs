//! Has documents read so that a hostile one harms nobody: by readers that keep to a budget, or in a child process.

mod child;
mod confine;
mod death;
mod in_place;
mod limits;
mod parsers;
mod pool;
mod process;
mod protocol;
mod reading;
mod sandbox;

pub use child::child_main;
pub use limits::Limits;
pub use parsers::Parsers;

#[cfg(test)]
mod tests;
