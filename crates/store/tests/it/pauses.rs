//! Pauses: nothing paused starts, everybody sees why at once, and what was laid aside always comes back.

use std::collections::HashSet;

use model::{DocumentId, JobStatus, WaitCode, WorkerId, WorkspaceId};
use store::{Change, Pausable, Pause, Store};

use crate::stores::{TestStore, at, cut_short, hosts, kept, on_both, paced, pages, retry, seconds, text, unpaced};

on_both!(
    a_paused_workspace_starts_nothing_and_says_why,
    a_paused_host_starts_nothing_in_any_workspace,
    what_runs_when_a_pause_comes_goes_on,
    a_second_pause_changes_the_reason_alone,
    under_two_pauses_a_job_waits_for_the_end_of_both,
    a_pause_that_comes_while_another_ends_holds,
    a_release_that_is_stopped_halfway_is_finished_by_the_next,
    no_claim_and_resume_at_one_time_strand_a_job,
);

async fn pause(store: &Store, what: &Pausable, reason: &str, seconds: i64) {
    kept(store, async |write| write.pause(what, reason, at(seconds)).await).await.unwrap();
}

async fn resume(store: &Store, what: &Pausable) -> bool {
    kept(store, async |write| write.resume(what).await).await.unwrap()
}

/// Claims until a claim gives nothing more, and says which documents run.
async fn claim_all(store: &TestStore, worker: WorkerId, seconds: i64) -> HashSet<DocumentId> {
    let mut claimed = HashSet::new();
    loop {
        let now = at(seconds);
        let claim = kept(store, async |write| write.claim(&unpaced(worker, 50), now).await).await.unwrap();
        let more = claim.more || !claim.jobs.is_empty();
        claimed.extend(claim.jobs.into_iter().map(|job| job.document));
        if !more {
            return claimed;
        }
    }
}

async fn paused(store: &TestStore, workspace: WorkspaceId, id: DocumentId, seconds: i64) -> Option<(String, i64)> {
    let shown = store.document_at(workspace, id, at(seconds)).await;
    assert_eq!(shown.job_status, Some(JobStatus::Pending));
    let waiting = shown.waiting.expect("what is pending says why");
    (waiting.code == WaitCode::Paused).then(|| (waiting.text, waiting.since.as_micros() / 1_000_000 - 1_700_000_000))
}

async fn a_paused_workspace_starts_nothing_and_says_why(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let (worker, what) = (WorkerId::new(), Pausable::Workspace(acme));
    // Of the paused one: a job that is delayed, one that runs, one in line and some that are ready.
    let retried = store.add(acme, &["https://retried.example/"], at(1)).await;
    let job = store.claim_one(worker, at(2)).await;
    kept(&store, async |write| write.run_again(&job, worker, retry(at(40), "later"), at(2)).await).await.unwrap();
    let lined = store.add(acme, &pages("busy.example", 2), at(3)).await;
    assert_eq!(store.claim(&paced(worker, 8, seconds(60)), at(4)).await.len(), 1);
    let ready = store.add(acme, &hosts("a", 100), at(5)).await;
    let others = store.add(other, &hosts("b", 3), at(5)).await;
    store.worker_alive(worker, at(10)).await;

    pause(&store, &what, "the contract ended", 10).await;
    let holds = Pause { what: what.clone(), reason: "the contract ended".to_owned(), since: at(10) };
    assert_eq!(store.read().await.unwrap().pauses().await.unwrap(), [holds]);
    let shown = Some(("an operator paused it: the contract ended".to_owned(), 10));
    for id in [retried[0], lined[1], ready[0], ready[99]] {
        assert_eq!(paused(&store, acme, id, 10).await, shown);
    }
    assert_eq!(store.document_at(acme, lined[0], at(10)).await.job_status, Some(JobStatus::InProgress));
    assert_eq!(paused(&store, other, others[0], 10).await, None);

    assert_eq!(claim_all(&store, worker, 70).await, others.iter().copied().collect());
    assert_eq!(claim_all(&store, worker, 80).await, HashSet::new());
    store.worker_alive(worker, at(80)).await;
    for id in [retried[0], lined[1], ready[0], ready[99]] {
        assert_eq!(paused(&store, acme, id, 80).await.unwrap().0, "an operator paused it: the contract ended");
    }

    assert!(resume(&store, &what).await);
    assert!(!resume(&store, &what).await, "there is none any more");
    assert_eq!(store.read().await.unwrap().pauses().await.unwrap(), []);
    assert!(store.read().await.unwrap().outlook().await.unwrap().has_held());
    assert_eq!(paused(&store, acme, ready[0], 81).await, None);
    store.clock.set(at(81));
    assert_eq!(store.release_held().await.unwrap(), 102);
    assert!(!store.read().await.unwrap().outlook().await.unwrap().has_held());
    let back: HashSet<_> = [retried, lined[1..].to_vec(), ready].concat().into_iter().collect();
    assert_eq!(claim_all(&store, worker, 82).await, back);
}

async fn a_paused_host_starts_nothing_in_any_workspace(store: TestStore) {
    let (one, two) = (store.workspace("one").await, store.workspace("two").await);
    let (worker, what) = (WorkerId::new(), Pausable::Lane("a.example".to_owned()));
    let of_one = store.add(one, &["https://a.example/1", "https://b.example/1"], at(1)).await;
    let of_two = store.add(two, &["https://a.example/2", "https://b.example/2"], at(1)).await;
    store.worker_alive(worker, at(10)).await;
    pause(&store, &what, "its owner asked", 10).await;
    let shown = Some(("an operator paused it: its owner asked".to_owned(), 10));
    assert_eq!(paused(&store, one, of_one[0], 10).await, shown);
    assert_eq!(paused(&store, two, of_two[0], 10).await, shown);
    assert_eq!(paused(&store, one, of_one[1], 10).await, None);
    assert_eq!(claim_all(&store, worker, 11).await, HashSet::from([of_one[1], of_two[1]]));
    // What comes later is under the pause too.
    let late = store.add(one, &["https://a.example/late"], at(12)).await;
    assert_eq!(paused(&store, one, late[0], 12).await.unwrap().1, 12);
    assert_eq!(claim_all(&store, worker, 13).await, HashSet::new());
    assert!(resume(&store, &what).await);
    assert_eq!(store.release_held().await.unwrap(), 3);
    assert_eq!(claim_all(&store, worker, 14).await, HashSet::from([of_one[0], of_two[0], late[0]]));
}

async fn what_runs_when_a_pause_comes_goes_on(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let ids = store.add(workspace, &hosts("a", 2), at(1)).await;
    let jobs = store.claim(&unpaced(worker, 2), at(2)).await;
    let what = Pausable::Workspace(workspace);
    pause(&store, &what, "x", 3).await;
    let held = kept(&store, async |write| {
        write.extend_leases(worker, jobs.iter().map(|job| &job.id), seconds(60), at(4)).await
    });
    assert_eq!(held.await.unwrap().len(), 2);
    store.complete(&jobs[0], worker, &text("A", &["a"]), Change::First, at(5)).await;
    assert_eq!(store.document_at(workspace, ids[0], at(5)).await.job_status, Some(JobStatus::Completed));
    // One that has to run again is paused like the rest.
    kept(&store, async |write| write.run_again(&jobs[1], worker, retry(at(6), "x"), at(5)).await).await.unwrap();
    assert!(paused(&store, workspace, ids[1], 5).await.is_some());
    assert_eq!(claim_all(&store, worker, 7).await, HashSet::new());
    resume(&store, &what).await;
    assert_eq!(store.release_held().await.unwrap(), 1);
    assert_eq!(claim_all(&store, worker, 8).await, HashSet::from([ids[1]]));
}

async fn a_second_pause_changes_the_reason_alone(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let what = Pausable::Workspace(workspace);
    pause(&store, &what, "first", 10).await;
    pause(&store, &what, "second", 20).await;
    let holds = |reason: &str, seconds| Pause { what: what.clone(), reason: reason.to_owned(), since: at(seconds) };
    assert_eq!(store.read().await.unwrap().pauses().await.unwrap(), [holds("second", 10)]);
    assert!(resume(&store, &what).await);
    pause(&store, &what, "third", 30).await;
    assert_eq!(store.read().await.unwrap().pauses().await.unwrap(), [holds("third", 30)]);
}

async fn under_two_pauses_a_job_waits_for_the_end_of_both(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let ids = store.add(workspace, &pages("a.example", 3), at(1)).await;
    let both = [Pausable::Workspace(workspace), Pausable::Lane("a.example".to_owned())];
    for what in &both {
        pause(&store, what, "x", 2).await;
    }
    assert_eq!(claim_all(&store, worker, 3).await, HashSet::new());
    assert!(resume(&store, &both[0]).await);
    assert_eq!(store.release_held().await.unwrap(), 3);
    assert!(paused(&store, workspace, ids[0], 4).await.is_some());
    assert_eq!(claim_all(&store, worker, 4).await, HashSet::new());
    assert!(resume(&store, &both[1]).await);
    store.release_held().await.unwrap();
    assert_eq!(claim_all(&store, worker, 5).await.len(), 3);
}

async fn a_pause_that_comes_while_another_ends_holds(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let ids = store.add(workspace, &hosts("a", 5), at(1)).await;
    let what = Pausable::Workspace(workspace);
    pause(&store, &what, "x", 2).await;
    assert_eq!(claim_all(&store, worker, 3).await, HashSet::new());
    resume(&store, &what).await;
    pause(&store, &what, "again", 4).await;
    store.release_held().await.unwrap();
    assert_eq!(claim_all(&store, worker, 5).await, HashSet::new());
    assert!(paused(&store, workspace, ids[0], 5).await.is_some());
    resume(&store, &what).await;
    store.release_held().await.unwrap();
    assert_eq!(claim_all(&store, worker, 6).await.len(), 5);
}

async fn a_release_that_is_stopped_halfway_is_finished_by_the_next(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 2_500), at(1)).await;
    let what = Pausable::Workspace(workspace);
    pause(&store, &what, "x", 2).await;
    assert_eq!(claim_all(&store, worker, 3).await, HashSet::new());
    resume(&store, &what).await;
    let (mut polls, mut halfway) = (0, HashSet::new());
    while !cut_short(polls, store.release_held()).await {
        halfway.insert(store.count("jobs WHERE state = 'held'").await);
        polls += 1;
    }
    assert!(halfway.len() > 2, "it was never stopped between two transactions: {halfway:?}");
    assert_eq!(store.count("jobs WHERE state = 'ready'").await, 2_500);
    assert_eq!(store.count("pauses").await, 0);
}

async fn no_claim_and_resume_at_one_time_strand_a_job(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &hosts("a", 20), at(1)).await;
    for round in 0..60 {
        let what = match round % 2 {
            0 => Pausable::Workspace(workspace),
            _ => Pausable::Lane(format!("a{}.example", round % 20)),
        };
        pause(&store, &what, "x", 2).await;
        let claimers: Vec<_> = (0..4)
            .map(|_| {
                let store = store.store.clone();
                tokio::spawn(async move {
                    // Taken back at the end: only what was laid aside is left of it.
                    let worker = WorkerId::new();
                    let claim = unpaced(worker, 10);
                    let jobs = kept(&store, async |write| write.claim(&claim, at(3)).await).await.unwrap().jobs;
                    for job in jobs {
                        let again = retry(at(3), "x");
                        kept(&store, async |write| write.run_again(&job, worker, again, at(3)).await).await.unwrap();
                    }
                })
            })
            .collect();
        let (of_resumer, ended) = (store.store.clone(), what.clone());
        let resumer = tokio::spawn(async move {
            assert!(resume(&of_resumer, &ended).await);
            of_resumer.release_held().await.unwrap();
        });
        for task in claimers.into_iter().chain([resumer]) {
            tokio::time::timeout(seconds(60), task).await.unwrap().unwrap();
        }
        assert_eq!(store.count("pauses").await, 0, "round {round}");
        assert_eq!(store.count("jobs WHERE state = 'held'").await, 0, "round {round} stranded jobs");
    }
    assert_eq!(store.count("jobs WHERE state IN ('ready', 'delayed')").await, 20);
}
