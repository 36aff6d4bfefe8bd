//! F7: the disk is full for a while. Nothing acknowledged is lost, nobody is told a wrong yes, and work goes on by itself.

use std::time::{Duration, Instant};

use anyhow::Result;
use cluster::{Options, Server};
use testkit::site::Site;

use crate::chance::Chance;
use crate::checker::{Demands, judge};
use crate::crew::{Crew, Feeder, HASTE, IN_HAND, On, Venue, pages};
use crate::evidence::Reply;
use crate::extent::Extent;
use crate::ground::{Database, Ground, Twist};
use crate::outcome::Outcome;
use crate::volume::Volume;
use crate::witness::Witness;

const PATIENCE: Duration = Duration::from_mins(2);
/// How soon a page is taken again once there is room.
const RECOVERY: Duration = Duration::from_secs(10);
const MEBIBYTES: u32 = 256;

pub async fn run(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    let volume = Volume::in_memory(MEBIBYTES)?;
    let mut server = match on {
        On::Sqlite => None,
        On::Postgres => {
            let settings = vec!["min_wal_size=32MB".to_owned(), "max_wal_size=64MB".to_owned()];
            let place = Some(volume.path().to_owned());
            Some(Server::start_with(Options { place, settings, ..Options::default() }).await?)
        }
    };
    let database = server.as_ref().map_or(Database::Sqlite, |server| Database::At(server.url()));
    let ground = match on {
        On::Sqlite => Ground::with_data(&venue.program, database, &HASTE, &volume.path().join("data"))?,
        On::Postgres => Ground::new(&venue.program, database, &HASTE)?,
    };
    let site = Site::start().await;
    pages(&site, Duration::from_millis(50));
    let crew = Crew::start(ground, 1, Twist::default()).await?;
    let witness = Witness::new(crew.ground.client()?);
    let (_watch, feeder) = (witness.watch(), Feeder::start(&witness, &site));
    let (mut chance, mut times, mut restarts) = (Chance::new(extent.seed), Vec::new(), 0);
    for round in 0..extent.cuts {
        tokio::time::sleep(chance.between(Duration::from_millis(300), Duration::from_secs(1))).await;
        witness.blow(2 * IN_HAND, RECOVERY);
        let ballast = volume.fill()?;
        while_full(&witness, &site, round).await;
        drop(ballast);
        // PostgreSQL itself gives up when its log cannot be written; whoever runs it starts it again.
        if let Some(server) = &mut server
            && server.has_ended()
        {
            server.restart().await?;
            restarts += 1;
        }
        times.push(taken_again(&witness, &site, round).await);
    }
    feeder.stop().await?;
    witness.all_ended(PATIENCE).await?;
    // A run whose result found no room is repeated as often as it takes.
    let evidence = witness.testify(site.visits()).await?;
    let mut verdict = judge(&evidence, Demands { repeats_explained: false, ..Demands::default() });
    let late = times.iter().filter(|time| **time > RECOVERY).count();
    if late > 0 {
        verdict.complain(format!("{late} times no page was taken {RECOVERY:?} after there was room again"));
    }
    let (_, refused) = witness.setbacks();
    if refused == 0 {
        verdict.complain("no call was ever refused, so the disk was not full");
    }
    let note = format!(
        "{} documents; {refused} calls refused with 503; PostgreSQL gave up {restarts} times",
        evidence.documents.len()
    );
    Ok(vec![Outcome::new("F7 disk full", on.name(), extent.cuts, verdict).timed(times).noted(note)])
}

/// Goes on queueing: some calls still find room in space that was taken before.
async fn while_full(witness: &Witness, site: &Site, round: usize) {
    const FOR: Duration = Duration::from_millis(1_500);
    let start = Instant::now();
    for call in 0.. {
        if start.elapsed() > FOR {
            break;
        }
        let urls = (0..20).map(|number| site.url(&format!("/full-{round}/{call}/{number}")));
        witness.queue(urls.collect()).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How long it takes until a call is acknowledged again.
async fn taken_again(witness: &Witness, site: &Site, round: usize) -> Duration {
    let start = Instant::now();
    for call in 0.. {
        let reply = witness.queue(vec![site.url(&format!("/room-{round}/{call}"))]).await;
        if matches!(reply, Reply::Acknowledged(_)) || start.elapsed() > 2 * RECOVERY {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    start.elapsed()
}
