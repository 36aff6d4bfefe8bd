//! F10: pages that end their reader, or the whole process that fetched them, are given up after exactly as many attempts as allowed.

use std::time::Duration;

use anyhow::Result;
use testkit::site::{Site, evil};

use crate::checker::{Demands, Ending, judge};
use crate::crew::{Crew, HASTE, IN_HAND, On, Venue, page};
use crate::evidence::Seen;
use crate::extent::Extent;
use crate::ground::{Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::witness::Witness;

const PATIENCE: Duration = Duration::from_mins(3);
const ATTEMPTS: usize = 3;
const GOOD: usize = 40;
const POISON: &str = "/poison";

pub async fn run(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    let reader = of_the_reader(venue, on, extent).await?;
    let process = if venue.has_faults {
        of_the_process(venue, on).await?
    } else {
        Outcome::skipped("F10 poison: process", on.name(), "needs a build with the feature `faults`")
    };
    Ok(vec![reader, process])
}

/// Pages that cost their reader its stack, its memory or its time.
async fn of_the_reader(venue: &Venue, on: On, extent: &Extent) -> Result<Outcome> {
    let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
    let site = Site::start().await;
    let mut hostile = vec![
        site.on("/hostile/large", evil::bomb(100 * 1024 * 1024)),
        site.on("/hostile/wide", evil::attributes(60_000)),
    ];
    // The reader of this one goes on until its time is over.
    if *extent != Extent::BRIEF {
        hostile.push(site.on("/hostile/deep", evil::nested("b", 9_000)));
    }
    let _crew = Crew::start(ground.clone(), 1, Twist::default()).await?;
    let witness = Witness::new(ground.client()?);
    let mut urls: Vec<String> = (0..GOOD).map(|number| good(&site, number)).collect();
    urls.splice(GOOD / 2..GOOD / 2, hostile.clone());
    witness.queue(urls).await;
    let documents = witness.all_ended(PATIENCE).await?;
    let mut verdict =
        judge(&witness.testify(site.visits()).await?, Demands { ending: Ending::Any, ..Demands::default() });
    unharmed(&documents, &mut verdict);
    let ends = hostile.iter().filter_map(|url| documents.iter().find(|seen| seen.url == *url));
    let note = ends.map(|seen| format!("{} {}", seen.url.rsplit('/').next().unwrap_or_default(), seen.status));
    let note = note.collect::<Vec<_>>().join(", ");
    Ok(Outcome::new("F10 poison: reader", on.name(), hostile.len(), verdict).noted(note))
}

/// A page that ends every process that has fetched it.
async fn of_the_process(venue: &Venue, on: On) -> Result<Outcome> {
    let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
    let site = Site::start().await;
    let mut twist = Twist::default().armed(&format!("run.after_fetch@{POISON}"));
    twist.flags = vec!["--attempts".to_owned(), ATTEMPTS.to_string()];
    let mut crew = Crew::start(ground, 2, twist).await?;
    let witness = Witness::new(crew.ground.client()?);
    let mut urls: Vec<String> = (0..GOOD).map(|number| good(&site, number)).collect();
    urls.insert(GOOD / 2, site.on(POISON, page(POISON)));
    witness.queue(urls).await;
    let deadline = std::time::Instant::now() + PATIENCE;
    let mut deaths = 0;
    let documents = loop {
        let dead = crew.replace_dead().await?;
        (0..dead).for_each(|_| witness.blow(IN_HAND, Duration::ZERO));
        deaths += dead;
        match witness.look().await {
            Ok(documents) if documents.iter().all(Seen::has_ended) => break documents,
            Ok(documents) if std::time::Instant::now() > deadline => break documents,
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    // A death is noted a little after it happened, so when a page was fetched again is not held against it here.
    let demands = Demands { ending: Ending::Any, repeats_explained: false, ..Demands::default() };
    let mut verdict = judge(&witness.testify(site.visits()).await?, demands);
    unharmed(&documents, &mut verdict);
    let visits = site.count(POISON);
    if visits != ATTEMPTS || deaths != ATTEMPTS {
        verdict.complain(format!("{visits} visits and {deaths} deaths instead of {ATTEMPTS}"));
    }
    if documents.iter().any(|seen| seen.url.ends_with(POISON) && seen.status != "FAILED") {
        verdict.complain("the poisoned page was not given up");
    }
    let note = format!("{deaths} processes died of {visits} visits with --attempts {ATTEMPTS}");
    Ok(Outcome::new("F10 poison: process", on.name(), 1, verdict).noted(note))
}

fn good(site: &Site, number: usize) -> String {
    let path = format!("/good/{number}");
    site.on(&path, page(&path))
}

fn unharmed(documents: &[Seen], verdict: &mut Verdict) {
    let harmed = documents.iter().filter(|seen| seen.url.contains("/good/") && !seen.has_completed()).count();
    if harmed > 0 {
        verdict.complain(format!("{harmed} good pages suffered with the bad one"));
    }
}
