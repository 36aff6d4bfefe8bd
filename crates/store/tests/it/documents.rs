//! One document through its whole life: where it stands, why it waits, and whose it is.

use model::{Document, DocumentId, Failure, FailureCode, JobStatus, Timestamp, WaitCode, WorkerId};
use store::Change;

use crate::stores::{TestStore, at, batch, on_both, paced, page, postpone, retry, seconds, text};

on_both!(
    every_waiting_document_says_why,
    a_document_has_its_status_through_its_whole_life,
    what_is_not_there_is_none,
    a_document_has_an_owner,
    what_review_proposes_is_shown,
    what_this_version_cannot_read_is_an_error,
);

fn waits(document: &Document) -> Option<(WaitCode, Timestamp)> {
    document.waiting.as_ref().map(|waiting| (waiting.code, waiting.since))
}

async fn every_waiting_document_says_why(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let ids = store.add(workspace, &["https://a.example/1", "https://a.example/2"], at(10)).await;
    let seen = async |id, now| {
        let shown = store.document_at(workspace, id, at(now)).await;
        assert_eq!(shown.job_status, Some(JobStatus::Pending));
        (waits(&shown), shown.next_attempt_at)
    };
    assert_eq!(seen(ids[0], 10).await, (Some((WaitCode::Worker, at(10))), None), "no worker was ever there");
    store.worker_alive(worker, at(20)).await;
    assert_eq!(seen(ids[0], 20).await, (Some((WaitCode::Queue, at(10))), None));
    assert_eq!(seen(ids[0], 50).await, (Some((WaitCode::Queue, at(10))), None), "30 s of silence are not yet death");
    assert_eq!(seen(ids[0], 51).await, (Some((WaitCode::Worker, at(20))), None));

    let job = store.claim(&paced(worker, 2, seconds(5)), at(52)).await.remove(0);
    store.worker_alive(worker, at(52)).await;
    assert_eq!(waits(&store.document_at(workspace, ids[0], at(52)).await), None, "what runs does not wait");
    assert_eq!(seen(ids[1], 52).await, (Some((WaitCode::Host, at(52))), Some(at(57))));

    for (code, until) in [(WaitCode::Provider, 60), (WaitCode::Paused, 70)] {
        let mut write = store.write().await.unwrap();
        write.run_again(&job, worker, postpone(at(until), code, "because"), at(53)).await.unwrap();
        assert_eq!(write.live_jobs(workspace).await.unwrap(), 2);
        let shown = write.document(workspace, ids[0], at(53)).await.unwrap().unwrap();
        assert_eq!((waits(&shown), shown.next_attempt_at), (Some((code, at(53))), Some(at(until))));
    }
    let mut write = store.write().await.unwrap();
    write.run_again(&job, worker, retry(at(60), "attempt 1 of 5 failed: connect"), at(54)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(seen(ids[0], 54).await, (Some((WaitCode::Retry, at(54))), Some(at(60))));

    // Due, but others are served first: it is in the queue since it became due.
    store.worker_alive(worker, at(60)).await;
    let claimed = store.claim(&paced(worker, 1, seconds(5)), at(60)).await;
    assert_eq!(claimed.len(), 1);
    let other = if claimed[0].document == ids[0] { ids[1] } else { ids[0] };
    let shown = store.document_at(workspace, other, at(60)).await;
    assert!(matches!(waits(&shown), Some((WaitCode::Queue | WaitCode::Host, _))), "{:?}", shown.waiting);
}

async fn a_document_has_its_status_through_its_whole_life(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let id = store.add(workspace, &["https://a.example/"], at(1)).await[0];
    let status = async |now| {
        let shown = store.document_at(workspace, id, at(now)).await;
        (shown.job_status.unwrap(), shown.success, shown.error)
    };
    let ok = |status| (status, true, String::new());
    let broken = |status| (status, false, "gone: removed".to_owned());
    assert_eq!(status(1).await, (JobStatus::Pending, false, String::new()));
    let job = store.claim_one(worker, at(2)).await;
    assert_eq!(status(2).await, (JobStatus::InProgress, false, String::new()));
    store.complete(&job, worker, &text("A", &["a"]), Change::First, at(3)).await;
    assert_eq!(status(3).await, ok(JobStatus::Completed));

    // While the next run waits and runs, the record tells of the latest finished one.
    refresh(&store, workspace, 4).await;
    assert_eq!(status(4).await, ok(JobStatus::Pending));
    let job = store.claim_one(worker, at(5)).await;
    assert_eq!(status(5).await, ok(JobStatus::InProgress));
    let mut write = store.write().await.unwrap();
    write.fail(&job, worker, &Failure::new(FailureCode::Gone, "removed"), at(6)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(status(6).await, broken(JobStatus::Failed));
    refresh(&store, workspace, 7).await;
    assert_eq!(status(7).await, broken(JobStatus::Pending));
    let job = store.claim_one(worker, at(8)).await;
    assert_eq!(status(8).await, broken(JobStatus::InProgress));
    store.complete(&job, worker, &text("A", &["a"]), Change::None, at(9)).await;
    assert_eq!(status(9).await, ok(JobStatus::Completed));
}

async fn refresh(store: &TestStore, workspace: model::WorkspaceId, seconds: i64) {
    let mut write = store.write().await.unwrap();
    write.queue_web(workspace, &batch([page("https://a.example/")]), at(seconds)).await.unwrap();
    write.commit().await.unwrap();
}

async fn what_is_not_there_is_none(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let mut read = store.read().await.unwrap();
    assert_eq!(read.document(workspace, DocumentId::new(), at(1)).await.unwrap(), None);
    assert_eq!(read.owner(DocumentId::new()).await.unwrap(), None);
    assert_eq!(read.current_text(workspace, DocumentId::new()).await.unwrap(), None);
    assert_eq!(read.current_blocks(workspace, DocumentId::new()).await.unwrap(), None);
    assert_eq!(read.live_jobs(workspace).await.unwrap(), 0);
}

async fn a_document_has_an_owner(store: TestStore) {
    let (one, two) = (store.workspace("one").await, store.workspace("two").await);
    let (of_one, of_two) = (
        store.add(one, &["https://a.example/"], at(1)).await[0],
        store.add(two, &["https://a.example/"], at(1)).await[0],
    );
    let mut read = store.read().await.unwrap();
    assert_eq!(read.owner(of_one).await.unwrap(), Some(one));
    assert_eq!(read.owner(of_two).await.unwrap(), Some(two));
    assert_ne!(of_one, of_two);
}

async fn what_review_proposes_is_shown(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let id = store.add(workspace, &["https://a.example/"], at(1)).await[0];
    for operation in model::Operation::ALL {
        let set = "linked_knowledge_id = 'article-1', linked_reason = 'the title matches', linked_operation";
        store.sql(&format!("UPDATE documents SET {set} = '{operation}'")).await;
        let shown = store.document_at(workspace, id, at(2)).await;
        assert_eq!((shown.linked_operation, shown.linked_knowledge.as_deref()), (Some(*operation), Some("article-1")));
        assert_eq!(shown.linked_reason.as_deref(), Some("the title matches"));
    }
}

async fn what_this_version_cannot_read_is_an_error(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let id = store.add(workspace, &["https://a.example/"], at(1)).await[0];
    let job = store.claim_one(worker, at(2)).await;
    store.complete(&job, worker, &text("A", &["a"]), Change::First, at(3)).await;
    store.sql("UPDATE revisions SET paragraphs = 'no JSON', blocks = '[{\"type\":\"hologram\"}]'").await;
    let mut read = store.read().await.unwrap();
    assert!(matches!(read.document(workspace, id, at(4)).await, Err(store::Error::Corrupt(_))));
    assert!(matches!(read.current_text(workspace, id).await, Err(store::Error::Corrupt(_))));
    assert!(matches!(read.current_blocks(workspace, id).await, Err(store::Error::Corrupt(_))));
    drop(read);
    store.sql("UPDATE documents SET source = 'gopher'").await;
    assert!(matches!(store.read().await.unwrap().document(workspace, id, at(4)).await, Err(store::Error::Corrupt(_))));
}
