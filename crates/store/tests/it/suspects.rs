//! Jobs that may be what ended a process: whole groups are judged at once, and no worker has two suspects in hand.

use std::collections::HashSet;

use model::{Blame, Job, Timestamp, WorkerId};
use store::{Change, Claim, Expired, Lost, Outcome, Settlement, Store};

use crate::stores::{TestStore, at, hosts, kept, on_both, paced, pages, postpone, retry, seconds, text, unpaced};

on_both!(
    a_worker_is_judged_when_its_last_lease_is_over,
    a_job_that_a_living_worker_forgot_comes_back,
    the_most_suspected_pay_and_the_others_get_their_attempt_back,
    a_worker_is_given_one_suspect_at_a_time,
    suspects_in_line_let_others_by,
    a_run_that_came_to_an_end_ends_the_suspicion,
    what_somebody_is_ending_is_passed_by,
    who_is_recovered_from_is_not_rung_for,
);

fn settlement(Expired { job, blame, .. }: &Expired, now: Timestamp) -> Settlement {
    let lost = Lost { at: now, why: "its worker fell silent".to_owned(), blame: *blame };
    Settlement { job: job.clone(), outcome: Outcome::Lost(lost) }
}

/// What every process does with the jobs of the dead.
async fn recover(store: &TestStore, now: Timestamp) -> Vec<Expired> {
    store.clock.set(now);
    let expired = store.expired(now).await;
    for group in expired.chunk_by(|one, other| one.worker == other.worker) {
        let lost = group.iter().map(|lost| settlement(lost, now)).collect();
        assert_eq!(store.recover(group[0].worker, lost).await.unwrap(), group.len());
    }
    expired
}

/// Jobs that were in hand at two crashes, by that instant.
async fn suspects(store: &TestStore, urls: &[String]) -> Timestamp {
    let workspace = store.workspace("acme").await;
    store.add(workspace, urls, at(1)).await;
    for crash in [10, 110] {
        let mut jobs = Vec::new();
        while jobs.len() < urls.len() {
            jobs.extend(store.claim(&unpaced(WorkerId::new(), 64), at(crash)).await);
        }
        assert_eq!(recover(store, at(crash + 60)).await.len(), urls.len());
    }
    at(200)
}

async fn a_worker_is_judged_when_its_last_lease_is_over(store: TestStore) {
    let (workspace, dead) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 3), at(1)).await;
    let early = store.claim(&unpaced(dead, 2), at(10)).await;
    store.claim(&unpaced(dead, 1), at(30)).await;
    assert_eq!(store.expired(at(89)).await, [], "its youngest lease runs until 90");
    let expired = store.expired(at(90)).await;
    assert_eq!(expired.len(), 3);
    assert!(early.iter().all(|job| expired.iter().any(|lost| lost.job.id == job.id)));
    assert!(expired.iter().all(|lost| lost.blame == Blame { counts: true, suspicion: 1 }));
}

async fn a_job_that_a_living_worker_forgot_comes_back(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 2), at(1)).await;
    let jobs = store.claim(&unpaced(worker, 2), at(10)).await;
    kept(&store, async |write| write.extend_leases(worker, [&jobs[0].id], seconds(600), at(11)).await).await.unwrap();
    assert_eq!(store.expired(at(129)).await, []);
    let expired = store.expired(at(130)).await;
    assert_eq!(expired.iter().map(|lost| lost.job.id).collect::<Vec<_>>(), [jobs[1].id]);
}

async fn the_most_suspected_pay_and_the_others_get_their_attempt_back(store: TestStore) {
    let (workspace, first, second) = (store.workspace("acme").await, WorkerId::new(), WorkerId::new());
    let old = store.add(workspace, &hosts("old", 2), at(1)).await;
    store.claim(&unpaced(first, 2), at(10)).await;
    recover(&store, at(70)).await;
    store.add(workspace, &hosts("new", 2), at(71)).await;
    let jobs = store.claim(&unpaced(second, 10), at(80)).await;
    assert_eq!(jobs.len(), 4, "after one crash they are taken together");
    recover(&store, at(140)).await;
    let heir = store.claim(&unpaced(WorkerId::new(), 10), at(150)).await;
    assert_eq!(heir.iter().filter(|job| job.is_suspect).count(), 1, "after two they are not");
    for job in heir {
        let expected = if old.contains(&job.document) { (3, 5) } else { (2, 6) };
        assert_eq!((job.attempt, job.max_attempts), expected, "{job:?}");
    }
}

async fn a_worker_is_given_one_suspect_at_a_time(store: TestStore) {
    let mut now = suspects(&store, &hosts("a", 12)).await;
    let workspace = store.workspace("acme").await;
    store.add(workspace, &hosts("clean", 20), now).await;
    let (worker, other) = (WorkerId::new(), WorkerId::new());
    let claimed = store.claim(&unpaced(worker, 10), now).await;
    assert_eq!(claimed.iter().filter(|job| job.is_suspect).count(), 1, "{claimed:?}");
    let more = store.claim(&unpaced(worker, 10), now).await;
    assert_eq!((more.len(), more.iter().filter(|job| job.is_suspect).count()), (10, 0), "they hide nobody");
    let others = store.claim(&unpaced(other, 1), now).await;
    assert!(others[0].is_suspect, "another worker takes the next");
    // One that ends makes room for one.
    let mut suspect = claimed.into_iter().find(|job| job.is_suspect).unwrap();
    for _ in 0..10 {
        now = now.plus(seconds(1));
        store.complete(&suspect, worker, &text("A", &["a"]), Change::First, now).await;
        let found = store.claim(&unpaced(worker, 1), now).await;
        assert!(found[0].is_suspect && found[0].id != suspect.id);
        suspect = found.into_iter().next().unwrap();
    }
    let only: Vec<_> = [suspect.document, others[0].document].to_vec();
    assert_eq!(store.claim(&Claim { only: Some(&only), ..unpaced(worker, 5) }, now).await, []);
}

async fn suspects_in_line_let_others_by(store: TestStore) {
    let mut now = suspects(&store, &pages("a.example", 4)).await;
    let workspace = store.workspace("acme").await;
    let (worker, mut taken, mut together) = (WorkerId::new(), HashSet::new(), Vec::<Job>::new());
    let claim = |limit| paced(worker, limit, seconds(1));
    assert_eq!(store.claim(&claim(8), now).await.len(), 1);
    assert_eq!(store.count("jobs WHERE state = 'in_line'").await + store.count("jobs WHERE state = 'ready'").await, 3);
    // The line has nobody for this worker, and stays a line all the same.
    now = now.plus(seconds(5));
    assert_eq!(store.claim(&claim(8), now).await, []);
    store.add(workspace, &pages("a.example", 6)[4..], now).await;
    for _ in 0..6 {
        now = now.plus(seconds(2));
        together.extend(store.claim(&claim(8), now).await);
    }
    assert!(!together.is_empty() && together.iter().all(|job| !job.is_suspect), "{together:?}");
    let left = 3 + 2 - together.len();
    for job in together {
        store.complete(&job, worker, &text("A", &["a"]), Change::First, now).await;
    }
    for _ in 0..8 {
        now = now.plus(seconds(2));
        taken.extend(store.claim(&paced(WorkerId::new(), 8, seconds(1)), now).await.into_iter().map(|job| job.id));
        store.sql("UPDATE jobs SET state = 'delayed', owner = NULL, lease_until = NULL, run_at = 4000000000000000 WHERE state = 'running'").await;
    }
    assert_eq!((taken.len(), store.count("jobs WHERE state <> 'delayed'").await), (left, 0), "nobody is stranded");
}

async fn a_run_that_came_to_an_end_ends_the_suspicion(store: TestStore) {
    let mut now = suspects(&store, &hosts("a", 1)).await;
    let worker = WorkerId::new();
    let job = store.claim_one(worker, now).await;
    now = now.plus(seconds(1));
    kept(&store, async |write| write.run_again(&job, worker, postpone(now, model::WaitCode::Queue, "x"), now).await)
        .await
        .unwrap();
    let job = store.claim_one(worker, now).await;
    assert!(job.is_suspect, "what was handed back has shown nothing");
    kept(&store, async |write| write.run_again(&job, worker, retry(now, "x"), now).await).await.unwrap();
    assert!(!store.claim_one(worker, now).await.is_suspect);
}

async fn what_somebody_is_ending_is_passed_by(store: TestStore) {
    let (workspace, dead) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 2), at(1)).await;
    let jobs = store.claim(&unpaced(dead, 2), at(10)).await;
    store.clock.set(at(80));
    let expired = store.expired(at(80)).await;
    let lost: Vec<_> = expired.iter().map(|lost| settlement(lost, at(80))).collect();
    let mut late = store.write().await.unwrap();
    late.complete(&jobs[0], dead, &text("late", &["late"]), Change::First, at(80)).await.unwrap();
    // SQLite has one writer, for whom this waits.
    let waiting = {
        let store: Store = store.store.clone();
        tokio::spawn(async move { store.recover(dead, lost).await })
    };
    if matches!(store.target, store::Target::Postgres(_)) {
        assert_eq!(tokio::time::timeout(seconds(5), waiting).await.unwrap().unwrap().unwrap(), 1);
        late.commit().await.unwrap();
    } else {
        late.commit().await.unwrap();
        assert_eq!(waiting.await.unwrap().unwrap(), 1);
    }
    assert_eq!(store.document_at(workspace, jobs[0].document, at(81)).await.title, "late");
}

async fn who_is_recovered_from_is_not_rung_for(store: TestStore) {
    let (workspace, dead, other) = (store.workspace("acme").await, WorkerId::new(), WorkerId::new());
    store.add(workspace, &hosts("a", 1), at(1)).await;
    store.worker_alive(dead, at(9)).await;
    store.worker_alive(other, at(9)).await;
    store.claim_one(dead, at(10)).await;
    recover(&store, at(70)).await;
    assert_eq!(store.texts("SELECT id FROM workers").await, [other.to_string()]);
    store.worker_alive(dead, at(71)).await;
    assert_eq!(store.count("workers").await, 2, "it only stood still");
}
