//! A server, its helpers and a site: what most scenarios set to work before they strike.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use testkit::postgres;
use testkit::site::{Answer, Site};
use tokio::task::JoinHandle;
use url::Url;

use crate::chance::Chance;
use crate::evidence::Reply;
use crate::ground::{Database, Ground, Twist};
use crate::process::Process;
use crate::witness::Witness;

/// How many runs one process has in hand at most; what a crash can cost.
pub const IN_HAND: usize = 8;
/// What every process is told: this machine may be visited, nobody waits long, and no crash uses up the attempts.
pub const HASTE: [&str; 14] = [
    "--allow-private",
    "127.0.0.0/8,10.0.0.0/8",
    "--host-delay",
    "0",
    "--lease",
    "2s",
    "--retry-base",
    "200ms",
    "--attempts",
    "100",
    "--concurrency",
    "8",
    "--log",
    "info",
];
/// How many pages wait while a scenario strikes.
const BACKLOG: usize = 120;
const CALL: usize = 20;
const BREATH: Duration = Duration::from_millis(20);

/// Which database a scenario runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// What scenarios are run with.
#[derive(Debug, Clone)]
pub struct Venue {
    /// The program under test.
    pub program: PathBuf,
    /// Whether it was built with the feature `faults`.
    pub has_faults: bool,
    /// A PostgreSQL server, as a superuser, where databases may be made.
    pub server: Url,
}

impl Venue {
    /// A fresh database.
    pub async fn database(&self, on: On) -> Result<Database> {
        match on {
            On::Sqlite => Ok(Database::Sqlite),
            On::Postgres => {
                let made = postgres::database_on(&self.server).await;
                made.map(Database::Own).context("could not make a database")
            }
        }
    }
}

impl On {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// One server and some workers, all of one kind. The server is the first.
#[derive(Debug)]
pub struct Crew {
    pub ground: Arc<Ground>,
    members: Vec<Process>,
    twist: Twist,
}

impl Crew {
    /// Starts a server and then its helpers.
    pub async fn start(ground: Arc<Ground>, helpers: usize, twist: Twist) -> Result<Self> {
        let mut members = vec![ground.serve(&twist).await?];
        for _ in 0..helpers {
            members.push(ground.work(&twist)?);
        }
        Ok(Self { ground, members, twist })
    }

    /// Kills one by chance, and puts a new one into its place.
    pub async fn kill_one(&mut self, chance: &mut Chance, witness: &Witness) -> Result<()> {
        let place = chance.place(self.members.len());
        witness.blow(IN_HAND, Duration::ZERO);
        let victim = self.members.remove(place);
        victim.kill().await?;
        self.fill(place).await
    }

    /// Replaces everyone who has died by itself. Says how many had.
    pub async fn replace_dead(&mut self) -> Result<usize> {
        let mut dead = 0;
        for place in 0..self.members.len() {
            if self.members[place].status().is_some() {
                dead += 1;
                self.members.remove(place);
                self.fill(place).await?;
            }
        }
        Ok(dead)
    }

    async fn fill(&mut self, place: usize) -> Result<()> {
        let new = if place == 0 { self.ground.serve(&self.twist).await? } else { self.ground.work(&self.twist)? };
        self.members.insert(place, new);
        Ok(())
    }
}

/// Every page says which it is, after a moment in which a process can die.
pub fn pages(site: &Site, pause: Duration) {
    site.otherwise(move |path| (path != "/robots.txt").then(|| page(path).after(pause)));
}

/// A page that says which it is.
pub fn page(path: &str) -> Answer {
    Answer::html(format!("<p>This is the page at {path}, and it says no more than that.</p>"))
}

/// Keeps the queue filled until told to stop.
pub struct Feeder {
    stop: Arc<AtomicBool>,
    feeding: JoinHandle<()>,
}

impl Feeder {
    /// Queues pages of a site that were never queued before.
    pub fn start(witness: &Witness, site: &Site) -> Self {
        let (witness, origin, stop) = (witness.clone(), site.origin(), Arc::new(AtomicBool::new(false)));
        let stopped = Arc::clone(&stop);
        let feeding = tokio::spawn(async move {
            let next = AtomicUsize::new(0);
            while !stopped.load(Ordering::Relaxed) {
                let (acknowledged, done) = witness.progress();
                if acknowledged > done + BACKLOG {
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
                let first = next.fetch_add(CALL, Ordering::Relaxed);
                let urls = (first..first + CALL).map(|number| format!("{origin}/page/{number}")).collect();
                if !matches!(witness.queue(urls).await, Reply::Acknowledged(_)) {
                    tokio::time::sleep(BREATH).await;
                }
            }
        });
        Self { stop, feeding }
    }

    /// Lets the last call end.
    pub async fn stop(self) -> Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        self.feeding.await.context("the feeder broke")
    }
}
