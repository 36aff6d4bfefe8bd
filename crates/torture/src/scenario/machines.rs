//! Two machines and one site: together they ask no faster than one alone may.

use std::time::Duration;

use anyhow::Result;
use cluster::{Options, Server};
use testkit::site::Site;

use super::partition::on;
use crate::checker::{Demands, judge};
use crate::crew::{HASTE, Venue, pages};
use crate::extent::Extent;
use crate::ground::{Database, Ground, Twist};
use crate::network::Network;
use crate::outcome::Outcome;
use crate::witness::Witness;

const PATIENCE: Duration = Duration::from_mins(3);
const DELAY: Duration = Duration::from_millis(600);
/// The site notes when a request has arrived: one may leave late, above all a process's first, and the next on time. Whoever
/// ignores the turns of the others comes within a few milliseconds.
const TOLERANCE: Duration = Duration::from_millis(300);
const WORKERS: u8 = 2;
const PAGES_A_ROUND: usize = 20;

pub async fn run(venue: &Venue, extent: &Extent) -> Result<Vec<Outcome>> {
    let proof = asked("600ms", venue, extent).await?;
    let control = asked("50ms", venue, extent).await?.control();
    Ok(vec![proof, Outcome { scenario: "two machines, 50ms", ..control }])
}

/// Reads pages with this delay, and holds what the site saw against the one promised.
async fn asked(delay: &'static str, venue: &Venue, extent: &Extent) -> Result<Outcome> {
    let network = Network::lay(WORKERS + 1)?;
    let server = Server::start_with(Options { also_on: Some(network.here()), ..Options::default() }).await?;
    let ground = Ground::new(&venue.program, Database::At(server.url()), &HASTE)?;
    let site = Site::start_on(network.listen_on(WORKERS)?);
    pages(&site, Duration::from_millis(20));
    let pace = |twist: Twist| Twist { flags: vec!["--host-delay".to_owned(), delay.to_owned()], ..twist };
    let _near = ground.serve(&pace(Twist::default())).await?;
    let witness = Witness::new(ground.client()?);
    let far = (0..WORKERS).map(|machine| ground.work(&pace(on(&network, machine, &server))));
    let _far = far.collect::<Result<Vec<_>>>()?;
    let _watch = witness.watch();
    let pages = PAGES_A_ROUND * extent.rounds;
    witness.queue((0..pages).map(|number| site.url(&format!("/page/{number}"))).collect()).await;
    witness.all_ended(PATIENCE).await?;
    let visits = site.visits();
    let gaps: Vec<Duration> = visits.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    let demands = Demands { spacing: Some((DELAY, TOLERANCE)), ..Demands::default() };
    let mut verdict = judge(&witness.testify(visits.clone()).await?, demands);
    let shares = (0..WORKERS).map(|machine| {
        visits.iter().filter(|visit| visit.from == std::net::IpAddr::V4(network.seen_as(machine))).count()
    });
    let shares: Vec<usize> = shares.collect();
    if shares.iter().sum::<usize>() == 0 || shares.contains(&visits.len()) {
        verdict.complain(format!("one process did everything, so nothing was shared: {shares:?}"));
    }
    let least = gaps.iter().min().copied().unwrap_or_default();
    let note = format!("gaps, least {least:.1?}, wanted {DELAY:?}; of {} requests by machine {shares:?}", visits.len());
    Ok(Outcome::new("two machines", "postgres", pages, verdict).timed(gaps).noted(note))
}
