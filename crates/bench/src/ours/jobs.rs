//! Jobs by the store alone, without HTTP and without a worker: queued, claimed, finished.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures_util::future::try_join_all;
use model::{Job, Metadata, Pace, Priority, WebUrl, WorkerId, WorkspaceId};
use store::{Blob, Change, Claim, Flags, NewText, Outcome, Settlement, Store, Wanted, WebBatch};

use crate::pages;
use crate::raw::RESULT;

/// How many pages one call queues.
const AT_ONCE: usize = 1_000;
const LEASE: Duration = Duration::from_secs(30);

/// No host is spared: what is measured is the queue.
pub const PACE: Pace = Pace { delay: Duration::ZERO, concurrency: 1_000, crawl_delay_cap: Duration::ZERO, daily: None };

/// Queues so many new pages.
pub async fn fill(store: &Store, workspace: WorkspaceId, jobs: usize) -> Result<()> {
    let mut left = jobs;
    while left > 0 {
        let now = left.min(AT_ONCE);
        queue(store, workspace, now).await?;
        left -= now;
    }
    Ok(())
}

/// Queues new pages in one call.
pub async fn queue(store: &Store, workspace: WorkspaceId, pages: usize) -> Result<()> {
    let page = |url: String| Ok(Wanted { url: WebUrl::parse(&url)?, original: url, add: true });
    let wanted = pages::urls(pages).into_iter().map(page).collect::<Result<_>>()?;
    let batch = WebBatch { wanted, flags: Flags::default(), priority: Priority::Bulk, max_attempts: 5 };
    store.queue_web(workspace, batch).await?;
    Ok(())
}

/// Claims jobs and spares no host; also says how many milliseconds that took.
pub async fn claim(store: &Store, worker: WorkerId, limit: i64) -> Result<(Vec<Job>, f64)> {
    claim_at(store, worker, limit, PACE).await
}

/// The same at the pace that is the default, where each host has its turns.
pub async fn claim_politely(store: &Store, worker: WorkerId, limit: i64) -> Result<(Vec<Job>, f64)> {
    claim_at(store, worker, limit, pipeline::Settings::default().pace).await
}

async fn claim_at(store: &Store, worker: WorkerId, limit: i64, pace: Pace) -> Result<(Vec<Job>, f64)> {
    let started = Instant::now();
    let claim = Claim { worker, limit, lease: LEASE, pace, only: None };
    let claimed = store.claim(&claim).await?;
    Ok((claimed.jobs, started.elapsed().as_secs_f64() * 1_000.0))
}

/// Ends jobs with a text of 220 bytes.
pub async fn finish(store: &Store, worker: WorkerId, jobs: Vec<Job>) -> Result<()> {
    let ends = jobs.into_iter().map(|job| {
        let outcome = Outcome::Text(Arc::new(text(&job)), Change::First);
        store.settle(worker, Settlement { job, outcome })
    });
    try_join_all(ends).await?;
    Ok(())
}

/// What a run that does nothing finds.
pub fn text(job: &Job) -> NewText {
    NewText {
        blob: Blob { hash: "0".repeat(64), length: 220 },
        url: job.external_id.clone(),
        mime_type: "text/html".to_owned(),
        title: "How to reset a password".to_owned(),
        language: Some("en".to_owned()),
        paragraphs: vec![RESULT.to_owned()],
        blocks: Vec::new(),
        warnings: Vec::new(),
        metadata: Metadata::default(),
        etag: None,
        last_modified: None,
        read_as: String::new(),
    }
}
