//! F5: PostgreSQL crashes and comes back, or cuts all connections, while pages are queued and read.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use cluster::Server;
use testkit::postgres;
use testkit::site::Site;
use tokio::task::JoinHandle;
use url::Url;

use crate::chance::Chance;
use crate::checker::{Demands, dishonest, judge};
use crate::client::{Answer, Client};
use crate::crew::{Crew, Feeder, HASTE, IN_HAND, Venue, pages};
use crate::extent::Extent;
use crate::ground::{Database, Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::witness::{Witness, until};

const PATIENCE: Duration = Duration::from_mins(2);
/// How long a run goes on offering its result before another repeats it.
const OFFERS: Duration = Duration::from_secs(20);

pub async fn run(venue: &Venue, extent: &Extent) -> Result<Vec<Outcome>> {
    let mut server = Server::start().await?;
    let ground = Ground::new(&venue.program, Database::At(server.url()), &HASTE)?;
    let site = Site::start().await;
    pages(&site, Duration::from_millis(150));
    let crew = Crew::start(ground, 2, Twist::default()).await?;
    let witness = Witness::new(crew.ground.client()?);
    let (_watch, feeder) = (witness.watch(), Feeder::start(&witness, &site));
    let prober = Prober::start(witness.client().clone());
    let (mut chance, mut times) = (Chance::new(extent.seed), Vec::new());
    for cut in 0..extent.cuts {
        tokio::time::sleep(chance.between(Duration::from_millis(500), Duration::from_millis(1_500))).await;
        witness.blow(3 * IN_HAND, OFFERS);
        if cut % 2 == 0 {
            server.crash().await?;
            // Long enough that callers notice.
            tokio::time::sleep(chance.between(Duration::ZERO, Duration::from_millis(1_500))).await;
            server.restart().await?;
        } else {
            let _ = postgres::cut_connections(&Url::parse(&server.url())?).await;
        }
        let back = Instant::now();
        until("the API answers again", PATIENCE, || prober.answered_after(back)).await?;
        times.push(back.elapsed());
    }
    feeder.stop().await?;
    let (asked, refused, faults) = prober.stop().await?;
    witness.all_ended(PATIENCE).await?;
    let evidence = witness.testify(site.visits()).await?;
    let mut verdict = judge(&evidence, Demands::default());
    verdict.add(Verdict { complaints: faults, ..Verdict::default() });
    let late = times.iter().filter(|time| **time > extent.reconnect).count();
    if late > 0 {
        verdict.complain(format!("{late} times the API took longer than {:?} to answer again", extent.reconnect));
    }
    let (unknown, _) = witness.setbacks();
    if unknown > 0 {
        verdict.complain(format!("{unknown} calls got no answer although the server lived"));
    }
    let note = format!("{} documents; {refused} of {asked} questions answered 503", evidence.documents.len());
    Ok(vec![Outcome::new("F5 outage", "postgres", extent.cuts, verdict).timed(times).noted(note)])
}

/// Asks the API again and again, and notes what an outage makes it say.
struct Prober {
    stop: Arc<AtomicBool>,
    last_success: Arc<Mutex<Option<Instant>>>,
    probing: JoinHandle<(usize, usize, Vec<String>)>,
}

impl Prober {
    fn start(client: Client) -> Self {
        let (stop, last_success) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(None)));
        let probing = tokio::spawn(probe(client, Arc::clone(&stop), Arc::clone(&last_success)));
        Self { stop, last_success, probing }
    }

    /// Whether a question that was asked after this instant has been answered.
    fn answered_after(&self, instant: Instant) -> bool {
        self.last_success.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|asked| asked > instant)
    }

    async fn stop(self) -> Result<(usize, usize, Vec<String>)> {
        self.stop.store(true, Ordering::Relaxed);
        self.probing.await.context("the prober broke")
    }
}

async fn probe(
    client: Client,
    stop: Arc<AtomicBool>,
    last_success: Arc<Mutex<Option<Instant>>>,
) -> (usize, usize, Vec<String>) {
    let (mut asked, mut refused, mut faults) = (0, 0, Vec::new());
    while !stop.load(Ordering::Relaxed) {
        asked += 1;
        let at = Instant::now();
        match client.probe().await {
            Answer::Success(_) => *last_success.lock().unwrap_or_else(PoisonError::into_inner) = Some(at),
            Answer::Refused(refusal) => {
                refused += 1;
                if let Some(text) = dishonest(&refusal) {
                    faults.push(format!("a question was answered {} {text}: {}", refusal.status, refusal.body));
                }
            }
            Answer::Broken(why) => faults.push(format!("a living server did not answer: {why}")),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (asked, refused, faults)
}
