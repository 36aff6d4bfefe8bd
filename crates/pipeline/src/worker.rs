//! The worker: claims jobs, runs each, and settles how it ended. A panic or a hang of one job stays with that job.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use model::waiting::WORKER_SILENCE;
use model::{DocumentId, Failure, FailureCode, Job, Timestamp, WaitCode, WebUrl, WorkerId};
use store::{Again, Claim, Claimed, Outcome, Outlook, Settlement, Store};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::duties::{CHECK_EVERY, duties};
use crate::retry::{Next, next, wait_code};
use crate::running::{Phase, Place, Running};
use crate::settings::Settings;
use crate::task::{Found, Task};

/// How often a result is offered to a database that cannot take it just now.
const SAVE_ATTEMPTS: u32 = 20;
const SAVE_PAUSE: Duration = Duration::from_millis(500);
/// Ten redirects at the longest Crawl-delay, each with a slow answer, fit in; an attempt beyond that is stuck.
const LONGEST_RUN: Duration = Duration::from_mins(20);
/// The part of a worker, one in so many, that is worth a claim when it is free.
const WORTH_A_CLAIM: usize = 4;
/// How long a full worker waits for as much to be free.
const LINGER: Duration = Duration::from_millis(3);
/// How often a full worker tells others that there may be more.
const PASS_ON_EVERY: Duration = Duration::from_secs(1);
/// A job that is due but that another process has locked does not make this one spin.
const SHORTEST_PAUSE: Duration = Duration::from_millis(5);

/// One working process. Cheap to clone; clones are the same worker.
#[derive(Clone)]
pub struct Worker<T> {
    id: WorkerId,
    store: Store,
    task: T,
    settings: Arc<Settings>,
    running: Running,
}

/// Whether a worker that takes any document gave a sign of life of late.
pub async fn alive(store: &Store) -> Result<bool, store::Error> {
    let seen = store.read().await?.worker_seen().await?;
    Ok(seen.is_some_and(|seen| store.now().since(seen) <= WORKER_SILENCE))
}

/// What a look for jobs has shown.
enum Looked {
    /// Another look at once may give more.
    More,
    /// There is room for no more.
    Full,
    /// There is nothing to do now.
    Nothing,
}

impl<T: Task> Worker<T> {
    /// A worker that starts when [`Worker::run`] is called.
    pub fn new(store: Store, task: T, settings: Arc<Settings>) -> Self {
        Self { id: WorkerId::new(), store, task, settings, running: Running::default() }
    }

    /// What this worker does with a document just now; `None` when it does not run it.
    pub fn phase(&self, document: DocumentId) -> Option<Phase> {
        self.running.phase(document)
    }

    /// Shows that this worker is alive, so that nobody is told otherwise in the moment before it runs.
    pub async fn sign_on(&self) -> Result<(), store::Error> {
        self.store.worker_is_alive(self.id, &self.settings.label, self.settings.only.is_none()).await.map(drop)
    }

    /// Works until `stop`, then lets running jobs finish for the grace time and hands the others back.
    pub async fn run(&self, stop: CancellationToken) {
        let ended = CancellationToken::new();
        let (store, settings) = (self.store.clone(), Arc::clone(&self.settings));
        let duties = tokio::spawn(duties(store, self.id, settings, self.running.clone(), ended.clone()));
        let abandon = CancellationToken::new();
        let mut jobs = JoinSet::new();
        let (mut fruitless, mut passed_on) = (0, None);
        while !stop.is_cancelled() {
            let before = jobs.len();
            match self.start_jobs(&mut jobs, &abandon).await {
                Looked::More => {}
                Looked::Full => {
                    self.pass_on(&mut passed_on);
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = self.room(&mut jobs) => {}
                    }
                }
                Looked::Nothing => {
                    fruitless = if jobs.len() > before { 0 } else { fruitless };
                    self.wait_for_work(&mut jobs, &mut fruitless, &stop).await;
                }
            }
            while jobs.try_join_next().is_some() {}
        }
        self.wind_down(&mut jobs, &abandon).await;
        ended.cancel();
        let _ = duties.await;
        self.say_goodbye().await;
    }

    /// A full worker leaves jobs behind; idle ones elsewhere would find them only by their heartbeat.
    fn pass_on(&self, last: &mut Option<Timestamp>) {
        let now = self.store.now();
        if last.is_none_or(|last| now.since(last) >= PASS_ON_EVERY) {
            self.store.bell().pass_on(now);
            *last = Some(now);
        }
    }

    /// Waits for room, and a moment longer for more of it: a claim costs about as much for one job as for many, and runs that
    /// end together are best replaced together.
    async fn room(&self, jobs: &mut JoinSet<()>) {
        jobs.join_next().await;
        let enough = self.settings.concurrency - self.settings.concurrency.div_ceil(WORTH_A_CLAIM);
        let more = async { while jobs.len() > enough && jobs.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(LINGER, more).await;
    }

    /// Claims as many jobs as there is room for.
    async fn start_jobs(&self, jobs: &mut JoinSet<()>, abandon: &CancellationToken) -> Looked {
        let room = self.settings.concurrency.saturating_sub(jobs.len());
        if room == 0 {
            return Looked::Full;
        }
        match self.claim(room).await {
            Ok(claimed) => {
                let is_full = claimed.jobs.len() >= room;
                for job in claimed.jobs {
                    let place = self.running.enter(&job);
                    jobs.spawn(self.clone().see_through(job, place, abandon.clone()));
                }
                if is_full {
                    Looked::Full
                } else if claimed.more {
                    Looked::More
                } else {
                    Looked::Nothing
                }
            }
            Err(error) => {
                tracing::warn!(%error, "no jobs could be claimed; trying again");
                Looked::Nothing
            }
        }
    }

    async fn claim(&self, room: usize) -> Result<Claimed, store::Error> {
        let claim = Claim {
            worker: self.id,
            limit: i64::try_from(room).unwrap_or(i64::MAX),
            lease: self.settings.lease,
            pace: self.settings.pace,
            only: self.settings.only.as_deref(),
        };
        self.store.claim(&claim).await
    }

    /// Waits for the bell, or until the next waiting job may start. With nothing in sight, the heartbeat alone looks again.
    async fn wait_for_work(&self, jobs: &mut JoinSet<()>, fruitless: &mut u32, stop: &CancellationToken) {
        let bell = self.store.bell().clone();
        let ring = bell.listen();
        let outlook = async { self.store.glance().await?.outlook().await }.await;
        let pause = match outlook {
            Ok(outlook) => pause(&outlook, self.store.now(), fruitless, &self.settings),
            Err(_) => Some(self.settings.poll),
        };
        let over = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        let mut over = std::pin::pin!(over);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = ring.heard() => return,
                () = &mut over => return,
                _ = jobs.join_next(), if !jobs.is_empty() => {}
            }
        }
    }

    /// Runs a job. The end of a suspect makes room for the next one, which nobody else would tell.
    async fn see_through(self, job: Job, place: Place, abandon: CancellationToken) {
        let (is_suspect, bell) = (job.is_suspect, self.store.bell().clone());
        self.run_job(job, place, abandon).await;
        if is_suspect {
            bell.nudge();
        }
    }

    async fn run_job(self, job: Job, place: Place, abandon: CancellationToken) {
        let started = self.store.now();
        let outcome = tokio::select! {
            outcome = bounded(self.task.run(&job, &place)) => outcome,
            // Another worker has it, or nobody: there is nothing to settle.
            () = place.lost.cancelled() => {
                tracing::info!(job = %job.id, "stopped: the job was cancelled, or another worker has it");
                return;
            }
            () = abandon.cancelled() => {
                model::faults::reach("stop.before_handback");
                return self.give_back(&job, started).await;
            }
        };
        if let Err(failure) = &outcome
            && self.was_our_silence(&job, failure, started).await
        {
            tracing::info!(job = %job.id, "the process stood still while the site was asked; the job is handed back");
            return self.give_back(&job, started).await;
        }
        let took_ms = self.store.now().since(started).as_millis();
        match outcome {
            Ok(found) => {
                tracing::info!(job = %job.id, document = %job.document, url = WebUrl::without_query(&job.external_id), took_ms, "document read");
                self.finish(&job, found).await;
            }
            Err(failure) => {
                tracing::info!(job = %job.id, document = %job.document, url = WebUrl::without_query(&job.external_id), attempt = job.attempt, took_ms, %failure, "run failed");
                self.give_up(&job, failure).await;
            }
        }
    }

    /// A site that was asked while this process stood still, stopped or asleep with the machine, is not to blame for having had
    /// no time to answer. A job is let off for that once.
    async fn was_our_silence(&self, job: &Job, failure: &Failure, started: Timestamp) -> bool {
        if failure.code != FailureCode::Timeout {
            return false;
        }
        // Both have just woken up; who counts the time may be the second.
        tokio::time::sleep(2 * CHECK_EVERY).await;
        self.running.forgive(job.id, started)
    }

    /// Hands a job back that was not really tried.
    async fn give_back(&self, job: &Job, started: Timestamp) {
        if let Err(error) = self.persist(job, handed_back(started)).await {
            tracing::error!(job = %job.id, %error, "could not hand the job back; it runs again when its lease is over");
        }
    }

    async fn finish(&self, job: &Job, found: Found) {
        let outcome = match found {
            Found::Text(text, change) => Outcome::Text(Arc::from(text), change),
            Found::Landed(text, change, landing) => Outcome::Landed(Arc::from(text), change, Arc::from(landing)),
            Found::Unchanged => Outcome::Unchanged,
        };
        if let Err(error) = self.persist(job, outcome).await {
            // The text itself cannot be kept, now or later.
            self.give_up(job, Failure::new(FailureCode::Internal, format!("the text cannot be saved: {error}"))).await;
        }
    }

    /// Ends a failed attempt: another follows, or none.
    async fn give_up(&self, job: &Job, failure: Failure) {
        let code = wait_code(job, &failure);
        let outcome = match next(job, failure, self.settings.retry_base, jitter(job)) {
            Next::Fail(failure) if matches!(failure.code, FailureCode::NotFound | FailureCode::Gone) => {
                Outcome::Gone(failure, self.settings.gone_after)
            }
            Next::Fail(failure) => Outcome::Failed(failure),
            Next::Retry(wait, why) => {
                let at = self.store.now().plus(wait);
                Outcome::Again(Again { at, code, why, counts: true })
            }
        };
        if let Err(error) = self.persist(job, outcome).await {
            tracing::error!(job = %job.id, %error, "could not save; the job runs again when its lease is over");
        }
    }

    /// Settles a job, again and again while the database cannot take it; if it never can, the lease runs out and the job runs
    /// again. An error is one that does not pass.
    async fn persist(&self, job: &Job, outcome: Outcome) -> Result<(), store::Error> {
        for _ in 0..SAVE_ATTEMPTS {
            let settlement = Settlement { job: job.clone(), outcome: outcome.clone() };
            match self.store.settle(self.id, settlement).await {
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
            let mut write = self.store.write().await?;
            write.worker_left(self.id).await?;
            write.commit().await
        };
        if let Err(error) = left.await {
            tracing::warn!(%error, "could not sign off; this worker counts as alive until it has been silent for a while");
        }
    }
}

/// How long to wait; `None` when nothing is in sight. Where something is due that this worker did not get, because others
/// have it in hand or it is not for this one, it looks less and less often.
fn pause(outlook: &Outlook, now: Timestamp, fruitless: &mut u32, settings: &Settings) -> Option<Duration> {
    let turn = outlook.next().map(|next| next.minus(settings.pace.early()));
    if outlook.is_ready() || turn.is_some_and(|turn| turn <= now) {
        *fruitless += 1;
        return Some((SHORTEST_PAUSE * 2_u32.saturating_pow((*fruitless).min(16))).min(settings.poll));
    }
    *fruitless = 0;
    turn.map(|turn| turn.since(now).clamp(SHORTEST_PAUSE, settings.poll))
}

fn handed_back(now: Timestamp) -> Outcome {
    let why = "a worker that stopped or stood still handed it back".to_owned();
    Outcome::Again(Again { at: now, code: WaitCode::Queue, why, counts: false })
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
