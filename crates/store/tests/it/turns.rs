//! A host's line: taken in fair order, bounded by strain, rest and budget, and forgotten when nobody is left in it.

use model::{JobStatus, Pace, Timestamp, WaitCode, WorkerId};
use store::{Claim, Store};

use crate::stores::{TestStore, at, kept, on_both, paced, pages, seconds, unpaced};

on_both!(
    jobs_in_line_are_taken_in_fair_order,
    a_claim_for_some_documents_takes_its_own_out_of_the_line,
    an_empty_line_is_forgotten,
    a_strained_host_is_asked_half_as_often_and_recovers,
    a_host_at_rest_keeps_its_line,
    a_crawl_delay_stretches_a_line_that_stands,
    a_spent_day_goes_on_at_midnight,
    workers_of_two_processes_share_one_budget,
    two_processes_take_turns_at_one_host,
    the_cap_counts_what_other_processes_run,
);

/// Midnight UTC after the tests' beginning of time.
const MIDNIGHT: i64 = 6_400;

fn budgeted(worker: WorkerId, limit: i64, daily: i64) -> Claim<'static> {
    let claim = unpaced(worker, limit);
    Claim { pace: Pace { daily: Some(daily), ..claim.pace }, ..claim }
}

/// Ends whatever runs, so that the cap of the host holds nobody up.
async fn end_running(store: &TestStore) {
    store.sql("DELETE FROM jobs WHERE state = 'running'").await;
}

async fn jobs_in_line_are_taken_in_fair_order(store: TestStore) {
    let (early, late) = (store.workspace("early").await, store.workspace("late").await);
    let of_early = store.add(early, &pages("a.example", 5), at(1)).await;
    let claim = paced(WorkerId::new(), 8, seconds(1));
    assert_eq!(store.claim(&claim, at(10)).await.len(), 1);
    assert_eq!(store.count("jobs WHERE state = 'in_line'").await, 4);
    store.add(late, &pages("a.example", 3), at(10)).await;
    let (mut order, mut keys) = (Vec::new(), Vec::new());
    for turn in 1..=7 {
        end_running(&store).await;
        let job = store.claim(&claim, at(10 + turn)).await.remove(0);
        order.push(job.workspace);
        keys.extend(store.texts("SELECT CAST(line_key AS TEXT) FROM jobs WHERE state = 'running'").await);
        assert!(turn > 1 || job.document == of_early[1]);
    }
    let keys: Vec<i64> = keys.iter().map(|key| key.parse().unwrap()).collect();
    assert!(keys.is_sorted(), "{keys:?}");
    assert_eq!(order.iter().skip(1).take(4).filter(|workspace| **workspace == late).count(), 2, "{order:?}");
    assert_eq!(order.iter().filter(|workspace| **workspace == late).count(), 3);
}

async fn a_claim_for_some_documents_takes_its_own_out_of_the_line(store: TestStore) {
    let (workspace, all, mine) = (store.workspace("acme").await, WorkerId::new(), WorkerId::new());
    let ids = store.add(workspace, &pages("a.example", 4), at(1)).await;
    assert_eq!(store.claim(&paced(all, 8, seconds(1)), at(10)).await.len(), 1);
    let last = [ids[3]];
    let own = Claim { only: Some(&last), ..paced(mine, 8, seconds(1)) };
    assert_eq!(store.claim(&own, at(10)).await, [], "its turn has not come either");
    let claimed = store.claim(&own, at(11)).await;
    assert_eq!(claimed.iter().map(|job| job.document).collect::<Vec<_>>(), last);
    assert_eq!(store.claim(&own, at(12)).await, []);
    for (turn, id) in [(12, ids[1]), (13, ids[2])] {
        end_running(&store).await;
        assert_eq!(store.claim(&paced(all, 8, seconds(1)), at(turn)).await[0].document, id);
    }
}

async fn an_empty_line_is_forgotten(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &pages("a.example", 9), at(1)).await;
    let claim = paced(worker, 8, seconds(100));
    assert_eq!(store.claim(&claim, at(10)).await.len(), 1);
    assert_eq!(store.next().await, Some(at(110)));
    // A person ends them all: nothing of the long line may be left to those who come later.
    let which = store::Which::All;
    assert_eq!(kept(&store, async |write| write.cancel(workspace, &which, "enough", at(20)).await).await.unwrap(), 9);
    assert_eq!(store.claim(&claim, at(110)).await, []);
    assert_eq!(store.next().await, None, "a worker would wake up for nobody");
    assert_eq!(store.count("lanes WHERE has_line").await, 0);
    let ids = store.add(workspace, &["https://a.example/x", "https://a.example/y"], at(120)).await;
    assert_eq!(store.claim(&claim, at(120)).await.len(), 1);
    assert_eq!(store.document_at(workspace, ids[1], at(120)).await.next_attempt_at, Some(at(220)));
}

async fn a_strained_host_is_asked_half_as_often_and_recovers(store: TestStore) {
    let worker = WorkerId::new();
    let pace = paced(worker, 1, seconds(4)).pace;
    let beside = store.beside().await;
    let turn = async |store: &Store, now: Timestamp| {
        kept(store, async |write| write.reserve_turn("a.example", &pace, now).await).await.unwrap()
    };
    assert_eq!(turn(&store, at(0)).await, at(0));
    // Two answers of one moment are one sign.
    for _ in 0..2 {
        kept(&store, async |write| write.strain_lane("a.example", &pace, at(2)).await).await.unwrap();
    }
    assert_eq!(turn(&beside, at(2)).await, at(10), "twice the delay after the sign");
    assert_eq!(turn(&store, at(2)).await, at(18));
    kept(&beside, async |write| write.strain_lane("a.example", &pace, at(12)).await).await.unwrap();
    assert_eq!((turn(&store, at(12)).await, turn(&store, at(12)).await), (at(28), at(44)), "four times");
    // A step goes back for each half minute without trouble.
    assert_eq!((turn(&store, at(60)).await, turn(&beside, at(60)).await), (at(60), at(68)));
    assert_eq!((turn(&store, at(90)).await, turn(&beside, at(90)).await), (at(90), at(94)));
    assert_eq!(turn(&store, at(90)).await, at(98));
}

async fn a_host_at_rest_keeps_its_line(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let ids = store.add(workspace, &pages("a.example", 3), at(1)).await;
    let claim = paced(worker, 8, seconds(2));
    assert_eq!(store.claim(&claim, at(10)).await.len(), 1);
    store.worker_alive(worker, at(11)).await;
    kept(&store, async |write| write.hold_lane("a.example", at(30), &claim.pace, at(11)).await).await.unwrap();
    end_running(&store).await;
    assert_eq!(store.next().await, Some(at(30)));
    for now in [12, 14, 29] {
        assert_eq!(store.claim(&claim, at(now)).await, [], "{now}");
        let waiting = store.document_at(workspace, ids[1], at(now)).await.waiting.unwrap();
        assert_eq!((waiting.code, waiting.since), (WaitCode::Host, at(10)));
    }
    assert_eq!(store.claim(&claim, at(30)).await[0].document, ids[1]);
    assert_eq!(store.claim(&claim, at(31)).await, []);
    assert_eq!(store.claim(&claim, at(32)).await[0].document, ids[2]);
}

async fn a_crawl_delay_stretches_a_line_that_stands(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let ids = store.add(workspace, &pages("a.example", 4), at(1)).await;
    let claim = paced(worker, 8, seconds(1));
    assert_eq!(store.claim(&claim, at(10)).await.len(), 1);
    store.worker_alive(worker, at(10)).await;
    // The first visit of the host reads its robots.txt.
    let asked = kept(&store, async |write| write.set_crawl_delay("a.example", seconds(5), &claim.pace, at(10)).await);
    asked.await.unwrap();
    let waiting = store.document_at(workspace, ids[1], at(10)).await.waiting.unwrap();
    assert!(waiting.text.contains("every 5 s"), "{}", waiting.text);
    let mut starts = Vec::new();
    for now in 11..=30 {
        end_running(&store).await;
        starts.extend(store.claim(&claim, at(now)).await.iter().map(|_| now));
    }
    assert_eq!(starts, [11, 16, 21]);
}

async fn a_spent_day_goes_on_at_midnight(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let ids = store.add(workspace, &pages("a.example", 8), at(1)).await;
    store.add(workspace, &pages("b.example", 1), at(1)).await;
    let claim = budgeted(worker, 20, 3);
    let first = store.claim(&claim, at(10)).await;
    assert_eq!(first.len(), 3 + 1, "three of one host, and the other host does not pay for it");
    store.worker_alive(worker, at(10)).await;
    let shown = store.document_at(workspace, ids[7], at(10)).await;
    assert_eq!((shown.job_status, shown.next_attempt_at), (Some(JobStatus::Pending), Some(at(MIDNIGHT))));
    assert_eq!(shown.waiting.unwrap().code, WaitCode::Host);
    assert_eq!(store.next().await, Some(at(MIDNIGHT)));
    assert_eq!(store.claim(&claim, at(MIDNIGHT - 1)).await, []);
    let mut second = Vec::new();
    loop {
        let jobs = store.claim(&claim, at(MIDNIGHT)).await;
        if jobs.is_empty() {
            break;
        }
        second.extend(jobs.into_iter().map(|job| job.document));
    }
    assert_eq!(second, ids[3..6]);
    assert_eq!(store.next().await, Some(at(MIDNIGHT + 24 * 3_600)));
}

/// Claims from many tasks at two stores, and says how much was granted.
async fn claim_everywhere(store: &TestStore, claim: Claim<'static>) -> usize {
    let beside = store.beside().await;
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let store = if task % 2 == 0 { store.store.clone() } else { beside.clone() };
            tokio::spawn(async move {
                let mut granted = 0;
                for _ in 0..6 {
                    let claim = Claim { worker: WorkerId::new(), ..claim };
                    let claimed = kept(&store, async |write| write.claim(&claim, at(10)).await).await;
                    granted += claimed.unwrap().jobs.len();
                }
                granted
            })
        })
        .collect();
    let mut granted = 0;
    for task in tasks {
        granted += task.await.unwrap();
    }
    granted
}

async fn workers_of_two_processes_share_one_budget(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &pages("a.example", 60), at(1)).await;
    assert_eq!(claim_everywhere(&store, budgeted(WorkerId::new(), 4, 7)).await, 7);
}

async fn two_processes_take_turns_at_one_host(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &pages("a.example", 60), at(1)).await;
    assert_eq!(claim_everywhere(&store, paced(WorkerId::new(), 4, seconds(1))).await, 1);
}

async fn the_cap_counts_what_other_processes_run(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &pages("a.example", 10), at(1)).await;
    let beside = store.beside().await;
    let claim = paced(WorkerId::new(), 8, seconds(1));
    let mut running = Vec::new();
    for (now, store) in [(10, &store.store), (11, &beside), (12, &store.store), (13, &beside)] {
        let claimed = kept(store, async |write| write.claim(&claim, at(now)).await).await.unwrap();
        running.extend(claimed.jobs.into_iter().map(|job| (now, job)));
    }
    assert_eq!(running.iter().map(|(now, _)| *now).collect::<Vec<_>>(), [10, 11], "two at once");
    let gone = model::Failure::new(model::FailureCode::Gone, "removed");
    kept(&store, async |write| write.fail(&running[0].1, claim.worker, &gone, at(14)).await).await.unwrap();
    assert_eq!(store.claim(&claim, at(14)).await.len(), 1);
}
