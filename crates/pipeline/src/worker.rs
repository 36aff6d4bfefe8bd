//! The worker: claims jobs, runs each, and settles how it ended. A panic or a hang of one job stays with that job.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use model::waiting::WORKER_SILENCE;
use model::{DocumentId, Failure, FailureCode, Job, Timestamp, WaitCode, WorkerId};
use store::{Claim, Claimed, Store};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::duties::duties;
use crate::ingest::{Found, Ingest};
use crate::retry::{Next, next};
use crate::running::{Phase, Place, Running};
use crate::settings::Settings;

/// How often a result is offered to a database that cannot take it just now.
const SAVE_ATTEMPTS: u32 = 20;
const SAVE_PAUSE: Duration = Duration::from_millis(500);
/// Ten redirects at the longest Crawl-delay, each with a slow answer, fit in; an attempt beyond that is stuck.
const LONGEST_RUN: Duration = Duration::from_mins(20);
/// A job that is due but that another process has locked does not make this one spin.
const SHORTEST_PAUSE: Duration = Duration::from_millis(5);

/// One working process. Cheap to clone; clones are the same worker.
#[derive(Clone)]
pub struct Worker {
    id: WorkerId,
    ingest: Ingest,
    settings: Arc<Settings>,
    running: Running,
    /// A hint that there may be work; looking for it now and then is the truth.
    woken: Arc<Notify>,
}

/// Whether a worker that takes any document gave a sign of life of late.
pub async fn alive(store: &Store) -> Result<bool, store::Error> {
    let seen = store.read().await?.worker_seen().await?;
    Ok(seen.is_some_and(|seen| store.now().since(seen) <= WORKER_SILENCE))
}

impl Worker {
    /// A worker that starts when [`Worker::run`] is called.
    pub fn new(ingest: Ingest, settings: Settings, woken: Arc<Notify>) -> Self {
        Self { id: WorkerId::new(), ingest, settings: Arc::new(settings), running: Running::default(), woken }
    }

    /// What this worker does with a document just now; `None` when it does not run it.
    pub fn phase(&self, document: DocumentId) -> Option<Phase> {
        self.running.phase(document)
    }

    /// Shows that this worker is alive, so that nobody is told otherwise in the moment before it runs.
    pub async fn sign_on(&self) -> Result<(), store::Error> {
        let store = self.ingest.store();
        let mut write = store.write().await?;
        let serves_all = self.settings.only.is_none();
        write.worker_is_alive(self.id, &self.settings.label, serves_all, store.now()).await?;
        write.commit().await
    }

    /// Works until `stop`, then lets running jobs finish for the grace time and hands the others back.
    pub async fn run(&self, stop: CancellationToken) {
        let ended = CancellationToken::new();
        let (store, settings) = (self.ingest.store().clone(), Settings::clone(&self.settings));
        let duties = tokio::spawn(duties(store, self.id, settings, self.running.clone(), ended.clone()));
        let abandon = CancellationToken::new();
        let mut jobs = JoinSet::new();
        while !stop.is_cancelled() {
            let more = self.start_jobs(&mut jobs, &abandon).await;
            while jobs.try_join_next().is_some() {}
            if more {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                _ = jobs.join_next(), if !jobs.is_empty() => {}
                () = self.wait_for_work(), if jobs.len() < self.settings.concurrency => {}
            }
        }
        self.wind_down(&mut jobs, &abandon).await;
        ended.cancel();
        let _ = duties.await;
        self.say_goodbye().await;
    }

    /// Claims as many jobs as there is room for. Says whether another claim at once may give more.
    async fn start_jobs(&self, jobs: &mut JoinSet<()>, abandon: &CancellationToken) -> bool {
        let room = self.settings.concurrency.saturating_sub(jobs.len());
        if room == 0 {
            return false;
        }
        match self.claim(room).await {
            Ok(claimed) => {
                for job in claimed.jobs {
                    let place = self.running.enter(&job);
                    jobs.spawn(self.clone().run_job(job, place, abandon.clone()));
                }
                claimed.more
            }
            Err(error) => {
                tracing::warn!(%error, "no jobs could be claimed; trying again");
                false
            }
        }
    }

    async fn claim(&self, room: usize) -> Result<Claimed, store::Error> {
        let store = self.ingest.store();
        let claim = Claim {
            worker: self.id,
            limit: i64::try_from(room).unwrap_or(i64::MAX),
            lease: self.settings.lease,
            pace: self.settings.pace,
            only: self.settings.only.as_deref(),
        };
        let mut write = store.write().await?;
        let claimed = write.claim(&claim, store.now()).await?;
        write.commit().await?;
        Ok(claimed)
    }

    /// Waits for the hint, or for the next delayed job, but no longer than the poll interval.
    async fn wait_for_work(&self) {
        let store = self.ingest.store();
        let due = async { store.read().await?.next_due().await }.await.ok().flatten();
        let longest = self.settings.poll;
        let pause = due.map_or(longest, |due| due.since(store.now()).clamp(SHORTEST_PAUSE, longest));
        let _ = tokio::time::timeout(pause, self.woken.notified()).await;
    }

    async fn run_job(self, job: Job, place: Place, abandon: CancellationToken) {
        let started = self.ingest.store().now();
        let outcome = tokio::select! {
            outcome = bounded(self.ingest.work(&job, &self.settings, &place)) => outcome,
            // Another worker has it, or nobody: there is nothing to settle.
            () = place.lost.cancelled() => {
                tracing::warn!(job = %job.id, "the job is no longer this worker's; its run was stopped");
                return;
            }
            () = abandon.cancelled() => {
                if let Err(error) = self.persist(&job, &Settling::HandBack).await {
                    tracing::error!(job = %job.id, %error, "could not hand the job back; it runs again when its lease is over");
                }
                return;
            }
        };
        let took_ms = self.ingest.store().now().since(started).as_millis();
        match outcome {
            Ok(found) => {
                tracing::info!(job = %job.id, document = %job.document, url = job.external_id, took_ms, "document read");
                self.finish(&job, &found).await;
            }
            Err(failure) => {
                tracing::info!(job = %job.id, document = %job.document, url = job.external_id, attempt = job.attempt, took_ms, %failure, "run failed");
                self.give_up(&job, failure).await;
            }
        }
    }

    async fn finish(&self, job: &Job, found: &Found) {
        if let Err(error) = self.persist(job, &Settling::Complete(found)).await {
            // The text itself cannot be kept, now or later.
            self.give_up(job, Failure::new(FailureCode::Internal, format!("the text cannot be saved: {error}"))).await;
        }
    }

    /// Ends a failed attempt: another follows, or none.
    async fn give_up(&self, job: &Job, failure: Failure) {
        let settling = Settling::Next(next(job, failure, self.settings.retry_base, jitter(job)));
        if let Err(error) = self.persist(job, &settling).await {
            tracing::error!(job = %job.id, %error, "could not save; the job runs again when its lease is over");
        }
    }

    /// Settles a job, again and again while the database cannot take it; if it never can, the lease runs out and the job runs
    /// again. An error is one that does not pass.
    async fn persist(&self, job: &Job, settling: &Settling<'_>) -> Result<(), store::Error> {
        for _ in 0..SAVE_ATTEMPTS {
            match self.settle(job, settling, self.ingest.store().now()).await {
                Err(store::Error::Lost) => {
                    tracing::warn!(job = %job.id, "the job is no longer this worker's; what came of its run was not saved");
                    return Ok(());
                }
                Err(error) if error.is_passing() => {
                    tracing::warn!(job = %job.id, %error, "could not save; trying again");
                    tokio::time::sleep(SAVE_PAUSE).await;
                }
                settled => return settled,
            }
        }
        Ok(())
    }

    async fn settle(&self, job: &Job, settling: &Settling<'_>, now: Timestamp) -> Result<(), store::Error> {
        if let Settling::Complete(found) = settling {
            return self.ingest.save(job, self.id, found, now).await;
        }
        let mut write = self.ingest.store().write().await?;
        match settling {
            Settling::Next(Next::Retry(wait, why)) => write.retry(job, self.id, now.plus(*wait), why, now).await?,
            Settling::Next(Next::Fail(failure)) => write.fail(job, self.id, failure, now).await?,
            Settling::Complete(_) | Settling::HandBack => {
                let why = "a worker that stopped handed it back";
                write.postpone(job, self.id, (now, WaitCode::Queue, why), now).await?;
            }
        }
        write.commit().await
    }

    /// Lets running jobs finish for the grace time; then they are handed back, and their attempt does not count.
    async fn wind_down(&self, jobs: &mut JoinSet<()>, abandon: &CancellationToken) {
        let finished = async { while jobs.join_next().await.is_some() {} };
        if tokio::time::timeout(self.settings.grace, finished).await.is_err() {
            tracing::info!(jobs = jobs.len(), "the grace time is over; handing jobs back");
            abandon.cancel();
            while jobs.join_next().await.is_some() {}
        }
    }

    async fn say_goodbye(&self) {
        let left = async {
            let mut write = self.ingest.store().write().await?;
            write.worker_left(self.id).await?;
            write.commit().await
        };
        if let Err(error) = left.await {
            tracing::warn!(%error, "could not sign off; this worker counts as alive until it has been silent for a while");
        }
    }
}

/// How a run is settled.
enum Settling<'a> {
    Complete(&'a Found),
    Next(Next),
    HandBack,
}

/// A panic becomes a failure of this run alone, and no run is endless.
async fn bounded<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    match tokio::time::timeout(LONGEST_RUN, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => {
            let text = "the run panicked; this is a fault of Gleaner, please report it";
            Err(Failure::new(FailureCode::Internal, text))
        }
        Err(_) => {
            let text = format!("the run took longer than {} min in all", LONGEST_RUN.as_secs() / 60);
            Err(Failure::new(FailureCode::Timeout, text))
        }
    }
}

/// A number in 0..1 that differs between jobs and attempts, and needs no random source.
fn jitter(job: &Job) -> f64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (job.id, job.attempt).hash(&mut hasher);
    f64::from(u16::try_from(hasher.finish() & 0xffff).unwrap_or(0)) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failure_of_its_run() {
        let panics =
            std::future::poll_fn(|_| -> std::task::Poll<Result<(), Failure>> { panic!("a fault in a reader") });
        let failure = bounded(panics).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::Internal);
        assert_eq!(bounded(async { Ok(1) }).await, Ok(1));
    }

    #[tokio::test(start_paused = true)]
    async fn no_run_is_endless() {
        let endless = std::future::pending::<Result<(), Failure>>();
        assert_eq!(bounded(endless).await.unwrap_err().code, FailureCode::Timeout);
    }
}
