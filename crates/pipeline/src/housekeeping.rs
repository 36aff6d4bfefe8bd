//! A clean house: what is old is removed, what was paused comes back, and the watchdog looks around. None of it is quick, so
//! it has a task of its own: a heartbeat that waited for it would cost the leases of all jobs in hand.

use std::sync::Arc;
use std::time::Duration;

use store::Store;
use tokio::sync::Notify;
use tokio::time::{Instant, Interval, MissedTickBehavior};

use crate::schedules::rounds;
use crate::settings::Settings;

/// How often old rows are removed.
const SWEEP_EVERY: Duration = Duration::from_hours(1);
/// How often dead rows are cleared away, and how many runs are worth it.
const CLEAR_EVERY: Duration = Duration::from_secs(10);
const WORTH_CLEARING: u64 = 5_000;
/// How often the watchdog looks for jobs that nobody could explain.
const WATCH_EVERY: Duration = Duration::from_mins(1);
/// How often somebody looks for schedules that are due.
const SCHEDULES_EVERY: Duration = Duration::from_secs(30);
/// How many attempts a scheduled run has.
const ATTEMPTS: i64 = 5;

/// Keeps house until it is dropped. `held` says that a pause has ended whose jobs are still laid aside.
pub(crate) async fn housekeeping(store: Store, settings: Arc<Settings>, held: Arc<Notify>) {
    let mut sweeping = interval(SWEEP_EVERY);
    // Who has just come up finds much that is about to be put right.
    let mut watching = tokio::time::interval_at(Instant::now() + WATCH_EVERY, WATCH_EVERY);
    watching.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut clearing, mut cleared) = (interval(CLEAR_EVERY), store.tally().claimed());
    let mut scheduling = interval(SCHEDULES_EVERY);
    loop {
        tokio::select! {
            // Who works for one person alone has no business with the others' schedules.
            _ = scheduling.tick(), if settings.only.is_none() => report("schedules", rounds(&store, ATTEMPTS).await),
            _ = sweeping.tick() => report("sweep", sweep(&store, &settings).await),
            _ = watching.tick() => report("watch", watch(&store, &settings).await),
            _ = clearing.tick() => report("clearing of dead rows", clear(&store, &mut cleared).await),
            () = held.notified() => report("release of what was paused", release(&store).await),
        }
    }
}

pub(crate) fn interval(every: Duration) -> Interval {
    let mut interval = tokio::time::interval(every);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

pub(crate) fn report(duty: &str, done: Result<(), store::Error>) {
    if let Err(error) = done {
        tracing::warn!(%error, duty, "a duty failed; it is tried again soon");
    }
}

async fn release(store: &Store) -> Result<(), store::Error> {
    store.release_held().await?;
    store.bell().nudge();
    Ok(())
}

async fn sweep(store: &Store, settings: &Settings) -> Result<(), store::Error> {
    let mut write = store.write().await?;
    write.sweep(&settings.retention, store.now()).await?;
    write.commit().await?;
    store.forget_leftovers().await
}

/// Clears away what the runs since the last time have left behind, if they were many.
async fn clear(store: &Store, cleared: &mut u64) -> Result<(), store::Error> {
    let claimed = store.tally().claimed();
    if claimed - *cleared < WORTH_CLEARING {
        return Ok(());
    }
    *cleared = claimed;
    store.clear_dead_rows().await
}

/// Says it aloud when documents wait against the rules: that is a fault of ours, and nobody else would notice.
async fn watch(store: &Store, settings: &Settings) -> Result<(), store::Error> {
    let unexplained = store.glance().await?.unexplained(settings.lease, store.now()).await?;
    if unexplained.total() > 0 {
        let kinds: Vec<String> = unexplained
            .kinds()
            .into_iter()
            .filter(|(_, jobs)| *jobs > 0)
            .map(|(kind, jobs)| format!("{kind} {jobs}"))
            .collect();
        tracing::warn!(
            documents = unexplained.total(),
            kinds = kinds.join(", "),
            "documents wait against the rules; this is a fault of Gleaner, please report it"
        );
    }
    Ok(())
}
