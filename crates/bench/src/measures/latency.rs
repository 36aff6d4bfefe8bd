//! How soon a job starts when nothing else is going on.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;
use store::Store;

use crate::ground::{Ground, Kind};
use crate::load::Compared;
use crate::ours::worker::Worker;
use crate::ours::{Service, callers};
use crate::peers::{Peer, Peers};
use crate::report::{Goal, Measure, Report};
use crate::scale::Scale;
use crate::statistics::{median, percentile};

/// Long enough for both sides to come to rest, and no multiple of anybody's tick.
const PAUSE: Duration = Duration::from_millis(37);
/// The most that may pass between processes.
const BETWEEN_PROCESSES: f64 = 25.0;

/// From the call to the start of the run, beside graphile-worker's.
pub async fn beside_peer(scale: &Scale, peers: &Peers, report: &mut Report) -> Result<()> {
    let kind = Kind::Postgres;
    let measure = |name| {
        let against = "graphile-worker, addJob to handler";
        Measure { name, database: kind.name(), against, unit: "ms", goal: Goal::AtMost(1.0) }
    };
    let measures = [measure("POST to start of the run, p50"), measure("POST to start of the run, p99")];
    let bare = Ground::new(kind).await?;
    let mut peer = match peers.graphile(&bare.postgres()?, "default").await {
        Ok(peer) => peer,
        Err(why) => {
            measures.into_iter().for_each(|measure| why.mark(measure, report));
            return Ok(());
        }
    };
    let ground = Ground::new(kind).await?;
    let service = Service::on(&ground).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let samples = scale.samples.div_ceil(scale.rounds);
    for _ in 0..scale.rounds {
        ours.extend(latencies(&service, &service.store, samples).await?);
        theirs.extend(of_peer(&mut peer, samples).await?);
    }
    let [p50, p99] = measures;
    report.add(p50, Compared::with(median(&ours), median(&theirs)));
    report.add(p99, Compared::with(percentile(&ours, 99), percentile(&theirs, 99)));
    Ok(())
}

/// From the call to the start of the run, where the worker has connections of its own.
pub async fn between_processes(scale: &Scale, report: &mut Report) -> Result<()> {
    for kind in Kind::ALL {
        let ground = Ground::new(kind).await?;
        let service = Service::on(&ground).await?;
        let other = service.neighbour(&ground).await?;
        let found = latencies(&service, &other, scale.samples).await?;
        let (name, against) = ("POST to start in another process, p50", "what is allowed, ms");
        let measure = Measure { name, database: kind.name(), against, unit: "ms", goal: Goal::AtMost(1.0) };
        report.add(measure, Compared::with(median(&found), BETWEEN_PROCESSES));
    }
    Ok(())
}

/// Milliseconds from each call to the start of its run by a worker on `store`. The first few warm up.
async fn latencies(service: &Service, store: &Store, samples: usize) -> Result<Vec<f64>> {
    const WARM_UP: usize = 5;
    let mut worker = Worker::start(store).await?;
    let mut client = service.client().await?;
    let mut found = Vec::with_capacity(samples);
    for sample in 0..samples + WARM_UP {
        tokio::time::sleep(PAUSE).await;
        let called = Instant::now();
        let (answered, started) = tokio::join!(callers::post(&mut client, 1), worker.next_start());
        answered?;
        if sample >= WARM_UP {
            found.push(started?.duration_since(called).as_secs_f64() * 1_000.0);
        }
    }
    worker.stop().await?;
    Ok(found)
}

async fn of_peer(peer: &mut Peer, samples: usize) -> Result<Vec<f64>> {
    let command = json!({ "do": "latency", "samples": samples, "pause": PAUSE.as_millis() });
    let answer = peer.ask(&command).await?;
    Ok(serde_json::from_value(answer["latencies"].clone())?)
}
