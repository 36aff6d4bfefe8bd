//! Has documents read so that a hostile one harms nobody: by readers that keep to a budget, or in a child process.

mod child;
mod confine;
mod death;
mod effort;
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

/// Both ends of the talk between parent and child, for whoever tries to break them.
#[doc(hidden)]
pub mod wire {
    pub use super::child::serve;
    pub use super::process::answer;
    pub use super::protocol::Answer;
}

#[cfg(test)]
mod tests;
