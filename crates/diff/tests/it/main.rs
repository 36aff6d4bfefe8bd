//! The crate from outside: the table of verdicts, what holds for any two texts, and what large ones cost.
#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod large;
mod properties;
mod verdicts;
