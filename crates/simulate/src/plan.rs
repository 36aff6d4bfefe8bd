//! What is simulated: who queues what and when, who works, and how hosts answer.

use std::time::Duration;

use model::{Pace, Priority};
use reference::Fault;

/// A whole simulation. The same plan with the same seed goes the same way.
#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    /// One workspace each.
    pub weights: Vec<i64>,
    pub loads: Vec<Load>,
    pub crew: Crew,
    pub hosts: Hosts,
    pub pace: Pace,
    pub max_attempts: i64,
    /// The wait after the first failed attempt; each further one is three times as long.
    pub retry_base: Duration,
    /// A rule that is broken on purpose.
    pub fault: Option<Fault>,
}

/// Pages that a workspace queues: so many in each call, again and again.
#[derive(Debug, Clone)]
pub struct Load {
    pub workspace: u32,
    pub at: Duration,
    pub pages: u32,
    pub calls: u32,
    pub every: Duration,
    pub priority: Priority,
    /// The first host and how many; the pages go round.
    pub hosts: (u32, u32),
    /// Whether the wait of each page is measured.
    pub is_watched: bool,
}

/// The working processes.
#[derive(Debug, Clone)]
pub struct Crew {
    pub workers: u32,
    /// Documents that one process runs at once.
    pub slots: u32,
    pub lease: Duration,
    /// In a million runs: the process dies in the middle.
    pub crashes: u64,
    /// In a million runs: the process stands still for three leases, then goes on as if nothing had happened.
    pub stalls: u64,
    /// The process that acts at this event dies right after it.
    pub crash_at: Option<u64>,
}

/// How hosts answer.
#[derive(Debug, Clone)]
pub struct Hosts {
    /// The shortest and the longest answer.
    pub latency: (Duration, Duration),
    /// In a million answers: another attempt may do better.
    pub failures: u64,
    /// In a million answers: there is no such page.
    pub missing: u64,
    /// In a million answers: too many requests, come back in ten seconds.
    pub rate_limits: u64,
    /// Every such host asks for a Crawl-delay; zero for none.
    pub crawl_delay_each: u32,
    pub crawl_delay: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1,
            weights: vec![1],
            loads: Vec::new(),
            crew: Crew { workers: 16, slots: 8, lease: Duration::from_secs(30), crashes: 0, stalls: 0, crash_at: None },
            hosts: Hosts {
                latency: (Duration::from_millis(200), Duration::from_millis(1_400)),
                failures: 0,
                missing: 0,
                rate_limits: 0,
                crawl_delay_each: 0,
                crawl_delay: Duration::from_secs(5),
            },
            pace: Pace {
                delay: Duration::from_secs(1),
                concurrency: 8,
                crawl_delay_cap: Duration::from_secs(30),
                daily: None,
            },
            max_attempts: 5,
            retry_base: Duration::from_secs(15),
            fault: None,
        }
    }
}

impl Load {
    /// One call with many pages.
    pub fn import(workspace: u32, pages: u32, hosts: (u32, u32)) -> Self {
        Self {
            workspace,
            at: Duration::ZERO,
            pages,
            calls: 1,
            every: Duration::ZERO,
            priority: Priority::of_call(pages as usize),
            hosts,
            is_watched: false,
        }
    }

    /// Calls with one page each, whose waits are measured.
    pub fn singles(workspace: u32, calls: u32, every: Duration, hosts: (u32, u32)) -> Self {
        let priority = Priority::Interactive;
        Self { workspace, at: every, pages: 1, calls, every, priority, hosts, is_watched: true }
    }

    /// The same, later.
    pub fn at(self, at: Duration) -> Self {
        Self { at, ..self }
    }

    /// How many pages in all.
    pub fn total(&self) -> u64 {
        u64::from(self.pages) * u64::from(self.calls)
    }
}

impl Crew {
    /// Documents that run at once.
    pub fn slots_in_all(&self) -> u32 {
        self.workers * self.slots
    }
}

impl Plan {
    /// The loads that nobody waits for.
    pub fn imports(&self) -> impl Iterator<Item = &Load> {
        self.loads.iter().filter(|load| !load.is_watched)
    }

    /// Whether a load has so many hosts that it waits for workers and not for them.
    pub fn is_wide(&self, load: &Load) -> bool {
        load.hosts.1 >= self.crew.workers * self.crew.slots
    }

    /// How many pages are queued in all.
    pub fn pages(&self) -> u64 {
        self.loads.iter().map(Load::total).sum()
    }

    /// I6: the longest that a document may take from its first start to its end: each attempt may be lost with its worker or
    /// wait for a late one, and then waits for its backoff and for its turn at a host that may be strained.
    pub fn bound(&self) -> Duration {
        let attempts = u32::try_from(self.max_attempts).unwrap_or(1);
        // Only an answer that failed has a backoff; a run that was lost with its worker may go on at once.
        let failures = if self.hosts.failures > 0 { attempts } else { 0 };
        let backoff: u32 = (0..failures).map(|step| 3_u32.pow(step)).sum();
        let delay = self.pace.delay.max(self.hosts.crawl_delay.min(self.pace.crawl_delay_cap));
        let turn = delay * 64 + self.hosts.latency.1;
        (self.crew.lease * 5 + turn) * attempts + self.retry_base * backoff
    }
}
