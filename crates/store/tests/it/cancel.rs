//! Cancelling: a job ends wherever it stands, its run keeps nothing, and the document can be queued again.

use model::{DocumentId, Job, JobStatus, WorkerId, WorkspaceId};
use store::{Change, Error, Outcome, Pausable, Settlement, Store, Which};

use crate::stores::{TestStore, at, batch, hosts, kept, on_both, paced, page, pages, retry, seconds, text, unpaced};

on_both!(
    a_job_is_cancelled_wherever_it_stands,
    a_cancelled_run_keeps_nothing,
    a_cancelled_refresh_keeps_the_last_good_text,
    a_cancelled_run_makes_room_at_its_host,
    one_is_named_by_job_or_document_or_host,
    thousands_are_cancelled_in_parts,
    of_a_cancel_and_an_end_at_one_time_one_counts,
);

async fn cancel(store: &Store, workspace: WorkspaceId, which: &Which, seconds: i64) -> usize {
    kept(store, async |write| write.cancel(workspace, which, "no longer wanted", at(seconds)).await).await.unwrap()
}

/// The states of a document's live job, one after the other.
const STATES: [&str; 5] = ["ready", "delayed", "in_line", "held", "running"];

/// Brings the job of a new document into a state.
async fn brought_to(store: &TestStore, workspace: WorkspaceId, state: &str, worker: WorkerId) -> DocumentId {
    let host = format!("{}.example", state.replace('_', ""));
    let url = format!("https://{host}/");
    let claim = paced(worker, 1, seconds(60));
    if state == "in_line" {
        store.add(workspace, &[format!("https://{host}/before")], at(1)).await;
        store.claim(&claim, at(2)).await;
    }
    let id = store.add(workspace, &[url], at(3)).await[0];
    let lane = Pausable::Lane(host);
    if state == "held" {
        kept(store, async |write| write.pause(&lane, "x", at(3)).await).await.unwrap();
    }
    if state != "ready" {
        let jobs = store.claim(&claim, at(4)).await;
        if state == "delayed" {
            kept(store, async |write| write.run_again(&jobs[0], worker, retry(at(90), "x"), at(5)).await)
                .await
                .unwrap();
        }
    }
    if state == "held" {
        kept(store, async |write| write.resume(&lane).await).await.unwrap();
        store.sql("DELETE FROM pauses").await;
    }
    assert_eq!(store.texts(&format!("SELECT state FROM jobs WHERE document_id = '{id}'")).await, [state]);
    id
}

async fn a_job_is_cancelled_wherever_it_stands(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    for state in STATES {
        let id = brought_to(&store, workspace, state, worker).await;
        let job = store.document_at(workspace, id, at(10)).await.job.unwrap();
        assert_eq!(cancel(&store, workspace, &Which::Document(id), 10).await, 1, "{state}");
        assert_eq!(cancel(&store, workspace, &Which::Document(id), 11).await, 0, "{state}: there is none any more");
        let shown = store.document_at(workspace, id, at(12)).await;
        assert_eq!((shown.job_status, shown.job), (Some(JobStatus::Failed), Some(job)), "{state}");
        assert_eq!((shown.success, shown.error.as_str()), (false, "cancelled: no longer wanted"), "{state}");
        assert_eq!((shown.waiting, shown.next_attempt_at, shown.updated_at), (None, None, at(10)), "{state}");
        let history = format!("SELECT ended || '|' || error FROM job_history WHERE document_id = '{id}'");
        assert_eq!(store.texts(&history).await, ["cancelled|cancelled: no longer wanted"], "{state}");

        // Queued again it runs like a new one.
        let call = batch([page(&shown.external_id)]);
        kept(&store, async |write| write.queue_web(workspace, &call, at(13)).await).await.unwrap();
        store.sql("DELETE FROM lanes").await;
        let again = store.claim_one(worker, at(14)).await;
        assert_eq!((again.document, again.attempt), (id, 1), "{state}");
        assert_ne!(again.id, job, "{state}");
        store.complete(&again, worker, &text("A", &["a"]), Change::First, at(15)).await;
        store.sql("DELETE FROM jobs").await;
    }
}

async fn a_cancelled_run_keeps_nothing(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let id = store.add(workspace, &["https://a.example/"], at(1)).await[0];
    let job = store.claim_one(worker, at(2)).await;
    assert_eq!(cancel(&store, workspace, &Which::Job(job.id), 3).await, 1);
    let before = store.dump().await;
    let kept_leases = kept(&store, async |write| write.extend_leases(worker, [&job.id], seconds(60), at(4)).await);
    assert_eq!(kept_leases.await.unwrap(), [], "the worker hears of it at its next heartbeat");
    assert_eq!(store.read().await.unwrap().owned(worker, [&job.id]).await.unwrap(), []);
    let text = std::sync::Arc::new(text("A", &["a"]));
    let settlement = Settlement { job: job.clone(), outcome: Outcome::Text(text, Change::First) };
    assert!(matches!(store.settle(worker, settlement).await, Err(Error::Lost)));
    let again = kept(&store, async |write| write.run_again(&job, worker, retry(at(9), "x"), at(5)).await).await;
    assert!(matches!(again, Err(Error::Lost)));
    assert_eq!(store.dump().await, before);
    assert_eq!(store.document_at(workspace, id, at(6)).await.revision, 0);
}

async fn a_cancelled_refresh_keeps_the_last_good_text(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let id = store.add(workspace, &["https://a.example/"], at(1)).await[0];
    let job = store.claim_one(worker, at(2)).await;
    store.complete(&job, worker, &text("A", &["good"]), Change::First, at(3)).await;
    let call = batch([page("https://a.example/")]);
    kept(&store, async |write| write.queue_web(workspace, &call, at(4)).await).await.unwrap();
    assert_eq!(cancel(&store, workspace, &Which::All, 5).await, 1);
    let shown = store.document_at(workspace, id, at(6)).await;
    assert_eq!((shown.paragraphs, shown.title.as_str(), shown.revision), (vec!["good".to_owned()], "A", 1));
    assert_eq!((shown.success, shown.error.as_str()), (false, "cancelled: no longer wanted"));
}

async fn a_cancelled_run_makes_room_at_its_host(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &pages("a.example", 4), at(1)).await;
    let claim = paced(worker, 1, seconds(1));
    let running = [store.claim(&claim, at(10)).await, store.claim(&claim, at(11)).await].concat();
    assert_eq!((running.len(), store.claim(&claim, at(12)).await.len()), (2, 0), "two at once");
    cancel(&store, workspace, &Which::Job(running[0].id), 13).await;
    assert_eq!(store.claim(&claim, at(13)).await.len(), 1);
}

async fn one_is_named_by_job_or_document_or_host(store: TestStore) {
    let (one, two) = (store.workspace("one").await, store.workspace("two").await);
    let urls = ["https://a.example/1", "https://a.example/2", "https://b.example/1", "https://b.example/2"];
    let (of_one, of_two) = (store.add(one, &urls, at(1)).await, store.add(two, &urls, at(1)).await);
    let job = store.document_at(one, of_one[0], at(2)).await.job.unwrap();
    assert_eq!(cancel(&store, two, &Which::Job(job), 2).await, 0, "it is another's");
    assert_eq!(cancel(&store, two, &Which::Document(of_one[0]), 2).await, 0);
    assert_eq!(cancel(&store, one, &Which::Job(job), 3).await, 1);
    assert_eq!(cancel(&store, one, &Which::Document(of_one[1]), 3).await, 1);
    assert_eq!(cancel(&store, two, &Which::Lane("a.example".to_owned()), 4).await, 2);
    let live = async |workspace| {
        let found = format!("SELECT document_id FROM jobs WHERE workspace_id = '{workspace}' ORDER BY document_id");
        store.texts(&found).await
    };
    let left = |ids: &[DocumentId]| {
        let mut left: Vec<String> = ids.iter().map(ToString::to_string).collect();
        left.sort();
        left
    };
    assert_eq!(live(one).await, left(&of_one[2..]));
    assert_eq!(live(two).await, left(&of_two[2..]));
    assert_eq!(cancel(&store, one, &Which::All, 5).await, 2);
    assert_eq!(live(two).await, left(&of_two[2..]));
}

async fn thousands_are_cancelled_in_parts(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 2_300), at(1)).await;
    assert_eq!(store.claim(&unpaced(worker, 100), at(2)).await.len(), 100);
    let mut parts = Vec::new();
    for _ in 0..4 {
        parts.push(cancel(&store, workspace, &Which::All, 3).await);
    }
    assert_eq!(parts, [1_000, 1_000, 300, 0]);
    assert_eq!((store.count("jobs").await, store.count("job_history WHERE ended = 'cancelled'").await), (0, 2_300));
    assert_eq!(store.count("documents WHERE outcome = 'failed'").await, 2_300);
}

async fn of_a_cancel_and_an_end_at_one_time_one_counts(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let (mut cancelled, rounds) = (0, 6);
    for round in 0..rounds {
        let urls = hosts(&format!("r{round}-"), 12);
        store.add(workspace, &urls, at(1)).await;
        let jobs = store.claim(&unpaced(worker, 12), at(2)).await;
        let ends: Vec<_> = jobs.into_iter().map(|job| tokio::spawn(end(store.store.clone(), worker, job))).collect();
        let person = {
            let store = store.store.clone();
            tokio::spawn(async move { cancel(&store, workspace, &Which::All, 3).await })
        };
        let mut completed = 0;
        for end in ends {
            completed += usize::from(tokio::time::timeout(seconds(60), end).await.unwrap().unwrap());
        }
        cancelled += tokio::time::timeout(seconds(60), person).await.unwrap().unwrap();
        assert_eq!(store.count("job_history WHERE ended = 'cancelled'").await, cancelled);
        assert_eq!(store.count("job_history").await, 12 * (round + 1), "each ended once");
        assert_eq!(store.count("jobs").await, 0);
        assert_eq!(store.count("revisions").await, 12 * (round + 1) - cancelled);
        assert!(completed <= 12);
    }
}

/// Whether the end of a run was kept.
async fn end(store: Store, worker: WorkerId, job: Job) -> bool {
    let text = std::sync::Arc::new(text("A", &["a"]));
    match store.settle(worker, Settlement { job, outcome: Outcome::Text(text, Change::First) }).await {
        Ok(()) => true,
        Err(Error::Lost) => false,
        Err(error) => panic!("{error:?}"),
    }
}
