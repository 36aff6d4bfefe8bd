//! The list of scenarios, and how far each is to go.

mod clock;
mod disk;
mod freeze;
mod kills;
mod machines;
mod outage;
mod partition;
mod points;
mod poison;
mod power;
mod takeover;

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use nix::unistd::Uid;

use crate::crew::{On, Venue};
use crate::outcome::Outcome;

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
    /// How long machines are cut off from each other.
    pub outage: Duration,
    /// Where chance begins.
    pub seed: u64,
}

impl Extent {
    /// A few rounds: enough to fail when something is wrong, short enough for every run of the tests.
    pub const BRIEF: Self =
        Self { kills: 12, cuts: 2, rounds: 1, lease: "2s", outage: Duration::from_secs(10), seed: 1 };
    /// All of it.
    pub const FULL: Self =
        Self { kills: 200, cuts: 50, rounds: 10, lease: "30s", outage: Duration::from_secs(120), seed: 1 };
}

/// The scenarios, by the names that the command line takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    Kill,
    Calls,
    Takeover,
    Freeze,
    Outage,
    Power,
    Disk,
    Partition,
    Clock,
    Poison,
    Machines,
    Points,
}

/// In the order in which they are run.
pub const SCENARIOS: [Scenario; 12] = [
    Scenario::Kill,
    Scenario::Calls,
    Scenario::Takeover,
    Scenario::Freeze,
    Scenario::Outage,
    Scenario::Power,
    Scenario::Disk,
    Scenario::Partition,
    Scenario::Clock,
    Scenario::Poison,
    Scenario::Machines,
    Scenario::Points,
];

impl Scenario {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Calls => "calls",
            Self::Takeover => "takeover",
            Self::Freeze => "freeze",
            Self::Outage => "outage",
            Self::Power => "power",
            Self::Disk => "disk",
            Self::Partition => "partition",
            Self::Clock => "clock",
            Self::Poison => "poison",
            Self::Machines => "machines",
            Self::Points => "points",
        }
    }

    /// Whether it says something about this database.
    pub const fn is_about(self, on: On) -> bool {
        matches!(on, On::Postgres) || !matches!(self, Self::Outage | Self::Partition | Self::Machines)
    }

    /// What this machine lacks to stage it.
    pub fn lacks(self) -> Option<String> {
        let programs: &[&str] = match self {
            Self::Power => &["mkfs.xfs", "mkfs.ext4", "mount", "umount", "cp"],
            Self::Disk => &["mount", "umount"],
            Self::Partition | Self::Machines => &["ip"],
            _ => return (self == Self::Clock && clock::library().is_none()).then(|| clock::LACKS.to_owned()),
        };
        let is_there = |name: &&&str| {
            ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].iter().any(|at| Path::new(at).join(name).exists())
        };
        let missing = programs.iter().find(|name| !is_there(name)).map(|name| format!("there is no `{name}` here"));
        missing.or_else(|| (!Uid::effective().is_root()).then(|| "only root may mount and lay networks".to_owned()))
    }

    /// Runs it, with its controls.
    pub async fn run(self, venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
        match self {
            Self::Kill => kills::of_processes(venue, on, extent).await,
            Self::Calls => kills::of_calls(venue, on, extent).await,
            Self::Takeover => takeover::run(venue, on, extent).await,
            Self::Freeze => freeze::run(venue, on, extent).await,
            Self::Outage => outage::run(venue, extent).await,
            Self::Power => power::run(venue, on, extent).await,
            Self::Disk => disk::run(venue, on, extent).await,
            Self::Partition => partition::run(venue, extent).await,
            Self::Clock => clock::run(venue, on, extent).await,
            Self::Poison => poison::run(venue, on, extent).await,
            Self::Machines => machines::run(venue, extent).await,
            Self::Points => points::run(venue, on).await,
        }
    }
}
