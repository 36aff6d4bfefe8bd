//! The measures, each by its name.

mod drain;
mod post;
mod read;

use std::time::Duration;

use anyhow::Result;

use crate::report::Report;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// How many rounds count.
    pub rounds: usize,
    /// How long one side works in a round.
    pub slice: Duration,
    /// How many jobs are drained in a round.
    pub jobs: u32,
}

/// The names that `--only` takes, with what they measure.
pub const NAMES: [(&str, &str); 5] = [
    ("post-1000", "POST of 1,000 URLs"),
    ("post-1", "POST of 1 URL, 16 clients"),
    ("drain", "runs that do nothing, to their end"),
    ("get", "GET of a document"),
    ("list", "a list of 50 documents"),
];

/// Takes one measure.
pub async fn take(name: &str, scale: &Scale, report: &mut Report) -> Result<()> {
    match name {
        "post-1000" => post::many(scale, report).await,
        "post-1" => post::one(scale, report).await,
        "drain" => drain::take(scale, report).await,
        "get" => read::get(scale, report).await,
        "list" => read::list(scale, report).await,
        _ => anyhow::bail!("there is no measure {name:?}"),
    }
}
