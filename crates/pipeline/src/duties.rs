//! What a worker owes the others beside its jobs: signs of life, and the jobs of the dead.

use std::sync::Arc;
use std::time::Duration;

use model::{Failure, FailureCode, WaitCode, WorkerId};
use store::{Again, Expired, Outcome, Outlook, Settlement, Store};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::housekeeping::{housekeeping, interval, report};
use crate::running::Running;
use crate::settings::Settings;

/// How soon a run notices that it was cancelled.
const CHECK_EVERY: Duration = Duration::from_millis(500);

/// Does the duties until told to stop.
pub(crate) async fn duties(
    store: Store,
    worker: WorkerId,
    settings: Arc<Settings>,
    running: Running,
    stop: CancellationToken,
) {
    let mut heartbeat = interval(settings.heartbeat());
    let mut check = interval(CHECK_EVERY);
    // Nobody who rings in another process is heard until this runs.
    let hearing = tokio::spawn(hear(store.clone(), worker, settings.poll));
    let held = Arc::new(Notify::new());
    let cleaning = tokio::spawn(housekeeping(store.clone(), Arc::clone(&settings), Arc::clone(&held)));
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = check.tick() => {
                report("check of runs", stop_lost(&store, worker, &running).await);
                continue;
            }
            _ = heartbeat.tick() => {}
        }
        match beat(&store, worker, &settings, &running).await {
            Ok(outlook) if outlook.has_held() => held.notify_one(),
            beaten => report("heartbeat", beaten.map(drop)),
        }
    }
    cleaning.abort();
    hearing.abort();
}

/// Where the bell of other processes cannot be heard, looking often takes its place.
async fn hear(store: Store, worker: WorkerId, poll: Duration) {
    if let Err(error) = store.bell().hear(worker).await {
        tracing::info!(%error, "other processes cannot be heard here; looking for jobs every {poll:?} instead");
        let mut poll = interval(poll);
        loop {
            poll.tick().await;
            store.bell().nudge();
        }
    }
}

/// One statement shows that the worker lives and what lies ahead; another keeps the leases of all jobs in hand. What is no
/// longer this process's, it stops.
async fn beat(
    store: &Store,
    worker: WorkerId,
    settings: &Settings,
    running: &Running,
) -> Result<Outlook, store::Error> {
    let outlook = store.worker_is_alive(worker, &settings.label, settings.only.is_none()).await?;
    let now = store.now();
    // Jobs that start while the statement runs are not in question: their leases are fresh.
    let known = running.ids();
    if !known.is_empty() {
        let mut write = store.write().await?;
        let owned = write.extend_leases(worker, &known, settings.lease, now).await?;
        model::faults::reach("heartbeat.before_commit");
        write.commit().await?;
        model::faults::reach("heartbeat.after_commit");
        running.drop_lost(&known, &owned.into_iter().collect());
    }
    if outlook.next_expiry().is_some_and(|expiry| expiry <= now) {
        reap(store, settings).await?;
    }
    // What is due before the next heartbeat is everybody's business: whoever waits for it now may fall silent.
    let soon = now.plus(settings.heartbeat());
    if outlook.is_ready() || outlook.next().is_some_and(|next| next <= soon) {
        store.bell().nudge();
    }
    Ok(outlook)
}

/// Stops the runs whose job was cancelled or taken.
async fn stop_lost(store: &Store, worker: WorkerId, running: &Running) -> Result<(), store::Error> {
    let known = running.ids();
    if known.is_empty() {
        return Ok(());
    }
    let owned = store.glance().await?.owned(worker, &known).await?;
    running.drop_lost(&known, &owned.into_iter().collect());
    Ok(())
}

/// Anybody may recover the jobs of a worker that fell silent.
async fn reap(store: &Store, settings: &Settings) -> Result<(), store::Error> {
    let expired = store.expired(store.now()).await?;
    for lost in expired {
        match recover(store, settings, &lost).await {
            // Somebody else was faster.
            Ok(()) | Err(store::Error::Lost) => {}
            Err(error) => return Err(error),
        }
    }
    store.bell().ring(store.now());
    Ok(())
}

async fn recover(store: &Store, settings: &Settings, lost: &Expired) -> Result<(), store::Error> {
    let job = &lost.job;
    let failure = Failure::new(FailureCode::Internal, "the worker that ran it stopped answering");
    tracing::warn!(job = %job.id, document = %job.document, worker = %lost.worker, attempt = job.attempt, "job recovered");
    let outcome = match crate::retry::next(job, failure, settings.retry_base, 0.0) {
        // The run was not at fault as far as anybody knows, so the next attempt may start at once.
        crate::retry::Next::Retry(_, why) => {
            Outcome::Again(Again { at: store.now(), code: WaitCode::Retry, why, counts: true })
        }
        crate::retry::Next::Fail(failure) => Outcome::Failed(failure),
    };
    model::faults::reach("reap.before_commit");
    store.settle(lost.worker, Settlement { job: job.clone(), outcome }).await?;
    model::faults::reach("reap.after_commit");
    Ok(())
}
