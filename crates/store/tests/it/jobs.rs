//! Live jobs: fair claims, never two claimers, leases that are kept, run out and are taken over.

use std::collections::{HashMap, HashSet};

use model::{Blame, Failure, FailureCode, Job, JobStatus, WaitCode, WorkerId};
use store::{Change, Claim, Error, Expired, Store};

use crate::stores::{TestStore, at, dropped, hosts, on_both, postpone, retry, seconds, text, unpaced};

on_both!(
    a_claim_says_all_that_a_worker_needs,
    eight_claimers_never_get_the_same_job,
    leases_are_extended_until_somebody_takes_the_job,
    a_claim_for_some_documents_leaves_the_others,
    an_expired_job_is_found_and_taken_over,
    a_retry_waits_and_counts,
    a_postponed_job_was_not_tried,
    attempts_are_counted_through_a_whole_life,
);

/// What a first crash means.
const FIRST: Blame = Blame { counts: true, suspicion: 1 };

async fn a_claim_says_all_that_a_worker_needs(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    assert_eq!(store.claim(&unpaced(worker, 10), at(0)).await, []);
    let ids = store.add(workspace, &["https://a.example/x", "https://a.example/y"], at(1)).await;
    let jobs = store.claim(&unpaced(worker, 1), at(2)).await;
    let shown = store.document_at(workspace, ids[0], at(2)).await;
    let expected = Job {
        id: shown.job.unwrap(),
        workspace,
        document: ids[0],
        source: model::Source::Web,
        external_id: "https://a.example/x".to_owned(),
        english: true,
        baser: false,
        attempt: 1,
        max_attempts: 5,
        is_suspect: false,
        start_at: at(2),
    };
    assert_eq!(jobs, [expected]);
    assert_eq!(store.claim(&unpaced(worker, 10), at(2)).await.len(), 1);
    assert_eq!(store.claim(&unpaced(worker, 10), at(2)).await, []);
}

async fn eight_claimers_never_get_the_same_job(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &hosts("a", 400), at(1)).await;
    let claimers: Vec<_> = (0..8).map(|_| tokio::spawn(claim_all(store.store.clone()))).collect();
    let (mut seen, mut total) = (HashSet::new(), 0);
    for claimer in claimers {
        let jobs = claimer.await.unwrap();
        total += jobs.len();
        seen.extend(jobs);
    }
    assert_eq!((total, seen.len()), (400, 400));
    assert_eq!(store.count("job_history WHERE ended = 'completed' AND attempts = 1").await, 400);
    assert_eq!((store.count("jobs").await, store.count("revisions").await), (0, 400));
}

/// Claims and completes until every job of the store has been given out.
async fn claim_all(store: Store) -> Vec<model::JobId> {
    let worker = WorkerId::new();
    let mut done = Vec::new();
    loop {
        let mut write = store.write().await.unwrap();
        let jobs = write.claim(&unpaced(worker, 7), at(2)).await.unwrap().jobs;
        write.commit().await.unwrap();
        for job in &jobs {
            let mut write = store.write().await.unwrap();
            write.complete(job, worker, &text("A", &["a"]), Change::First, at(3)).await.unwrap();
            write.commit().await.unwrap();
            done.push(job.id);
        }
        // An empty claim may only mean that the others hold the rest at this moment.
        if jobs.is_empty() {
            let outlook = store.read().await.unwrap().outlook().await.unwrap();
            if !outlook.is_ready() && outlook.next_expiry().is_none() {
                return done;
            }
            tokio::task::yield_now().await;
        }
    }
}

async fn leases_are_extended_until_somebody_takes_the_job(store: TestStore) {
    let (workspace, worker, other) = (store.workspace("acme").await, WorkerId::new(), WorkerId::new());
    store.add(workspace, &hosts("a", 4), at(1)).await;
    let mine = store.claim(&unpaced(worker, 3), at(10)).await;
    let others = store.claim(&unpaced(other, 3), at(10)).await;
    let mut write = store.write().await.unwrap();
    write.complete(&mine[0], worker, &text("A", &["a"]), Change::First, at(11)).await.unwrap();
    let mut kept = write.extend_leases(worker, mine.iter().map(|job| &job.id), seconds(60), at(50)).await.unwrap();
    write.commit().await.unwrap();
    kept.sort();
    assert_eq!(kept, [mine[1].id, mine[2].id], "what ended and what others own is not among them");

    // The other's lease ran out at 70, ours were moved to 110.
    let expired = store.expired(at(69)).await;
    assert_eq!(expired, []);
    let expired = store.expired(at(70)).await;
    assert_eq!(expired, [Expired { job: Job { start_at: at(70), ..others[0].clone() }, worker: other, blame: FIRST }]);
    let late =
        dropped(&store, async |write| write.extend_leases(other, [&others[0].id], seconds(60), at(70)).await).await;
    assert_eq!(late.unwrap(), [others[0].id], "what ran out and nobody took is kept");
    let forgotten = dropped(&store, async |write| write.extend_leases(other, [], seconds(60), at(20)).await).await;
    assert_eq!(forgotten.unwrap(), [], "what is not in hand is left to run out");
    let late =
        dropped(&store, async |write| write.extend_leases(WorkerId::new(), [&others[0].id], seconds(60), at(20)).await)
            .await;
    assert_eq!(late.unwrap(), []);
    assert_eq!(store.expired(at(110)).await.len(), 3);
}

async fn a_claim_for_some_documents_leaves_the_others(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let ids = store.add(workspace, &hosts("a", 4), at(1)).await;
    let mine = [ids[3], ids[1]];
    let claim = Claim { only: Some(&mine), ..unpaced(worker, 10) };
    let claimed: Vec<_> = store.claim(&claim, at(2)).await.into_iter().map(|job| job.document).collect();
    assert_eq!(claimed, [ids[1], ids[3]]);
    assert_eq!(store.claim(&claim, at(2)).await, []);
    assert_eq!(store.claim(&unpaced(worker, 10), at(2)).await.len(), 2);
}

async fn an_expired_job_is_found_and_taken_over(store: TestStore) {
    let (workspace, dead, heir) = (store.workspace("acme").await, WorkerId::new(), WorkerId::new());
    let id = store.add(workspace, &["https://a.example/"], at(1)).await[0];
    let job = store.claim_one(dead, at(10)).await;
    assert_eq!(store.claim(&unpaced(heir, 10), at(1_000)).await, [], "only a sweep takes it away");
    let found = store.expired(at(70)).await;
    assert_eq!(found, [Expired { job: Job { start_at: at(70), ..job.clone() }, worker: dead, blame: FIRST }]);
    let mut write = store.write().await.unwrap();
    let again = retry(at(75), "its worker stopped");
    write.run_again(&found[0].job, found[0].worker, again, at(70)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(store.expired(at(70)).await, []);
    assert_eq!(store.document_at(workspace, id, at(70)).await.job_status, Some(JobStatus::Pending));
    let taken_over = store.claim_one(heir, at(75)).await;
    assert_eq!(taken_over, Job { attempt: 2, start_at: at(75), ..job });
}

async fn a_retry_waits_and_counts(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let id = store.add(workspace, &["https://a.example/"], at(1)).await[0];
    let job = store.claim_one(worker, at(2)).await;
    assert_eq!(store.next().await, None);
    let mut write = store.write().await.unwrap();
    write.run_again(&job, worker, retry(at(30), "attempt 1 of 5 failed: timeout"), at(3)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(store.next().await, Some(at(30)));
    store.worker_alive(worker, at(3)).await;
    let shown = store.document_at(workspace, id, at(3)).await;
    let waiting = shown.waiting.unwrap();
    assert_eq!((waiting.code, waiting.text.as_str()), (WaitCode::Retry, "attempt 1 of 5 failed: timeout"));
    assert_eq!((waiting.since, shown.next_attempt_at), (at(3), Some(at(30))));
    assert_eq!(store.claim(&unpaced(worker, 10), at(29)).await, []);
    assert_eq!(store.claim_one(worker, at(30)).await, Job { attempt: 2, start_at: at(30), ..job });
}

async fn a_postponed_job_was_not_tried(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &["https://a.example/"], at(1)).await;
    for round in 1..=10 {
        let job = store.claim_one(worker, at(round * 10)).await;
        assert_eq!(job.attempt, 1);
        let mut write = store.write().await.unwrap();
        let wait = postpone(at(round * 10 + 10), WaitCode::Provider, "the provider said to wait");
        write.run_again(&job, worker, wait, at(round * 10)).await.unwrap();
        write.commit().await.unwrap();
    }
}

async fn attempts_are_counted_through_a_whole_life(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &["https://a.example/"], at(1)).await;
    let mut attempts = HashMap::new();
    for attempt in 1..=5 {
        let job = store.claim_one(worker, at(attempt * 10)).await;
        attempts.insert(job.id, job.attempt);
        assert_eq!(job.attempt, attempt);
        let mut write = store.write().await.unwrap();
        if attempt < job.max_attempts {
            write.run_again(&job, worker, retry(at(attempt * 10 + 1), "again"), at(attempt * 10)).await.unwrap();
        } else {
            let failure = Failure::new(FailureCode::Timeout, "no answer within 30 s");
            write.fail(&job, worker, &failure, at(attempt * 10)).await.unwrap();
            let again = write.run_again(&job, worker, retry(at(100), "again"), at(99)).await;
            assert!(matches!(again, Err(Error::Lost)));
        }
        write.commit().await.unwrap();
    }
    assert_eq!(attempts.into_values().collect::<Vec<_>>(), [5], "one job, one id");
    assert_eq!(
        store.texts("SELECT ended || ' ' || attempts || ' ' || error FROM job_history").await,
        ["failed 5 timeout: no answer within 30 s"]
    );
}
