//! How much a run of the benchmark measures.

use std::time::Duration;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// How many rounds count.
    pub rounds: usize,
    /// How long one side works in a round.
    pub slice: Duration,
    /// How many jobs are drained in a round.
    pub jobs: u32,
    /// How many times a job is timed from its call to its start.
    pub samples: usize,
    /// How many finished documents, or waiting jobs, are a great many.
    pub many: usize,
    /// How many jobs one workspace has queued before a thousand others come.
    pub backlog: usize,
    /// How long a snapshot is held.
    pub hold: Duration,
    /// How long an idle worker is watched.
    pub watch: Duration,
    /// How many workers wait for one job.
    pub workers: usize,
}
