//! What a worker owes the others beside its jobs: signs of life, the jobs of the dead, and a clean house.

use std::collections::HashSet;
use std::time::Duration;

use model::{Failure, FailureCode, WorkerId};
use store::{Expired, Store};
use tokio_util::sync::CancellationToken;

use crate::running::Running;
use crate::settings::Settings;

/// How often old rows are removed.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// Does the duties until told to stop.
pub(crate) async fn duties(
    store: Store,
    worker: WorkerId,
    settings: Settings,
    running: Running,
    stop: CancellationToken,
) {
    let mut heartbeat = tokio::time::interval(settings.heartbeat());
    heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut next_sweep = store.now();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = heartbeat.tick() => {}
        }
        report("heartbeat", beat(&store, worker, &settings, &running).await);
        report("recovery of lost jobs", reap(&store, &settings).await);
        if store.now() >= next_sweep {
            report("sweep", sweep(&store, &settings).await);
            next_sweep = store.now().plus(SWEEP_EVERY);
        }
    }
}

fn report(duty: &str, done: Result<(), store::Error>) {
    if let Err(error) = done {
        tracing::warn!(%error, duty, "a duty failed; it is tried again at the next heartbeat");
    }
}

/// One statement keeps the leases of all jobs in hand. What is no longer this process's, it stops.
async fn beat(store: &Store, worker: WorkerId, settings: &Settings, running: &Running) -> Result<(), store::Error> {
    store.follow_clock().await?;
    // Jobs that start while the statement runs are not in question: their leases are fresh.
    let known = running.ids();
    let now = store.now();
    let mut write = store.write().await?;
    write.worker_is_alive(worker, &settings.label, settings.only.is_none(), now).await?;
    let owned = write.extend_leases(worker, &known, settings.lease, now).await?;
    write.commit().await?;
    running.drop_lost(&known, &owned.into_iter().collect::<HashSet<_>>());
    Ok(())
}

/// Anybody may recover the jobs of a worker that fell silent.
async fn reap(store: &Store, settings: &Settings) -> Result<(), store::Error> {
    let expired = store.read().await?.expired(store.now()).await?;
    for lost in expired {
        match recover(store, settings, &lost).await {
            // Somebody else was faster.
            Ok(()) | Err(store::Error::Lost) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn recover(store: &Store, settings: &Settings, lost: &Expired) -> Result<(), store::Error> {
    let job = &lost.job;
    let failure = Failure::new(FailureCode::Internal, "the worker that ran it stopped answering");
    tracing::warn!(job = %job.id, document = %job.document, worker = %lost.worker, attempt = job.attempt, "job recovered");
    let now = store.now();
    let mut write = store.write().await?;
    match crate::retry::next(job, failure, settings.retry_base, 0.0) {
        // The run was not at fault as far as anybody knows, so the next attempt may start at once.
        crate::retry::Next::Retry(_, why) => write.retry(job, lost.worker, now, &why, now).await?,
        crate::retry::Next::Fail(failure) => write.fail(job, lost.worker, &failure, now).await?,
    }
    write.commit().await
}

async fn sweep(store: &Store, settings: &Settings) -> Result<(), store::Error> {
    let mut write = store.write().await?;
    write.sweep(&settings.retention, store.now()).await?;
    write.commit().await?;
    store.forget_leftovers().await
}
