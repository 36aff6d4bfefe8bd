//! The pipeline before real sites on this machine, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod crawl;
