//! The crate from outside: the table of verdicts, what holds for any two texts, and what large ones cost.

mod large;
mod properties;
mod verdicts;
