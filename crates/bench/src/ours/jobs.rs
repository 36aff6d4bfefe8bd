//! Jobs by the store alone, without HTTP and without a worker: queued, claimed, finished.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use model::{Job, WebUrl, WorkerId, WorkspaceId};
use store::{Blob, Change, Claim, NewText, Pace, Store, Wanted, WebBatch};
use tokio::task::JoinSet;

use crate::pages;
use crate::raw::RESULT;

/// How many pages one call queues.
const AT_ONCE: usize = 1_000;
const LEASE: Duration = Duration::from_secs(30);

/// No host is spared: what is measured is the queue.
pub const PACE: Pace = Pace { delay: Duration::ZERO, concurrency: 1_000, crawl_delay_cap: Duration::ZERO };

/// Queues so many new pages.
pub async fn fill(store: &Store, workspace: WorkspaceId, jobs: usize) -> Result<()> {
    let mut left = jobs;
    while left > 0 {
        let now = left.min(AT_ONCE);
        queue(store, workspace, pages::urls(now)).await?;
        left -= now;
    }
    Ok(())
}

async fn queue(store: &Store, workspace: WorkspaceId, urls: Vec<String>) -> Result<()> {
    let page = |url: String| Ok(Wanted { url: WebUrl::parse(&url)?, original: url, add: true });
    let wanted = urls.into_iter().map(page).collect::<Result<_>>()?;
    let batch = WebBatch { wanted, english: None, baser: None, max_attempts: 5 };
    let mut write = store.write().await?;
    write.queue_web(workspace, &batch, store.now()).await?;
    write.commit().await?;
    Ok(())
}

/// Claims jobs; also says how many milliseconds that took.
pub async fn claim(store: &Store, worker: WorkerId, limit: i64) -> Result<(Vec<Job>, f64)> {
    let started = Instant::now();
    let mut write = store.write().await?;
    let claim = Claim { worker, limit, lease: LEASE, pace: PACE, only: None };
    let claimed = write.claim(&claim, store.now()).await?;
    write.commit().await?;
    Ok((claimed.jobs, started.elapsed().as_secs_f64() * 1_000.0))
}

/// Ends jobs with a text of 220 bytes, in one transaction.
pub async fn finish(store: &Store, worker: WorkerId, jobs: &[Job]) -> Result<()> {
    let mut write = store.write().await?;
    for job in jobs {
        write.complete(job, worker, &text(job), Change::First, store.now()).await?;
    }
    write.commit().await?;
    Ok(())
}

fn text(job: &Job) -> NewText {
    NewText {
        blob: Blob { hash: "0".repeat(64), length: 220 },
        url: job.external_id.clone(),
        mime_type: "text/html".to_owned(),
        title: "How to reset a password".to_owned(),
        language: Some("en".to_owned()),
        paragraphs: vec![RESULT.to_owned()],
        blocks: Vec::new(),
        warnings: Vec::new(),
        etag: None,
        last_modified: None,
    }
}

/// Runs `jobs` waiting jobs to their end by batches of 100 in four tasks, and says how many a second that were.
pub async fn drain(store: &Store, jobs: u32) -> Result<f64> {
    let started = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..4 {
        let (store, worker) = (store.clone(), WorkerId::new());
        running.spawn(async move {
            let mut done = 0;
            loop {
                let (jobs, _) = claim(&store, worker, 100).await?;
                if jobs.is_empty() {
                    return anyhow::Ok(done);
                }
                finish(&store, worker, &jobs).await?;
                done += jobs.len();
            }
        });
    }
    let mut done = 0;
    while let Some(ended) = running.join_next().await {
        done += ended??;
    }
    ensure!(done == usize::try_from(jobs)?, "{done} jobs were drained of {jobs}");
    Ok(f64::from(jobs) / started.elapsed().as_secs_f64())
}
