//! kill -9 at random instants: of any process while documents run, and of the server while pages are queued.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use testkit::site::Site;

use crate::chance::Chance;
use crate::checker::{Demands, Ending, judge};
use crate::crew::{Crew, Feeder, HASTE, On, Venue, pages};
use crate::extent::Extent;
use crate::ground::{Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::witness::Witness;

const PATIENCE: Duration = Duration::from_mins(2);
const PAGES_IN_A_CALL: usize = 1_000;
/// Long enough that no living process loses its pages on a crowded machine: each page fetched again is counted.
const LEASE: [&str; 2] = ["--lease", "6s"];
/// Lists stay short when a store is left after so many rounds.
const CALLS_IN_A_STORE: usize = 20;

/// F1: whoever dies, nothing is lost, nothing is done twice, and only what was in hand runs again.
pub async fn of_processes(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
    let site = Site::start().await;
    pages(&site, Duration::from_millis(150));
    let mut crew = Crew::start(ground, 3, Twist::flags(&LEASE)).await?;
    let witness = Witness::new(crew.ground.client()?);
    let (_watch, feeder) = (witness.watch(), Feeder::start(&witness, &site));
    let mut chance = Chance::new(extent.seed);
    for _ in 0..extent.kills {
        tokio::time::sleep(chance.between(Duration::from_millis(20), Duration::from_millis(400))).await;
        crew.kill_one(&mut chance, &witness).await?;
    }
    feeder.stop().await?;
    witness.all_ended(PATIENCE).await?;
    let evidence = witness.testify(site.visits()).await?;
    let (unknown, refused) = witness.setbacks();
    let verdict = judge(&evidence, Demands::default());
    let note = format!("{} documents; calls broken off {unknown}, refused {refused}", evidence.documents.len());
    Ok(vec![Outcome::new("F1 kill", on.name(), extent.kills, verdict).noted(note)])
}

/// F2: a call that a kill falls into is done whole or not at all, and what was acknowledged is there under the ids promised.
pub async fn of_calls(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    let mut chance = Chance::new(extent.seed);
    let mut verdict = Verdict::default();
    let (mut answered, mut broken) = (0, 0);
    let mut left = extent.kills;
    while left > 0 {
        let rounds = left.min(CALLS_IN_A_STORE);
        let (found, unknown) = calls_in_a_store(venue, on, rounds, &mut chance).await?;
        verdict.add(found);
        answered += rounds - unknown;
        broken += unknown;
        left -= rounds;
    }
    if answered == 0 || broken == 0 {
        verdict.complain("the kills all fell on one side of the answer, so nothing was tried");
    }
    let note = format!("of {PAGES_IN_A_CALL} pages each; answered {answered}, broken off {broken}");
    Ok(vec![Outcome::new("F2 calls", on.name(), extent.kills, verdict).noted(note)])
}

async fn calls_in_a_store(venue: &Venue, on: On, rounds: usize, chance: &mut Chance) -> Result<(Verdict, usize)> {
    // Nothing is to be fetched: the site is slow beyond measure.
    let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
    let slow = Twist::flags(&["--host-delay", "10m"]);
    let site = Site::start().await;
    let server = ground.serve(&slow).await?;
    let witness = Witness::new(ground.client()?);
    let call = |round: usize| {
        (0..PAGES_IN_A_CALL).map(|number| site.url(&format!("/round-{round}/{number}"))).collect::<Vec<_>>()
    };
    let start = Instant::now();
    witness.queue(call(rounds)).await;
    let mut took = start.elapsed();
    server.kill().await?;
    for round in 0..rounds {
        let broken_before = witness.setbacks().0;
        let server = ground.serve(&slow).await?;
        let (caller, urls) = (witness.clone(), call(round));
        let calling = tokio::spawn(async move { caller.queue(urls).await });
        tokio::time::sleep(chance.between(Duration::ZERO, took * 2)).await;
        server.kill().await?;
        calling.await.context("the caller broke")?;
        // The instants close in on the answer, wherever it falls.
        took = if witness.setbacks().0 > broken_before { took.mul_f64(1.3) } else { took.mul_f64(0.75) };
    }
    let _server = ground.serve(&slow).await?;
    let evidence = witness.testify(Vec::new()).await?;
    let (unknown, _) = witness.setbacks();
    Ok((judge(&evidence, Demands { ending: Ending::Open, repeats_explained: false, ..Demands::default() }), unknown))
}
