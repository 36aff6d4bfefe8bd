//! A process dies at each named point in turn, just before and just after each commit; afterwards all is as it should be.

use std::time::Duration;

use anyhow::{Context, Result};
use model::faults::POINTS;
use nix::sys::signal::Signal;
use testkit::site::{Gate, Site};
use tokio::task::JoinSet;

use crate::checker::{Demands, judge};
use crate::crew::{HASTE, IN_HAND, On, Venue, page};
use crate::evidence::Seen;
use crate::ground::{Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::process::Process;
use crate::witness::{Witness, until};

const PATIENCE: Duration = Duration::from_mins(1);
const PAGES: usize = 12;
/// Most of the time is spent waiting for leases to end.
const AT_ONCE: usize = 4;
pub async fn run(venue: &Venue, on: On) -> Result<Vec<Outcome>> {
    if !venue.has_faults {
        return Ok(vec![Outcome::skipped("fault points", on.name(), "needs a build with the feature `faults`")]);
    }
    let mut verdict = Verdict::default();
    for points in POINTS.chunks(AT_ONCE) {
        let mut dying = JoinSet::new();
        for point in points {
            let venue = venue.clone();
            dying.spawn(async move { (*point, async { Stage::set(&venue, on).await?.die_at(point).await }.await) });
        }
        while let Some(found) = dying.join_next().await {
            let (point, found) = found.context("a stage broke")?;
            let mut found = found.with_context(|| point)?;
            found.complaints.iter_mut().for_each(|complaint| *complaint = format!("{point}: {complaint}"));
            verdict.add(found);
        }
    }
    Ok(vec![Outcome::new("fault points", on.name(), POINTS.len(), verdict)])
}

/// Everything but the process that is to die.
struct Stage {
    ground: std::sync::Arc<Ground>,
    site: Site,
    gate: Gate,
    witness: Witness,
}

impl Stage {
    /// A store with a key and a site whose pages wait for the gate.
    async fn set(venue: &Venue, on: On) -> Result<Self> {
        let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
        let (site, gate) = (Site::start().await, Gate::closed());
        let behind = gate.clone();
        site.otherwise(move |path| (path != "/robots.txt").then(|| page(path).behind(&behind)));
        ground.serve(&Twist::default()).await?.stop().await?;
        let witness = Witness::new(ground.client()?);
        Ok(Self { ground, site, gate, witness })
    }

    async fn die_at(self, point: &str) -> Result<Verdict> {
        let armed = Twist::default().armed(point);
        let mut victim = self.ground.serve(&armed).await?;
        let urls: Vec<String> = (0..PAGES).map(|number| self.site.url(&format!("/{number}"))).collect();
        self.witness.blow(2 * IN_HAND, PATIENCE);
        match point.split('.').next() {
            Some("enqueue" | "claim" | "heartbeat") => drop(self.witness.queue(urls).await),
            Some("reap") => victim = self.reaper(victim, urls, &armed).await?,
            Some("stop") => {
                self.witness.queue(urls).await;
                until("pages are in hand", PATIENCE, || self.site.count("/0") > 0).await?;
                victim.kill().await?;
                victim = self.ground.serve(&Twist::flags(&["--grace", "0s"]).armed(point)).await?;
                let seen = self.site.visits().len();
                until("pages are in hand again", PATIENCE, || self.site.visits().len() > seen).await?;
                victim.signal(Signal::SIGTERM);
            }
            _ => {
                self.witness.queue(urls).await;
                self.gate.open();
            }
        }
        let has_died = until("the process dies", PATIENCE / 4, || victim.status().is_some()).await.is_ok();
        drop(victim);
        self.gate.open();
        self.aftermath(has_died).await
    }

    /// Leaves pages to whoever buries the dead, and returns the one that is to die of it.
    async fn reaper(&self, first: Process, urls: Vec<String>, armed: &Twist) -> Result<Process> {
        self.witness.queue(urls).await;
        until("pages are in hand", PATIENCE, || self.site.count("/0") > 0).await?;
        first.kill().await?;
        self.ground.serve(armed).await
    }

    async fn aftermath(self, has_died: bool) -> Result<Verdict> {
        let _server = self.ground.serve(&Twist::default()).await?;
        // What was not stored is queued once more: a client that got no answer does that.
        let urls: Vec<String> = (0..PAGES).map(|number| self.site.url(&format!("/{number}"))).collect();
        if self.witness.look().await?.is_empty() {
            self.witness.queue(urls).await;
        }
        let documents = self.witness.all_ended(PATIENCE).await?;
        let mut verdict = judge(&self.witness.testify(self.site.visits()).await?, Demands::default());
        if documents.iter().filter(|seen: &&Seen| seen.has_completed()).count() != PAGES {
            verdict.complain(format!("{} documents instead of {PAGES}", documents.len()));
        }
        if !has_died {
            verdict.complain("the point was not reached, so nothing was tried");
        }
        Ok(verdict)
    }
}
