//! Workspaces do not see each other: every method with another workspace's ids sees nothing and changes nothing.

use model::{Failure, FailureCode, Job, Scopes, WaitCode, WorkerId, WorkspaceId};
use store::{Change, Direction, Error, Filter, Page, Queueing, Recall, new_key};

use crate::stores::{TestStore, at, batch, dropped, known, on_both, page, postpone, retry, text};

on_both!(
    nothing_of_another_workspace_is_read,
    nothing_of_another_workspace_is_listed,
    a_job_cannot_be_ended_under_another_workspace,
    one_page_in_two_workspaces_is_two_documents,
    keys_and_answers_of_another_workspace_are_out_of_reach,
);

/// A workspace whose one document, at this address, has a good text and a running job.
async fn with_document(store: &TestStore, name: &str, worker: WorkerId) -> (WorkspaceId, Job) {
    let workspace = store.workspace(name).await;
    store.add(workspace, &["https://a.example/"], at(1)).await;
    let job = store.claim_one(worker, at(1)).await;
    store.complete(&job, worker, &text(name, &[name]), Change::First, at(2)).await;
    let mut write = store.write().await.unwrap();
    write.queue_web(workspace, &batch([page("https://a.example/")]), at(3)).await.unwrap();
    write.commit().await.unwrap();
    (workspace, store.claim_one(worker, at(4)).await)
}

async fn nothing_of_another_workspace_is_read(store: TestStore) {
    let worker = WorkerId::new();
    let ((one, of_one), (two, of_two)) =
        (with_document(&store, "one", worker).await, with_document(&store, "two", worker).await);
    let mut read = store.read().await.unwrap();
    for (workspace, own, foreign) in [(one, &of_one, &of_two), (two, &of_two, &of_one)] {
        assert!(read.document(workspace, own.document, at(5)).await.unwrap().is_some());
        assert_eq!(read.document(workspace, foreign.document, at(5)).await.unwrap(), None);
        assert_eq!(read.current_text(workspace, foreign.document).await.unwrap(), None);
        assert_eq!(read.current_blocks(workspace, foreign.document).await.unwrap(), None);
        assert_eq!(read.live_jobs(workspace).await.unwrap(), 1);
    }
}

async fn nothing_of_another_workspace_is_listed(store: TestStore) {
    let worker = WorkerId::new();
    let ((one, of_one), (_, of_two)) =
        (with_document(&store, "one", worker).await, with_document(&store, "two", worker).await);
    let page = |cursor| Page { limit: 10, cursor, direction: Direction::Next };
    let mut read = store.read().await.unwrap();
    let listed = read.documents(one, &Filter::default(), &page(None), at(5)).await.unwrap().unwrap();
    assert_eq!(listed.documents.iter().map(|document| document.id).collect::<Vec<_>>(), [of_one.document]);
    let filters = [
        Filter { id: Some(of_two.document), ..Filter::default() },
        Filter { title: Some("two".to_owned()), ..Filter::default() },
    ];
    for filter in filters {
        assert_eq!(read.documents(one, &filter, &page(None), at(5)).await.unwrap().unwrap().documents, []);
    }
    for direction in [Direction::Next, Direction::Previous] {
        let page = Page { direction, ..page(Some(of_two.document)) };
        assert_eq!(read.documents(one, &Filter::default(), &page, at(5)).await.unwrap(), None);
    }
}

async fn a_job_cannot_be_ended_under_another_workspace(store: TestStore) {
    let worker = WorkerId::new();
    let ((one, of_one), (two, of_two)) =
        (with_document(&store, "one", worker).await, with_document(&store, "two", worker).await);
    let crossed = [
        Job { workspace: two, ..of_one.clone() },
        Job { document: of_two.document, ..of_one.clone() },
        Job { document: of_two.document, workspace: two, ..of_one.clone() },
        Job { id: of_two.id, ..of_one.clone() },
        Job { workspace: one, ..of_two.clone() },
    ];
    let before = store.dump().await;
    for job in crossed {
        let mut write = store.write().await.unwrap();
        let refused = write.complete(&job, worker, &text("x", &["x"]), Change::Material, at(5)).await;
        assert!(matches!(refused, Err(Error::Lost)), "{refused:?}");
        let refused = write.fail(&job, worker, &Failure::new(FailureCode::Internal, "x"), at(5)).await;
        assert!(matches!(refused, Err(Error::Lost)), "{refused:?}");
        if job.document == of_one.document {
            let refused = write.run_again(&job, worker, retry(at(9), "x"), at(5)).await;
            assert!(matches!(refused, Err(Error::Lost)), "{refused:?}");
            let refused = write.run_again(&job, worker, postpone(at(9), WaitCode::Host, "x"), at(5)).await;
            assert!(matches!(refused, Err(Error::Lost)), "{refused:?}");
        }
        write.commit().await.unwrap();
        assert_eq!(store.dump().await, before, "{job:?}");
    }
}

async fn one_page_in_two_workspaces_is_two_documents(store: TestStore) {
    let (one, two) = (store.workspace("one").await, store.workspace("two").await);
    let of_one = store.add(one, &["https://a.example/"], at(1)).await;
    let refresh = batch([known("https://a.example/")]);
    let unknown = dropped(&store, async |write| write.queue_web(two, &refresh, at(2)).await).await.unwrap();
    assert_eq!(unknown, Queueing::Unknown(vec!["https://a.example/".to_owned()]));
    let of_two = store.add(two, &["https://a.example/"], at(3)).await;
    assert_ne!(of_one, of_two);
    assert_eq!(store.document_at(one, of_one[0], at(4)).await.updated_at, at(1));
}

async fn keys_and_answers_of_another_workspace_are_out_of_reach(store: TestStore) {
    let (one, two) = (store.workspace("one").await, store.workspace("two").await);
    let key = new_key().unwrap();
    let mut write = store.write().await.unwrap();
    let id = write.save_key(one, "ci", Scopes::ALL, &key, at(1)).await.unwrap();
    assert_eq!(write.keys(two).await.unwrap(), []);
    for which in ["ci", key.handle(), &id.to_string()] {
        assert_eq!(write.revoke_keys(two, which, at(2)).await.unwrap(), []);
    }
    assert_eq!(write.access(&key).await.unwrap().unwrap().workspace, one);

    assert_eq!(write.recall_answer(one, ("r", "k"), &[1; 32], at(1)).await.unwrap(), Recall::New);
    write.save_answer(two, ("r", "k"), "forged").await.unwrap();
    write.save_answer(one, ("r", "k"), "one").await.unwrap();
    assert_eq!(write.recall_answer(two, ("r", "k"), &[1; 32], at(2)).await.unwrap(), Recall::New);
    assert_eq!(write.recall_answer(one, ("r", "k"), &[1; 32], at(2)).await.unwrap(), Recall::Known("one".to_owned()));
}
