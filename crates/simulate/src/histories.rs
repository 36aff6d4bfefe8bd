//! Many short histories: a small world for each seed, and the same world again for each of its events with a crash right there.

use std::time::Duration;

use model::{Pace, Priority};
use reference::Fault;

use crate::plan::{Crew, Hosts, Load, Plan};
use crate::random::Random;
use crate::world;

/// What a walk over histories has seen.
#[derive(Debug, Default, Clone, Copy)]
pub struct Walked {
    pub histories: u64,
    pub events: u64,
    pub grants: u64,
    pub repeats: u64,
    pub refused: u64,
}

/// A history that breaks a rule: how to see it again, and what it broke.
#[derive(Debug)]
pub struct Broken {
    pub seed: u64,
    pub crash_at: Option<u64>,
    pub why: String,
}

/// Walks over at least so many histories from `seed` on.
pub fn walk(seed: u64, histories: u64, fault: Option<Fault>, mut progress: impl FnMut(u64)) -> Result<Walked, Broken> {
    let mut walked = Walked::default();
    for seed in seed.. {
        let events = one(seed, None, fault, &mut walked)?;
        for event in 1..=events {
            one(seed, Some(event), fault, &mut walked)?;
        }
        progress(walked.histories);
        if walked.histories >= histories {
            break;
        }
    }
    Ok(walked)
}

/// One history; says how many events it has.
pub fn one(seed: u64, crash_at: Option<u64>, fault: Option<Fault>, walked: &mut Walked) -> Result<u64, Broken> {
    let told = world::run(&plan(seed, crash_at, fault)).map_err(|why| Broken { seed, crash_at, why })?;
    walked.histories += 1;
    walked.events += told.events;
    walked.grants += told.watch.grants;
    walked.repeats += told.watch.repeats;
    walked.refused += told.watch.refused;
    Ok(told.events)
}

/// The rules whose breach the histories must notice, and a part of what is said then.
pub const CONTROLS: [(Fault, &str); 5] = [
    (Fault::NoFence, "does not hold it"),
    (Fault::ForgetsNextStart, "instead of"),
    (Fault::ForgetsRunning, "run at once"),
    (Fault::ForgetsAttempts, "is at attempt 0"),
    (Fault::GrantsTwice, "runs twice at once"),
];

/// A small world in which everything that can go wrong is likely.
fn plan(seed: u64, crash_at: Option<u64>, fault: Option<Fault>) -> Plan {
    let mut random = Random::new(seed);
    let mut up_to = |most: u64| u32::try_from(1 + random.below(most)).unwrap_or(1);
    let (workspaces, hosts) = (up_to(3), up_to(3));
    let loads = (0..workspaces).map(|workspace| {
        let load = Load::import(workspace, up_to(6), (0, hosts));
        let priority = [Priority::Bulk, Priority::Interactive, Priority::Scheduled][up_to(3) as usize - 1];
        Load { at: Duration::from_millis(u64::from(up_to(3_000))), priority, ..load }
    });
    let loads = loads.collect();
    let crew = Crew {
        workers: up_to(3),
        slots: up_to(3),
        lease: Duration::from_secs(5),
        crashes: 20_000,
        stalls: 50_000,
        crash_at,
    };
    let answers = Hosts {
        latency: (Duration::from_millis(50), Duration::from_secs(2)),
        failures: 100_000,
        missing: 50_000,
        rate_limits: 30_000,
        crawl_delay_each: up_to(4),
        crawl_delay: Duration::from_secs(2),
    };
    let delay = [Duration::ZERO, Duration::from_millis(300), Duration::from_secs(1)][up_to(3) as usize - 1];
    let pace = Pace { delay, concurrency: i64::from(up_to(3)), crawl_delay_cap: Duration::from_secs(3), daily: None };
    let weights = (0..workspaces).map(|workspace| i64::from(workspace) + 1).collect();
    let retry_base = Duration::from_secs(1);
    Plan { seed, weights, loads, crew, hosts: answers, pace, retry_base, max_attempts: 10, fault }
}

#[cfg(test)]
mod tests;
