//! Fencing: who no longer holds a job can neither end it nor leave a trace, even if it commits.

use model::{DocumentId, Failure, FailureCode, Job, JobId, WaitCode, WorkerId, WorkspaceId};
use store::{Change, Error, NewText, Write};

use crate::stores::{TestStore, at, dropped, on_both, postpone, retry, text};

on_both!(
    an_attempt_that_was_taken_over_writes_nothing,
    another_worker_writes_nothing,
    a_job_that_ended_cannot_end_again,
    a_job_that_never_was_writes_nothing,
    a_late_end_counts_while_nobody_took_over,
    a_worker_that_gets_its_own_job_back_is_fenced_too,
    of_eight_that_end_one_job_at_once_one_does,
    a_text_that_a_database_cannot_hold_is_refused_whole,
);

/// Tries every end that a job can have, each in a transaction that is committed whatever came of it.
async fn refuses(store: &TestStore, job: &Job, worker: WorkerId) {
    let before = store.dump().await;
    for end in 0..4 {
        let mut write = store.write().await.unwrap();
        let refused = match end {
            0 => write.complete(job, worker, &text("stale", &["stale"]), Change::Material, at(500)).await,
            1 => write.fail(job, worker, &Failure::new(FailureCode::Internal, "stale"), at(500)).await,
            2 => write.run_again(job, worker, retry(at(900), "stale"), at(500)).await,
            _ => write.run_again(job, worker, postpone(at(900), WaitCode::Host, "stale"), at(500)).await,
        };
        assert!(matches!(refused, Err(Error::Lost)), "end {end}: {refused:?}");
        write.commit().await.unwrap();
        assert_eq!(store.dump().await, before, "end {end} left a trace");
    }
}

/// A document with one good text, whose next run is claimed.
async fn second_run(store: &TestStore, worker: WorkerId) -> Job {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &["https://a.example/"], at(1)).await;
    let job = store.claim_one(worker, at(1)).await;
    store.complete(&job, worker, &text("good", &["good"]), Change::First, at(2)).await;
    let mut write = store.write().await.unwrap();
    let batch = crate::stores::batch([crate::stores::page("https://a.example/")]);
    write.queue_web(workspace, &batch, at(3)).await.unwrap();
    write.commit().await.unwrap();
    store.claim_one(worker, at(4)).await
}

/// What a sweep does with a job whose lease ran out.
async fn take_away(store: &TestStore, job: &Job, owner: WorkerId) {
    assert_eq!(store.expired(at(100)).await.len(), 1);
    let mut write = store.write().await.unwrap();
    write.run_again(job, owner, retry(at(100), "its worker fell silent"), at(100)).await.unwrap();
    write.commit().await.unwrap();
}

async fn an_attempt_that_was_taken_over_writes_nothing(store: TestStore) {
    let (slow, heir) = (WorkerId::new(), WorkerId::new());
    let job = second_run(&store, slow).await;
    take_away(&store, &job, slow).await;
    refuses(&store, &job, slow).await;
    let again = store.claim_one(heir, at(101)).await;
    refuses(&store, &job, slow).await;
    refuses(&store, &Job { attempt: 1, ..again.clone() }, heir).await;
    store.complete(&again, heir, &text("new", &["new"]), Change::Material, at(102)).await;
    refuses(&store, &job, slow).await;
    assert_eq!(store.document_at(job.workspace, job.document, at(103)).await.title, "new");
}

async fn another_worker_writes_nothing(store: TestStore) {
    let (owner, other) = (WorkerId::new(), WorkerId::new());
    let job = second_run(&store, owner).await;
    refuses(&store, &job, other).await;
    refuses(&store, &Job { attempt: 2, ..job.clone() }, owner).await;
    store.complete(&job, owner, &text("good", &["good"]), Change::None, at(5)).await;
}

async fn a_job_that_ended_cannot_end_again(store: TestStore) {
    let worker = WorkerId::new();
    let job = second_run(&store, worker).await;
    let mut write = store.write().await.unwrap();
    write.fail(&job, worker, &Failure::new(FailureCode::Dns, "no address"), at(5)).await.unwrap();
    write.commit().await.unwrap();
    refuses(&store, &job, worker).await;
}

async fn a_job_that_never_was_writes_nothing(store: TestStore) {
    let worker = WorkerId::new();
    let job = second_run(&store, worker).await;
    refuses(&store, &Job { id: JobId::new(), ..job.clone() }, worker).await;
    refuses(&store, &Job { workspace: WorkspaceId::new(), ..job.clone() }, worker).await;
    let mut write = store.write().await.unwrap();
    let stray = Job { document: DocumentId::new(), ..job };
    let refused = write.complete(&stray, worker, &text("x", &["x"]), Change::First, at(5)).await;
    assert!(matches!(refused, Err(Error::Lost)));
}

async fn a_late_end_counts_while_nobody_took_over(store: TestStore) {
    let worker = WorkerId::new();
    let job = second_run(&store, worker).await;
    assert_eq!(store.expired(at(1_000)).await.len(), 1);
    store.complete(&job, worker, &text("late", &["late"]), Change::Material, at(1_000)).await;
    assert_eq!(store.document_at(job.workspace, job.document, at(1_000)).await.revision, 2);
}

async fn a_worker_that_gets_its_own_job_back_is_fenced_too(store: TestStore) {
    let worker = WorkerId::new();
    let job = second_run(&store, worker).await;
    take_away(&store, &job, worker).await;
    let again = store.claim_one(worker, at(101)).await;
    refuses(&store, &job, worker).await;
    store.complete(&again, worker, &text("good", &["good"]), Change::None, at(102)).await;
}

async fn of_eight_that_end_one_job_at_once_one_does(store: TestStore) {
    let worker = WorkerId::new();
    let job = second_run(&store, worker).await;
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let (store, job) = (store.store.clone(), job.clone());
            tokio::spawn(async move {
                let mut write: Write = store.write().await.unwrap();
                let text = text(&format!("by {number}"), &["x"]);
                let ended = write.complete(&job, worker, &text, Change::Material, at(5)).await;
                if ended.is_ok() {
                    write.commit().await.unwrap();
                }
                ended
            })
        })
        .collect();
    let mut ended = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => ended += 1,
            Err(error) => assert!(matches!(error, Error::Lost), "{error:?}"),
        }
    }
    assert_eq!(ended, 1);
    assert_eq!((store.count("revisions").await, store.count("job_history").await), (2, 2));
}

/// PostgreSQL holds no U+0000 in a text. Refused or read back letter by letter: what is not allowed is a mangled one.
async fn a_text_that_a_database_cannot_hold_is_refused_whole(store: TestStore) {
    let worker = WorkerId::new();
    let job = second_run(&store, worker).await;
    let before = store.dump().await;
    let odd = NewText { title: "a\0b".to_owned(), ..text("", &["p"]) };
    let ended = dropped(&store, async |write| write.complete(&job, worker, &odd, Change::Material, at(5)).await).await;
    assert_eq!(store.dump().await, before);
    assert!(!matches!(ended, Err(Error::Lost)), "the job is still this worker's");
    if ended.is_ok() {
        store.complete(&job, worker, &odd, Change::Material, at(6)).await;
        assert_eq!(store.document_at(job.workspace, job.document, at(6)).await.title, "a\0b");
    } else {
        store.complete(&job, worker, &text("good", &["good"]), Change::None, at(6)).await;
    }
}
