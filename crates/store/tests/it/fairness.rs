//! Fairness: whoever waits for a worker or a host is served by its share, however much others have queued.

use model::{Job, Priority, WorkerId, WorkspaceId};
use store::{Outcome, Settlement, WebBatch};

use crate::stores::{TestStore, at, batch, hosts, kept, on_both, paced, page, pages, seconds, unpaced};

on_both!(
    a_small_workspace_does_not_wait_behind_a_large_one,
    a_workspace_that_comes_later_starts_where_the_others_are,
    weights_share_the_turns,
    weights_share_the_turns_of_one_host,
    a_single_page_gets_one_of_the_next_turns_of_a_host_that_another_imports,
    a_few_pages_do_not_wait_behind_the_bulk_of_their_own_workspace,
    scheduled_pages_get_a_fifth_of_the_turns_and_never_none,
    scheduled_pages_alone_get_every_turn,
    a_share_goes_on_after_a_restart,
    pages_that_are_queued_again_while_they_wait_cost_no_turns,
);

/// Claims one job after the other until none is left, and says whose each was.
async fn order_of(store: &TestStore, limit: i64) -> Vec<WorkspaceId> {
    let worker = WorkerId::new();
    let mut order = Vec::new();
    loop {
        let jobs = store.claim(&unpaced(worker, limit), at(100)).await;
        if jobs.is_empty() {
            return order;
        }
        order.extend(jobs.iter().map(|job| job.workspace));
    }
}

async fn a_small_workspace_does_not_wait_behind_a_large_one(store: TestStore) {
    let (large, small) = (store.workspace("large").await, store.workspace("small").await);
    store.add(large, &hosts("l", 1_000), at(1)).await;
    store.add(small, &hosts("s", 3), at(2)).await;
    let order = order_of(&store, 50).await;
    let places: Vec<usize> = (0..order.len()).filter(|place| order[*place] == small).collect();
    assert_eq!((order.len(), places.len()), (1_003, 3));
    assert!(places[2] < 10, "its jobs came at {places:?}");
    assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= 2), "its jobs came in a block: {places:?}");
}

async fn a_workspace_that_comes_later_starts_where_the_others_are(store: TestStore) {
    let (large, late) = (store.workspace("large").await, store.workspace("late").await);
    store.add(large, &hosts("l", 300), at(1)).await;
    let worker = WorkerId::new();
    store.claim(&unpaced(worker, 200), at(2)).await;
    // It must neither queue behind the rest of the large one nor be served for all the time it was away.
    store.add(late, &hosts("s", 100), at(3)).await;
    let order = order_of(&store, 1).await;
    let late_ones = |part: &[WorkspaceId]| part.iter().filter(|workspace| **workspace == late).count();
    assert!((45..=55).contains(&late_ones(&order[..100])), "{} of the first 100", late_ones(&order[..100]));
}

async fn weights_share_the_turns(store: TestStore) {
    let (light, heavy) = (store.workspace("light").await, store.workspace("heavy").await);
    store.sql("UPDATE workspaces SET weight = 3 WHERE name = 'heavy'").await;
    store.add(light, &hosts("l", 60), at(1)).await;
    store.add(heavy, &hosts("h", 60), at(1)).await;
    let order = order_of(&store, 1).await;
    let heavy_ones = order[..40].iter().filter(|workspace| **workspace == heavy).count();
    assert!((28..=32).contains(&heavy_ones), "{heavy_ones} of the first 40 instead of 30");
}

async fn add_with(store: &TestStore, workspace: WorkspaceId, urls: &[String], priority: Priority) {
    let batch = WebBatch { priority, ..batch(urls.iter().map(|url| page(url))) };
    kept(store, async |write| write.queue_web(workspace, &batch, at(1)).await).await.unwrap();
}

/// Lets a worker work for so many turns of a second each, and says what was run.
async fn serve(store: &TestStore, turns: i64, from: i64) -> Vec<Job> {
    let worker = WorkerId::new();
    let mut served = Vec::new();
    for now in (0..turns).map(|turn| at(from + turn)) {
        loop {
            let mut write = store.write().await.unwrap();
            let claimed = write.claim(&paced(worker, 8, seconds(1)), now).await.unwrap();
            let ended = |job: &Job| {
                let failure = model::Failure::new(model::FailureCode::Gone, "removed");
                (worker, Settlement { job: job.clone(), outcome: Outcome::Failed(failure) })
            };
            let ended: Vec<_> = claimed.jobs.iter().map(ended).collect();
            assert!(write.settle(&ended, now).await.unwrap().iter().all(|held| *held));
            write.commit().await.unwrap();
            served.extend(claimed.jobs);
            if !claimed.more {
                break;
            }
        }
    }
    served
}

async fn a_single_page_gets_one_of_the_next_turns_of_a_host_that_another_imports(store: TestStore) {
    let (large, small) = (store.workspace("large").await, store.workspace("small").await);
    store.add(large, &pages("a.example", 10_000), at(1)).await;
    // One that comes before the import has begun, and one when all of it stands in line.
    for (round, from) in [(1, 10), (2, 20)] {
        let page = store.add(small, &[format!("https://a.example/small/{round}")], at(from)).await[0];
        let served = serve(&store, 5, from).await;
        let place = served.iter().position(|job| job.document == page);
        assert!(place.is_some_and(|place| place <= 2), "round {round}: it came at {place:?} of {}", served.len());
        assert_eq!(served.len(), 5, "a host has one turn a second");
    }
    assert_eq!(store.count("jobs WHERE state = 'in_line'").await, 10_000 - 8);
}

async fn weights_share_the_turns_of_one_host(store: TestStore) {
    let (light, heavy) = (store.workspace("light").await, store.workspace("heavy").await);
    store.sql("UPDATE workspaces SET weight = 3 WHERE name = 'heavy'").await;
    store.add(light, &pages("a.example", 60), at(1)).await;
    store.add(heavy, &pages("a.example", 60), at(1)).await;
    let served = serve(&store, 40, 10).await;
    let heavy_ones = served.iter().filter(|job| job.workspace == heavy).count();
    assert_eq!(served.len(), 40);
    assert!((28..=32).contains(&heavy_ones), "{heavy_ones} of the first 40 instead of 30");
}

async fn a_few_pages_do_not_wait_behind_the_bulk_of_their_own_workspace(store: TestStore) {
    let workspace = store.workspace("acme").await;
    add_with(&store, workspace, &hosts("bulk", 1_000), Priority::Bulk).await;
    add_with(&store, workspace, &hosts("few", 10), Priority::Interactive).await;
    let worker = WorkerId::new();
    let jobs = store.claim(&unpaced(worker, 24), at(10)).await;
    let few = jobs.iter().filter(|job| job.external_id.contains("few")).count();
    assert_eq!((jobs.len(), few), (24, 10), "both go on side by side");
}

async fn scheduled_pages_get_a_fifth_of_the_turns_and_never_none(store: TestStore) {
    let workspace = store.workspace("acme").await;
    add_with(&store, workspace, &hosts("calendar", 40), Priority::Scheduled).await;
    add_with(&store, workspace, &hosts("person", 10), Priority::Interactive).await;
    let (worker, mut turns) = (WorkerId::new(), Vec::new());
    for turn in 0..100 {
        let job = store.claim(&unpaced(worker, 1), at(10)).await.remove(0);
        turns.push(job.external_id.contains("calendar"));
        // People never stop asking.
        if !turns[turn] {
            add_with(&store, workspace, &[format!("https://later{turn}.example/")], Priority::Interactive).await;
        }
    }
    let scheduled = turns.iter().filter(|scheduled| **scheduled).count();
    assert!((18..=22).contains(&scheduled), "{scheduled} of 100 turns instead of 20");
    assert!(turns.windows(8).all(|part| part.contains(&true) && part.contains(&false)), "{turns:?}");
}

async fn scheduled_pages_alone_get_every_turn(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    add_with(&store, workspace, &hosts("calendar", 20), Priority::Scheduled).await;
    assert_eq!(store.claim(&unpaced(worker, 20), at(10)).await.len(), 20);
    // What they took is not held against the people that come now.
    add_with(&store, workspace, &hosts("more", 20), Priority::Scheduled).await;
    add_with(&store, workspace, &hosts("person", 4), Priority::Interactive).await;
    let next = store.claim(&unpaced(worker, 5), at(11)).await;
    assert!(next.iter().filter(|job| job.external_id.contains("person")).count() >= 3, "{next:?}");
}

async fn a_share_goes_on_after_a_restart(store: TestStore) {
    let (large, small) = (store.workspace("large").await, store.workspace("small").await);
    store.add(large, &hosts("l", 60), at(1)).await;
    store.close().await;
    let again = store.beside().await;
    for (workspace, prefix) in [(large, "later"), (small, "s")] {
        let urls = hosts(prefix, 5);
        again.queue_web(workspace, batch(urls.iter().map(|url| page(url)))).await.unwrap();
    }
    let worker = WorkerId::new();
    let jobs = kept(&again, async |write| write.claim(&unpaced(worker, 70), at(2)).await).await.unwrap().jobs;
    assert_eq!(jobs.len(), 70);
    assert!(jobs[65..].iter().all(|job| job.external_id.contains("later")), "they overtook their own workspace");
    assert_eq!(jobs[..12].iter().filter(|job| job.workspace == small).count(), 5);
}

async fn pages_that_are_queued_again_while_they_wait_cost_no_turns(store: TestStore) {
    let (eager, other) = (store.workspace("eager").await, store.workspace("other").await);
    store.add(other, &hosts("o", 20), at(1)).await;
    for _ in 0..50 {
        store.queue_web(eager, batch([page("https://e.example/")])).await.unwrap();
    }
    store.queue_web(eager, batch([page("https://e.example/new")])).await.unwrap();
    let order = order_of(&store, 1).await;
    let places: Vec<usize> = (0..order.len()).filter(|place| order[*place] == eager).collect();
    assert!(places.len() == 2 && places[1] < 6, "its jobs came at {places:?}");
}
