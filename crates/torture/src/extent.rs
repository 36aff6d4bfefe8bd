//! How far the scenarios go.

use std::time::Duration;

/// How far the scenarios go: a few rounds in a test, hundreds before a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Processes killed, and calls that a kill falls into.
    pub kills: usize,
    /// Crashes of PostgreSQL, power cuts, full disks.
    pub cuts: usize,
    /// Workers frozen, clocks moved and workers replaced.
    pub rounds: usize,
    /// The lease whose end is waited for, as `--lease` takes it.
    pub lease: &'static str,
    /// How soon the API must answer again. Tests share their machine with others.
    pub reconnect: Duration,
    /// How long machines are cut off from each other.
    pub outage: Duration,
    /// How many items a provider has.
    pub items: usize,
    /// How many requests a second it may get.
    pub rate: u32,
    /// Where chance begins.
    pub seed: u64,
}

impl Extent {
    /// A few rounds: enough to fail when something is wrong, short enough for every run of the tests.
    pub const BRIEF: Self = Self {
        kills: 12,
        cuts: 2,
        rounds: 1,
        lease: "2s",
        reconnect: Duration::from_secs(10),
        outage: Duration::from_secs(10),
        items: 60,
        rate: 20,
        seed: 1,
    };
    /// All of it.
    pub const FULL: Self = Self {
        kills: 200,
        cuts: 50,
        rounds: 10,
        lease: "15s",
        reconnect: Duration::from_secs(2),
        outage: Duration::from_mins(2),
        items: 5_000,
        rate: 3,
        seed: 1,
    };
}
