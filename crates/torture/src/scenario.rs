//! The list of scenarios, and what each needs of the machine.

mod clock;
mod connections;
mod disk;
mod freeze;
mod kills;
mod machines;
mod outage;
mod partition;
mod points;
mod poison;
mod power;
mod providers;
mod revoked;
mod takeover;

use std::path::Path;

use anyhow::Result;
use nix::unistd::Uid;

use crate::crew::{On, Venue};
use crate::extent::Extent;
use crate::outcome::Outcome;

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
    Connections,
    Providers,
}

/// In the order in which they are run.
pub const SCENARIOS: [Scenario; 14] = [
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
    Scenario::Connections,
    Scenario::Providers,
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
            Self::Connections => "connections",
            Self::Providers => "providers",
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
            Self::Connections => connections::run(venue, on, extent).await,
            Self::Providers => providers::run(venue, on, extent).await,
        }
    }
}
