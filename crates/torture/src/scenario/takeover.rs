//! F3: how long the pages of a killed worker wait until another one asks for them.

use std::time::{Duration, Instant};

use anyhow::Result;
use testkit::site::{Gate, Site};

use crate::checker::{Demands, judge};
use crate::crew::{HASTE, IN_HAND, On, Venue, page};
use crate::extent::Extent;
use crate::ground::{Ground, Twist};
use crate::outcome::Outcome;
use crate::witness::{Witness, until};

const PATIENCE: Duration = Duration::from_mins(2);
/// What a takeover may take beyond the lease.
const MARGIN: Duration = Duration::from_secs(5);

pub async fn run(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
    // A site that keeps its visitors waiting as long as this scenario does is given up otherwise.
    let twist = Twist::flags(&["--lease", extent.lease, "--first-byte", "10m", "--fetch-time", "10m"]);
    let site = Site::start().await;
    let _server = ground.serve(&twist).await?;
    let witness = Witness::new(ground.client()?);
    let _watch = witness.watch();
    let mut victim = ground.work(&twist)?;
    let mut times = Vec::new();
    for round in 0..extent.rounds {
        let gate = Gate::closed();
        let below = format!("/round-{round}/");
        // As many pages as the two have hands: when all are asked for, each holds its share.
        let paths = (0..2 * IN_HAND).map(|number| format!("{below}{number}"));
        witness.queue(paths.map(|path| site.on(&path, page(&path).behind(&gate))).collect()).await;
        until("both are busy", PATIENCE, || site.count_below(&below) == 2 * IN_HAND).await?;
        let heir = ground.work(&twist)?;
        until("the heir works", PATIENCE, || heir.log().contains("working")).await?;
        witness.blow(IN_HAND, Duration::ZERO);
        let killed = Instant::now();
        victim.kill().await?;
        until("the pages are asked for again", PATIENCE, || site.count_below(&below) == 3 * IN_HAND).await?;
        let again = site.visits().into_iter().filter(|visit| visit.path.starts_with(&below) && visit.at > killed);
        times.extend(again.map(|visit| visit.at - killed));
        gate.open();
        witness.all_ended(PATIENCE).await?;
        victim = heir;
    }
    let mut verdict = judge(&witness.testify(site.visits()).await?, Demands::default());
    let lease = Duration::from_secs(extent.lease.trim_end_matches('s').parse()?);
    let late = times.iter().filter(|time| **time > lease + MARGIN).count();
    if late > 0 {
        verdict.complain(format!("{late} pages waited more than the lease and {MARGIN:?}"));
    }
    let early = times.iter().filter(|time| **time < lease / 2).count();
    if early > 0 {
        verdict.complain(format!("{early} pages were taken while the lease was young"));
    }
    let note = format!("lease {}", extent.lease);
    Ok(vec![Outcome::new("F3 takeover", on.name(), extent.rounds, verdict).timed(times).noted(note)])
}
