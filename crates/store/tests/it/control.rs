//! What people see and do: jobs live and finished, numbers, retries by filter, weights, and counters of a process.

use std::collections::HashMap;

use model::job::{Ending, JobState};
use model::{DocumentId, Failure, FailureCode, JobId, Priority, WaitCode, WorkerId, WorkspaceId};
use store::{Error, JobStanding, JobsPage, Outcome, Pausable, Retried, Retrying, Settlement, Which};

use crate::stores::{TestStore, at, hosts, kept, on_both, paced, pages, retry, seconds, unpaced};

on_both!(
    a_job_is_seen_live_and_finished_by_its_workspace_alone,
    live_jobs_come_in_the_order_of_queueing,
    a_job_is_retried_when_it_failed_and_only_then,
    failures_are_retried_by_code_and_host,
    thousands_are_retried_in_parts_up_to_a_limit,
    retries_at_one_time_queue_each_document_once,
    everything_of_a_workspace_is_cancelled_in_parts,
    the_numbers_are_right,
    owners_are_told_for_those_that_exist,
    a_weight_counts_for_what_comes_after,
    a_process_counts_what_it_did,
);

/// Claims everything and lets each run fail for good.
async fn fail_all(store: &TestStore, code: FailureCode) {
    let worker = WorkerId::new();
    for job in store.claim(&unpaced(worker, 10_000), at(5)).await {
        kept(store, async |write| write.fail(&job, worker, &Failure::new(code, "x"), at(6)).await).await.unwrap();
    }
}

async fn retry_job(store: &TestStore, workspace: WorkspaceId, job: JobId) -> Retried {
    kept(store, async |write| write.retry_job(workspace, job, 3, at(20)).await).await.unwrap()
}

async fn latest_job(store: &TestStore, workspace: WorkspaceId, document: DocumentId) -> JobId {
    store.document_at(workspace, document, at(20)).await.job.unwrap()
}

fn failed(codes: &[FailureCode], host: Option<&str>, limit: Option<usize>) -> Retrying {
    Retrying { codes: Some(codes.to_vec()).filter(|codes| !codes.is_empty()), host: host.map(str::to_owned), limit }
}

async fn a_job_is_seen_live_and_finished_by_its_workspace_alone(store: TestStore) {
    let (one, other, worker) = (store.workspace("one").await, store.workspace("other").await, WorkerId::new());
    let document = store.add(one, &hosts("a", 1), at(1)).await[0];
    let id = latest_job(&store, one, document).await;
    let mut read = store.read().await.unwrap();
    let live = read.job(one, id, at(9)).await.unwrap().unwrap();
    assert_eq!((live.id, live.document, live.host.as_str(), live.attempt), (id, document, "a0.example", 0));
    let JobStanding::Live { state, priority, max_attempts, waiting, .. } = live.standing else { panic!("{live:?}") };
    assert_eq!((state, priority, max_attempts), (JobState::Ready, Priority::Bulk, 5));
    assert_eq!(waiting.unwrap().code, WaitCode::Worker);
    assert_eq!((read.job(other, id, at(9)).await.unwrap(), read.job_owner(id).await.unwrap()), (None, Some(one)));
    assert_eq!(read.job_owner(JobId::new()).await.unwrap(), None);
    drop(read);

    let job = store.claim_one(worker, at(10)).await;
    let failure = Failure::new(FailureCode::Gone, "x");
    kept(&store, async |write| write.fail(&job, worker, &failure, at(12)).await).await.unwrap();
    let mut read = store.read().await.unwrap();
    let ended = read.job(one, id, at(20)).await.unwrap().unwrap();
    assert_eq!((ended.host.as_str(), ended.attempt, ended.started_at), ("a0.example", 1, Some(at(10))));
    assert_eq!(ended.standing, JobStanding::Ended { how: Ending::Failed, error: "gone: x".to_owned(), at: at(12) });
    assert_eq!((read.job(other, id, at(20)).await.unwrap(), read.job_owner(id).await.unwrap()), (None, Some(one)));
}

async fn live_jobs_come_in_the_order_of_queueing(store: TestStore) {
    let (workspace, other) = (store.workspace("acme").await, store.workspace("other").await);
    store.add(other, &hosts("o", 3), at(1)).await;
    let ids = store.add(workspace, &hosts("a", 7), at(1)).await;
    store.claim(&unpaced(WorkerId::new(), 5), at(2)).await;
    let mut read = store.read().await.unwrap();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = JobsPage { state: None, limit: 3, after };
        let (jobs, has_more) = read.jobs(workspace, &page, at(3)).await.unwrap();
        after = jobs.last().map(|job| job.id);
        seen.extend(jobs.into_iter().map(|job| job.document));
        if !has_more {
            break;
        }
    }
    assert_eq!(seen, ids);
    let running = JobsPage { state: Some(JobState::Running), limit: 100, after: None };
    let ready = JobsPage { state: Some(JobState::Ready), ..running };
    let count = async |read: &mut store::Read, page| read.jobs(workspace, page, at(3)).await.unwrap().0.len();
    assert_eq!(count(&mut read, &running).await + count(&mut read, &ready).await, 7);
}

async fn a_job_is_retried_when_it_failed_and_only_then(store: TestStore) {
    let (workspace, other) = (store.workspace("acme").await, store.workspace("other").await);
    let document = store.add(workspace, &hosts("a", 1), at(1)).await[0];
    let first = latest_job(&store, workspace, document).await;
    assert_eq!(retry_job(&store, workspace, first).await, Retried::Live(first));
    fail_all(&store, FailureCode::Timeout).await;
    let before = store.dump().await;
    assert_eq!(retry_job(&store, other, first).await, Retried::Unknown);
    assert_eq!(retry_job(&store, workspace, JobId::new()).await, Retried::Unknown);
    assert_eq!(store.dump().await, before);

    let Retried::Queued(second) = retry_job(&store, workspace, first).await else { panic!("it failed") };
    assert_eq!(retry_job(&store, workspace, first).await, Retried::Live(second));
    assert!(retry_job(&store, workspace, first).await.refusal(first).unwrap().contains(&second.to_string()));
    let shown = store.read().await.unwrap().job(workspace, second, at(21)).await.unwrap().unwrap();
    assert!(matches!(shown.standing, JobStanding::Live { max_attempts: 3, .. }) && shown.attempt == 0, "{shown:?}");
    fail_all(&store, FailureCode::Timeout).await;
    assert_eq!(retry_job(&store, workspace, first).await, Retried::Superseded(second));
    store.sql("UPDATE documents SET outcome = 'completed'").await;
    assert_eq!(retry_job(&store, workspace, second).await, Retried::Completed);
}

async fn failures_are_retried_by_code_and_host(store: TestStore) {
    let (workspace, other) = (store.workspace("acme").await, store.workspace("other").await);
    for (code, host) in
        [(FailureCode::Timeout, "a.example"), (FailureCode::Dns, "a.example"), (FailureCode::RateLimited, "b.example")]
    {
        store.add(workspace, &pages(&format!("{code}.{host}").replace('_', "-"), 2), at(1)).await;
        store.add(other, &pages(host, 2), at(1)).await;
        fail_all(&store, code).await;
        kept(&store, async |write| write.cancel(other, &Which::All, "x", at(7)).await).await.unwrap();
        store.sql(&format!("DELETE FROM documents WHERE workspace_id = '{other}'")).await;
    }
    use FailureCode::{Dns, RateLimited, ServerError, Timeout};
    for (which, expected) in [
        (failed(&[ServerError], None, None), 0),
        (failed(&[Timeout], Some("dns.a.example"), None), 0),
        (failed(&[], Some("a.example"), None), 0),
        (failed(&[], Some("timeout.a.example"), Some(1)), 1),
        (failed(&[], Some("timeout.a.example"), None), 1),
        (failed(&[Timeout, RateLimited], None, None), 2),
        (failed(&[Dns], Some("dns.a.example"), None), 2),
        (Retrying::default(), 0),
    ] {
        assert_eq!(store.retry(other, &which, 5).await.unwrap(), 0, "{which:?}");
        assert_eq!(store.retry(workspace, &which, 5).await.unwrap(), expected, "{which:?}");
    }
}

async fn thousands_are_retried_in_parts_up_to_a_limit(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &pages("a.example", 2_300), at(1)).await;
    fail_all(&store, FailureCode::Connect).await;
    for (limit, expected) in [(Some(1_100), 1_100), (None, 1_200), (None, 0)] {
        assert_eq!(store.retry(workspace, &failed(&[], None, limit), 5).await.unwrap(), expected);
    }
    assert_eq!(store.count("jobs WHERE priority = 'bulk' AND state = 'ready'").await, 2_300);
}

async fn retries_at_one_time_queue_each_document_once(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &hosts("a", 200), at(1)).await;
    fail_all(&store, FailureCode::Connect).await;
    let retries = (0..8).map(|_| {
        let store = store.store.clone();
        tokio::spawn(async move { store.retry(workspace, &Retrying::default(), 5).await })
    });
    for retried in futures_util::future::join_all(retries).await {
        retried.unwrap().unwrap();
    }
    assert_eq!(store.count("jobs").await, 200);
}

async fn everything_of_a_workspace_is_cancelled_in_parts(store: TestStore) {
    let (workspace, other) = (store.workspace("acme").await, store.workspace("other").await);
    store.add(other, &hosts("o", 10), at(1)).await;
    let ids = store.add(workspace, &pages("a.example", 1_500), at(1)).await;
    store.add(workspace, &pages("b.example", 10), at(1)).await;
    let some = Which::Documents(ids[..20].to_vec());
    for (which, expected) in
        [(some, 20), (Which::Lane("a.example".to_owned()), 1_480), (Which::All, 10), (Which::All, 0)]
    {
        assert_eq!(store.cancel(workspace, &which, "enough").await.unwrap(), expected, "{which:?}");
    }
    assert_eq!((store.count("jobs").await, store.count("job_history WHERE ended = 'cancelled'").await), (10, 1_510));
}

async fn the_numbers_are_right(store: TestStore) {
    let (one, other, worker) = (store.workspace("one").await, store.workspace("other").await, WorkerId::new());
    store.add(other, &pages("a.example", 3), at(1)).await;
    store.add(one, &pages("a.example", 1), at(2)).await;
    store.claim(&paced(worker, 10, seconds(60)), at(3)).await;
    store.add(one, &hosts("b", 2), at(4)).await;
    let mut read = store.read().await.unwrap();
    let of_one = read.live_counts(Some(one)).await.unwrap();
    let count = |state| of_one.iter().find(|count| count.state == state).map_or(0, |count| count.jobs);
    assert_eq!((count(JobState::Ready), count(JobState::InLine) + count(JobState::Running)), (2, 1));
    let ready = of_one.iter().find(|count| count.state == JobState::Ready).unwrap();
    assert_eq!((ready.oldest, ready.since, ready.priority), (at(4), at(4), Priority::Bulk));
    assert_eq!(read.live_counts(None).await.unwrap().iter().map(|count| count.jobs).sum::<i64>(), 6);
    assert_eq!((read.lines().await.unwrap(), read.workers_alive(at(5)).await.unwrap()), (1, 0));
    drop(read);

    for (worker, serves_all) in [(WorkerId::new(), true), (WorkerId::new(), true), (WorkerId::new(), false)] {
        store.heartbeat(worker, serves_all, at(5)).await;
    }
    let lane = Pausable::Lane("b0.example".to_owned());
    kept(&store, async |write| write.pause(&lane, "x", at(6)).await).await.unwrap();
    kept(&store, async |write| write.pause(&Pausable::Workspace(other), "y", at(6)).await).await.unwrap();
    store.claim(&unpaced(worker, 10), at(7)).await;
    let mut read = store.read().await.unwrap();
    let felt = read.pauses_over(one).await.unwrap();
    assert!(felt.len() == 1 && felt[0].what == lane, "{felt:?}");
    let felt = read.pauses_over(other).await.unwrap();
    assert!(felt.len() == 1 && felt[0].what == Pausable::Workspace(other), "{felt:?}");
    assert_eq!(read.workers_alive(at(30)).await.unwrap(), 2);
    assert_eq!(read.workers_alive(at(36)).await.unwrap(), 0);
    let pool = store.pool_use();
    assert!(pool.busy >= 1, "{pool:?}");
}

async fn owners_are_told_for_those_that_exist(store: TestStore) {
    let (one, other) = (store.workspace("one").await, store.workspace("other").await);
    let (of_one, of_other) =
        (store.add(one, &hosts("a", 1), at(1)).await[0], store.add(other, &hosts("a", 1), at(1)).await[0]);
    let mut read = store.read().await.unwrap();
    let owners = read.owners(&[of_one, of_other, DocumentId::new()]).await.unwrap();
    assert_eq!(owners, HashMap::from([(of_one, one), (of_other, other)]));
    assert!(read.owners(&[]).await.unwrap().is_empty());
}

async fn a_weight_counts_for_what_comes_after(store: TestStore) {
    let (heavy, light) = (store.workspace("heavy").await, store.workspace("light").await);
    for (name, weight, there) in [("heavy", 3, true), ("nobody", 2, false), ("light", 5_000, true), ("light", 1, true)]
    {
        assert_eq!(
            kept(&store, async |write| write.weigh_workspace(name, weight).await).await.unwrap(),
            there,
            "{name}"
        );
    }
    let weights = store.read().await.unwrap().weights().await.unwrap();
    assert_eq!(
        weights.into_iter().collect::<HashMap<_, _>>(),
        HashMap::from([("heavy".to_owned(), 3), ("light".to_owned(), 1)])
    );
    store.add(light, &hosts("l", 40), at(1)).await;
    store.add(heavy, &hosts("h", 40), at(1)).await;
    let first = store.claim(&unpaced(WorkerId::new(), 20), at(2)).await;
    let of_heavy = first.iter().filter(|job| job.workspace == heavy).count();
    assert!((14..=16).contains(&of_heavy), "{of_heavy} of 20");
}

async fn a_process_counts_what_it_did(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 5), at(1)).await;
    let jobs = store.store.claim(&unpaced(worker, 5)).await.unwrap().jobs;
    let again = |counts| Outcome::Again(store::Again { counts, ..retry(at(90), "x") });
    let ends = [Outcome::Failed(Failure::new(FailureCode::Dns, "x")), again(true), again(false)];
    for (job, outcome) in jobs.iter().zip(ends) {
        store.settle(worker, Settlement { job: job.clone(), outcome }).await.unwrap();
    }
    store.cancel(workspace, &Which::Job(jobs[3].id), "enough").await.unwrap();
    let late = Settlement { job: jobs[3].clone(), outcome: again(true) };
    assert!(matches!(store.settle(worker, late).await, Err(Error::Lost)));
    let tally = store.tally();
    assert_eq!((tally.claimed(), tally.completed(), tally.cancelled(), tally.lost()), (5, 0, 1, 1));
    assert_eq!((tally.failed(FailureCode::Dns), tally.failed(FailureCode::Tls)), (1, 0));
    assert_eq!((tally.retried(), tally.handed_back()), (1, 1));
    store.beside().await.settle(worker, Settlement { job: jobs[4].clone(), outcome: again(true) }).await.unwrap();
    assert_eq!(store.tally().retried(), 1, "another process has counters of its own");
}
