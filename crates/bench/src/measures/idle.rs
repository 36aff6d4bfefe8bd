//! What workers ask the database when there is nothing to do, and how many look when there is one job.

use std::time::Duration;

use anyhow::Result;
use store::Store;
use tokio::time::sleep;

use super::Scale;
use crate::ground::{Ground, Kind};
use crate::load::Compared;
use crate::ours::statements::Watch;
use crate::ours::worker::Worker;
use crate::ours::{Service, callers};
use crate::report::{Goal, Measure, Report};

/// What starting workers do is not what idle ones do.
const SETTLING: Duration = Duration::from_secs(3);
const JOBS: u32 = 20;
/// Between two jobs all workers wait again.
const PAUSE: Duration = Duration::from_millis(250);

/// One idle worker, then many and a job now and then.
pub async fn take(scale: &Scale, report: &mut Report) -> Result<()> {
    let measure =
        |name, against, unit| Measure { name, database: Kind::Postgres.name(), against, unit, goal: Goal::AtMost(1.0) };
    let alone = measure("statements of an idle worker", "what is allowed a second", "statements/s");
    let herd = measure("claims a job, many workers idle", "what is allowed a job", "claims");
    let ground = Ground::new(Kind::Postgres).await?;
    let watch = match Watch::on(&ground).await {
        Ok(watch) => watch,
        Err(why) => {
            report.missing(alone, &why.to_string());
            report.missing(herd, &why.to_string());
            return Ok(());
        }
    };
    let service = Service::on(&ground).await?;
    let other = service.neighbour(&ground).await?;
    let worker = Worker::start(&other).await?;
    sleep(SETTLING).await;
    watch.reset().await?;
    sleep(scale.watch).await;
    let rate = f64::from(watch.statements().await?) / scale.watch.as_secs_f64();
    worker.stop().await?;
    other.close().await;
    report.add(alone, Compared::with(rate, 0.2));
    report.add(herd, Compared::with(claims_a_job(scale, &ground, &service, &watch).await?, 2.0));
    Ok(())
}

/// Each worker is a process of its own, as far as the database can tell.
async fn claims_a_job(scale: &Scale, ground: &Ground, service: &Service, watch: &Watch) -> Result<f64> {
    let mut workers: Vec<(Store, Worker)> = Vec::with_capacity(scale.workers);
    for _ in 0..scale.workers {
        let store = service.neighbour(ground).await?;
        let worker = Worker::start(&store).await?;
        workers.push((store, worker));
    }
    sleep(SETTLING).await;
    let mut client = service.client().await?;
    watch.reset().await?;
    for _ in 0..JOBS {
        callers::post(&mut client, 1).await?;
        let starts = workers.iter_mut().map(|(_, worker)| Box::pin(worker.next_start()));
        futures_util::future::select_all(starts).await.0?;
        sleep(PAUSE).await;
    }
    let claims = f64::from(watch.claims().await?) / f64::from(JOBS);
    for (store, worker) in workers {
        worker.stop().await?;
        store.close().await;
    }
    Ok(claims)
}
