//! Two processes on one database: both get their turns, nothing is lost, and no job runs twice.

use std::collections::HashSet;

use model::{JobId, WorkerId, WorkspaceId};
use store::{Change, Outcome, Settlement, Store, Target};

use crate::stores::{TestStore, at, batch, kept, on_both, page, seconds, text, unpaced};

on_both!(
    two_stores_write_side_by_side_and_neither_starves,
    two_stores_share_out_the_jobs,
    what_one_was_told_is_there_for_the_other_at_once,
);

const WRITERS: usize = 6;
const WRITES: usize = 15;

async fn two_stores_write_side_by_side_and_neither_starves(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let stores = [store.store.clone(), store.beside().await];
    let tasks: Vec<_> =
        (0..2 * WRITERS).map(|task| tokio::spawn(write_many(stores[task % 2].clone(), workspace, task))).collect();
    let mut longest = std::time::Duration::ZERO;
    for task in tasks {
        longest = longest.max(tokio::time::timeout(seconds(120), task).await.unwrap().unwrap());
    }
    assert!(longest < seconds(15), "somebody waited {longest:?} for its turn");
    assert_eq!(store.count("documents").await, 2 * WRITERS * WRITES);
    assert_eq!(store.count("jobs").await, 2 * WRITERS * WRITES);
    if let Target::Sqlite(_) = store.target {
        assert_eq!(store.texts("SELECT integrity_check FROM pragma_integrity_check").await, ["ok"]);
    }
}

/// Queues pages one call after the other; the longest that one took.
async fn write_many(store: Store, workspace: WorkspaceId, task: usize) -> std::time::Duration {
    let mut longest = std::time::Duration::ZERO;
    for number in 0..WRITES {
        let started = std::time::Instant::now();
        let call = batch([page(&format!("https://a{task}.example/{number}"))]);
        if number % 2 == 0 {
            store.queue_web(workspace, call).await.unwrap();
        } else {
            kept(&store, async |write| write.queue_web(workspace, &call, at(1)).await).await.unwrap();
        }
        longest = longest.max(started.elapsed());
    }
    longest
}

async fn two_stores_share_out_the_jobs(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &crate::stores::hosts("a", 200), at(1)).await;
    let stores = [store.store.clone(), store.beside().await];
    let tasks: Vec<_> = (0..6).map(|task| tokio::spawn(run_all(stores[task % 2].clone()))).collect();
    let mut ran = Vec::new();
    for task in tasks {
        ran.extend(tokio::time::timeout(seconds(120), task).await.unwrap().unwrap());
    }
    assert_eq!((ran.len(), ran.iter().collect::<HashSet<_>>().len()), (200, 200));
    assert_eq!((store.count("jobs").await, store.count("job_history WHERE attempts = 1").await), (0, 200));
}

/// Claims and settles until there is nothing left.
async fn run_all(store: Store) -> Vec<JobId> {
    let (worker, mut ran) = (WorkerId::new(), Vec::new());
    loop {
        let jobs = store.claim(&unpaced(worker, 10)).await.unwrap().jobs;
        let outlook = store.glance().await.unwrap().outlook().await.unwrap();
        if jobs.is_empty() && !outlook.is_ready() && outlook.next_expiry().is_none() {
            return ran;
        }
        for job in jobs {
            ran.push(job.id);
            let outcome = Outcome::Text(std::sync::Arc::new(text("A", &["a"])), Change::First);
            store.settle(worker, Settlement { job, outcome }).await.unwrap();
        }
    }
}

async fn what_one_was_told_is_there_for_the_other_at_once(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let beside = store.beside().await;
    for round in 0..20 {
        let (here, there) = if round % 2 == 0 { (&store.store, &beside) } else { (&beside, &store.store) };
        here.queue_web(workspace, batch([page(&format!("https://a{round}.example/"))])).await.unwrap();
        assert_eq!(there.read().await.unwrap().live_jobs(workspace).await.unwrap(), round + 1);
    }
}
