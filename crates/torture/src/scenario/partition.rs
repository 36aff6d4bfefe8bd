//! F8: two workers lose PostgreSQL for a while, by a line that swallows packets, and find it again.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use cluster::{Options, Server};
use testkit::site::Site;

use crate::checker::{Demands, judge};
use crate::crew::{Feeder, HASTE, IN_HAND, Venue, pages};
use crate::extent::Extent;
use crate::ground::{Database, Ground, Twist};
use crate::network::Network;
use crate::outcome::{Outcome, Verdict};
use crate::witness::{Witness, until};

const PATIENCE: Duration = Duration::from_mins(5);
const HEAL: Duration = Duration::from_secs(5);
/// What was locked when the line was cut is long let go after this.
const LOCKED: Duration = Duration::from_secs(10);
/// Who is not cut off goes on, but for what the others had locked.
const STAND_STILL: Duration = Duration::from_secs(3);
/// Later nothing is locked any more; what is left is the time that the witness takes to see, among thousands of documents, that
/// more are wanted.
const STAND_STILL_LATER: Duration = HEAL;
const WORKERS: u8 = 2;

pub async fn run(venue: &Venue, extent: &Extent) -> Result<Vec<Outcome>> {
    let network = Network::lay(WORKERS + 1)?;
    let server = Server::start_with(Options { also_on: Some(network.here()), ..Options::default() }).await?;
    let ground = Ground::new(&venue.program, Database::At(server.url()), &HASTE)?;
    let site = Site::start_on(network.listen_on(WORKERS)?);
    pages(&site, Duration::from_millis(150));
    let _near = ground.serve(&Twist::default()).await?;
    let witness = Witness::new(ground.client()?);
    let _far = (0..WORKERS).map(|machine| ground.work(&on(&network, machine, &server))).collect::<Result<Vec<_>>>()?;
    let (_watch, feeder) = (witness.watch(), Feeder::start(&witness, &site));
    let asks = |machine, after: Instant| {
        let from = IpAddr::V4(network.seen_as(machine));
        site.visits().iter().rev().take_while(|visit| visit.at > after).any(|visit| visit.from == from)
    };
    let (mut times, mut stood_still, mut later) = (Vec::new(), Duration::ZERO, Duration::ZERO);
    for _ in 0..extent.rounds {
        let before = Instant::now();
        until("all machines work", PATIENCE, || (0..WORKERS).all(|machine| asks(machine, before))).await?;
        witness.blow(usize::from(WORKERS) * IN_HAND, extent.outage + HEAL);
        (0..WORKERS).try_for_each(|machine| network.cut(machine))?;
        let cut = Instant::now();
        tokio::time::sleep(extent.outage).await;
        stood_still = stood_still.max(longest_pause(&site, cut, cut + LOCKED));
        later = later.max(longest_pause(&site, cut, Instant::now()));
        (0..WORKERS).try_for_each(|machine| network.heal(machine))?;
        let healed = Instant::now();
        witness.blow(usize::from(WORKERS) * IN_HAND, HEAL);
        for machine in 0..WORKERS {
            until("a machine works again", PATIENCE, || asks(machine, healed)).await?;
            times.push(healed.elapsed());
        }
    }
    feeder.stop().await?;
    witness.all_ended(PATIENCE).await?;
    let evidence = witness.testify(site.visits()).await?;
    let mut verdict: Verdict = judge(&evidence, Demands { no_late_visits: false, ..Demands::default() });
    let late = times.iter().filter(|time| **time > HEAL).count();
    if late > 0 {
        verdict.complain(format!("{late} times a machine took longer than {HEAL:?} to work again"));
    }
    if later > STAND_STILL_LATER {
        verdict.complain(format!("those who were not cut off stood still for {later:.1?} in all of the cut"));
    }
    if stood_still > STAND_STILL {
        verdict.complain(format!("those who were not cut off stood still for {stood_still:.1?}"));
    }
    let documents = evidence.documents.len();
    let note = format!("{documents} documents; cut off for {:?}; others paused {stood_still:.1?}", extent.outage);
    Ok(vec![Outcome::new("F8 partition", "postgres", extent.rounds, verdict).timed(times).noted(note)])
}

/// How long nobody asked the site for anything.
fn longest_pause(site: &Site, since: Instant, until: Instant) -> Duration {
    let visits = site.visits().into_iter().map(|visit| visit.at).filter(|at| *at > since && *at < until);
    let instants: Vec<Instant> = [since].into_iter().chain(visits).chain([until.min(Instant::now())]).collect();
    instants.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
}

/// On a machine of its own, from which the database has another address.
pub fn on(network: &Network, machine: u8, server: &Server) -> Twist {
    let database = Some(server.url_at(network.here()));
    Twist { namespace: Some(network.namespace(machine)), database, ..Twist::default() }
}
