//! Rounds of schedules: what is due is queued, with the least urgency.

use std::time::Duration;

use model::{Priority, Schedule, WorkspaceId};
use store::{Flags, KnownBatch, KnownQueueing, Store};

/// How long a process has for a round; if it dies, another begins it anew after that.
const ROUND: Duration = Duration::from_mins(5);
/// How many documents are queued at a time.
const PAGE: i64 = 500;

/// Begins the rounds that are due.
pub(crate) async fn rounds(store: &Store, attempts: i64) -> Result<(), store::Error> {
    for (workspace, due) in store.glance().await?.due_schedules(store.now()).await? {
        let until = store.now().plus(ROUND);
        let mut write = store.write().await?;
        let is_ours = write.take_round(&due, until).await?;
        write.commit().await?;
        if !is_ours {
            continue;
        }
        let now = store.now();
        let queued = round(store, workspace, &due, attempts).await?;
        let mut write = store.write().await?;
        write.end_round(&due, until, queued, now).await?;
        write.commit().await?;
        tracing::info!(schedule = %due.id, queued, "a scheduled round began");
    }
    Ok(())
}

async fn round(store: &Store, workspace: WorkspaceId, due: &Schedule, attempts: i64) -> Result<i64, store::Error> {
    let (mut behind, mut queued) = (None, 0);
    loop {
        let page = store.glance().await?.scheduled_documents(workspace, due.scope, behind, PAGE).await?;
        let Some(last) = page.last() else { return Ok(queued) };
        behind = Some(*last);
        queued += i64::try_from(page.len()).unwrap_or(0);
        let batch = KnownBatch {
            documents: page.into_iter().map(|document| (document, false)).collect(),
            source: None,
            uploads: false,
            flags: Flags::default(),
            priority: Priority::Scheduled,
            max_attempts: attempts,
        };
        queue(store, workspace, batch).await?;
    }
}

/// Queues documents; what was deleted meanwhile is left out.
async fn queue(store: &Store, workspace: WorkspaceId, mut batch: KnownBatch) -> Result<(), store::Error> {
    while let KnownQueueing::Refused(unfit) = store.queue_known(workspace, &batch).await? {
        batch.documents.retain(|(document, _)| !unfit.iter().any(|(refused, _)| refused == document));
        if batch.documents.is_empty() {
            return Ok(());
        }
    }
    Ok(())
}
