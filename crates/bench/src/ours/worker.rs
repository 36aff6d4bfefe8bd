//! The real worker, with a task that does nothing but say when it was started.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use model::{Failure, Job, WorkspaceId};
use pipeline::{Found, Place, Settings, Task};
use store::{Change, Store};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::jobs::{PACE, text};

/// How often is asked whether all is done.
const GLANCE: Duration = Duration::from_millis(3);
/// As many runs are in hand as four bare connections hold.
const CONCURRENCY: usize = 400;

/// A worker at work.
pub struct Worker {
    started: UnboundedReceiver<Instant>,
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Worker {
    /// Starts one on this store, which looks and beats as in production; it is known to the others when this returns.
    pub async fn start(store: &Store) -> Result<Self> {
        let (sender, started) = unbounded_channel();
        let settings =
            Settings { concurrency: CONCURRENCY, pace: PACE, label: "bench".to_owned(), ..Settings::default() };
        let worker = pipeline::Worker::new(store.clone(), Nothing(sender), Arc::new(settings));
        worker.sign_on().await?;
        let stop = CancellationToken::new();
        let running = tokio::spawn({
            let stop = stop.clone();
            async move { worker.run(stop).await }
        });
        Ok(Self { started, stop, running })
    }

    /// Waits until the next run starts, and says when that was.
    pub async fn next_start(&mut self) -> Result<Instant> {
        self.started.recv().await.context("the worker ended")
    }

    /// Ends it.
    pub async fn stop(self) -> Result<()> {
        self.stop.cancel();
        Ok(self.running.await?)
    }
}

/// Runs the waiting jobs of a workspace to their end, and says how many a second that were.
pub async fn drain(store: &Store, workspace: WorkspaceId, jobs: u32) -> Result<f64> {
    let mut worker = Worker::start(store).await?;
    let began = Instant::now();
    for _ in 0..jobs {
        worker.next_start().await?;
    }
    while store.glance().await?.live_jobs(workspace).await? > 0 {
        tokio::time::sleep(GLANCE).await;
    }
    let rate = f64::from(jobs) / began.elapsed().as_secs_f64();
    worker.stop().await?;
    Ok(rate)
}

#[derive(Clone)]
struct Nothing(UnboundedSender<Instant>);

impl Task for Nothing {
    async fn run(&self, job: &Job, _: &Place) -> Result<Found, Failure> {
        // Nobody listens any more when a worker is being stopped.
        let _ = self.0.send(Instant::now());
        Ok(Found::Text(Box::new(text(job)), Change::First))
    }
}
