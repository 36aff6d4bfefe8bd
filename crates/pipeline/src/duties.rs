//! What a worker owes the others beside its jobs: signs of life, and the jobs of the dead.

use std::sync::Arc;
use std::time::Duration;

use model::{Failure, FailureCode, Timestamp, WorkerId};
use store::{Expired, Lost, Outcome, Outlook, Settlement, Store};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::housekeeping::{housekeeping, interval, report};
use crate::retry::{Next, next};
use crate::running::Running;
use crate::settings::Settings;

/// How soon a run notices that it was cancelled.
pub(crate) const CHECK_EVERY: Duration = Duration::from_millis(500);
/// A timer that is a little early would find a lease that has not run out yet.
const MOMENT: Duration = Duration::from_millis(2);

/// Does the duties until told to stop.
pub(crate) async fn duties(
    store: Store,
    worker: WorkerId,
    settings: Arc<Settings>,
    running: Running,
    stop: CancellationToken,
) {
    let mut check = interval(CHECK_EVERY);
    // Nobody who rings in another process is heard until this runs.
    let hearing = tokio::spawn(hear(store.clone(), worker, settings.poll));
    let held = Arc::new(Notify::new());
    let cleaning = tokio::spawn(housekeeping(store.clone(), Arc::clone(&settings), Arc::clone(&held)));
    let (mut beaten, mut has_failed, mut wake) = (None, false, None);
    let mut judge = Judge::new(store.now());
    loop {
        let now = store.now();
        if judge.look_at_clock(now, &settings) {
            running.note_stall(now);
        }
        // Looked at anew with each check, so that the first job in hand is kept in time.
        let every = settings.heartbeat(running.is_empty());
        let every = if has_failed { every.min(settings.poll) } else { every };
        let due = beaten.map_or_else(Instant::now, |beaten| beaten + every);
        tokio::select! {
            () = stop.cancelled() => break,
            _ = check.tick() => {
                report("check of runs", stop_lost(&store, worker, &running).await);
                continue;
            }
            () = sleep_until(wake.map_or(due, |wake| due.min(wake))) => {}
        }
        let is_due = Instant::now() >= due;
        let beat = if is_due {
            beaten = Some(Instant::now());
            beat(&store, worker, &settings, &running, judge).await
        } else {
            look(&store, &settings, judge).await
        };
        has_failed = if is_due { beat.is_err() } else { has_failed };
        let wait = beat.as_ref().map_or(Some(settings.poll), |outlook| to_next_expiry(outlook, store.now(), &settings));
        wake = wait.map(|wait| Instant::now() + wait);
        match beat {
            Ok(outlook) if outlook.has_held() => held.notify_one(),
            beaten => report("heartbeat", beaten.map(drop)),
        }
    }
    cleaning.abort();
    hearing.abort();
}

/// Whether a worker may say of others that they fell silent. Who has stood still for a while, stopped, asleep with the machine or
/// held up by the database, finds all leases run out, and those who stood still with it must be heard first.
#[derive(Debug, Clone, Copy)]
struct Judge {
    last: Timestamp,
    not_before: Timestamp,
}

impl Judge {
    fn new(now: Timestamp) -> Self {
        Self { last: now, not_before: now }
    }

    /// Whether the process stood still since the last look.
    fn look_at_clock(&mut self, now: Timestamp, settings: &Settings) -> bool {
        let (heartbeat, still) = (settings.heartbeat(false), now.since(self.last));
        let stood_still = still > heartbeat + CHECK_EVERY;
        if stood_still {
            tracing::info!(?still, "this process stood still; others are heard before their jobs are taken over");
            self.not_before = now.plus(heartbeat);
        }
        self.last = now;
        stood_still
    }
}

/// Until the next lease runs out, whoever has it. One that has run out and is still there is looked at again soon.
fn to_next_expiry(outlook: &Outlook, now: Timestamp, settings: &Settings) -> Option<Duration> {
    let expiry = outlook.next_expiry()?;
    Some(if expiry > now { expiry.since(now) + MOMENT } else { settings.recheck() })
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
    judge: Judge,
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
    reap_after(store, settings, &outlook, judge).await?;
    // What is due before the next heartbeat is everybody's business: whoever waits for it now may fall silent.
    let soon = now.plus(settings.heartbeat(running.is_empty()));
    if outlook.is_ready() || outlook.next().is_some_and(|next| next <= soon) {
        store.bell().nudge();
    }
    Ok(outlook)
}

/// Between two heartbeats: a lease that anybody had is about to run out. Most often it was kept.
async fn look(store: &Store, settings: &Settings, judge: Judge) -> Result<Outlook, store::Error> {
    let outlook = store.glance().await?.outlook().await?;
    reap_after(store, settings, &outlook, judge).await?;
    // Who recovered them may have had no room itself, and rung for somebody who is gone.
    if outlook.is_ready() || outlook.next().is_some_and(|next| next <= store.now()) {
        store.bell().nudge();
    }
    Ok(outlook)
}

async fn reap_after(
    store: &Store,
    settings: &Settings,
    outlook: &Outlook,
    mut judge: Judge,
) -> Result<(), store::Error> {
    let now = store.now();
    // The statements before may have taken long themselves.
    judge.look_at_clock(now, settings);
    if outlook.next_expiry().is_none_or(|expiry| expiry > now) || judge.not_before > now {
        return Ok(());
    }
    reap(store, settings).await
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

/// Anybody may recover the jobs of a worker that fell silent, all of them at once: who is to blame shows in the whole.
async fn reap(store: &Store, settings: &Settings) -> Result<(), store::Error> {
    let expired = store.glance().await?.expired(settings.lease, store.now()).await?;
    let mut recovered = 0;
    for group in expired.chunk_by(|one, other| one.worker == other.worker) {
        let lost =
            group.iter().map(|lost| Settlement { job: lost.job.clone(), outcome: outcome(store, settings, lost) });
        recovered += store.recover(group[0].worker, lost.collect()).await?;
    }
    if recovered > 0 {
        store.bell().ring(store.now());
    }
    Ok(())
}

/// The run was not at fault as far as anybody knows, so the next attempt may start at once.
fn outcome(store: &Store, settings: &Settings, lost: &Expired) -> Outcome {
    let Expired { job, worker, blame } = lost;
    tracing::warn!(job = %job.id, document = %job.document, %worker, attempt = job.attempt, ?blame, "job recovered");
    let at = store.now();
    if !blame.counts {
        let why = "its worker died, most likely of another page; another attempt follows, and this one does not count";
        return Outcome::Lost(Lost { at, why: why.to_owned(), blame: *blame });
    }
    let failure = Failure::new(FailureCode::Internal, "the worker that ran it stopped answering");
    match next(job, failure, settings.retry_base, 0.0) {
        Next::Retry(_, why) => Outcome::Lost(Lost { at, why, blame: *blame }),
        Next::Fail(failure) => Outcome::Failed(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_stood_still_hears_the_others_first() {
        let settings = Settings::default();
        let at = |millis| Timestamp::default().plus(Duration::from_millis(millis));
        let mut judge = Judge::new(at(0));
        for (now, not_before) in [(500, 0), (5_900, 0), (20_000, 25_000), (20_500, 25_000), (26_100, 31_100)] {
            judge.look_at_clock(at(now), &settings);
            assert_eq!(judge.not_before, at(not_before), "at {now}");
        }
    }
}
