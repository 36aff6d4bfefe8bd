//! Lanes: one host is asked once a delay, by however many workers, and those that wait know when their turn is.

use std::time::Duration;

use model::{Timestamp, WaitCode, WorkerId};
use store::Store;

use crate::stores::{TestStore, at, hosts, kept, on_both, paced, pages, seconds, unpaced};

on_both!(
    a_host_gives_one_turn_a_delay_and_the_rest_stand_in_line,
    other_hosts_do_not_wait_for_a_busy_one,
    a_long_line_after_a_pause_does_not_burst,
    a_crawl_delay_stretches_the_turns_up_to_its_cap,
    no_more_run_at_once_than_the_cap_allows,
    no_delay_means_no_limit,
    turns_for_further_requests_are_a_delay_apart,
    a_held_host_is_left_alone_until_then,
    parallel_workers_share_one_line,
    turns_that_are_taken_at_one_time_are_a_delay_apart,
);

async fn a_host_gives_one_turn_a_delay_and_the_rest_stand_in_line(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let ids = store.add(workspace, &pages("a.example", 5), at(1)).await;
    store.worker_alive(worker, at(10)).await;
    let mut write = store.write().await.unwrap();
    let claimed = write.claim(&paced(worker, 5, seconds(2)), at(10)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(claimed.jobs.iter().map(|job| job.document).collect::<Vec<_>>(), ids[..1]);
    assert!(claimed.more, "a full claim that only filled a line must be followed by another");
    for (place, id) in (0..).zip(&ids[1..]) {
        let shown = store.document_at(workspace, *id, at(10)).await;
        let waiting = shown.waiting.unwrap();
        assert_eq!(shown.next_attempt_at, Some(at(12 + 2 * place)));
        assert_eq!((waiting.code, waiting.since), (WaitCode::Host, at(10)));
        assert!(waiting.text.contains("a.example") && waiting.text.contains("2 s"), "{}", waiting.text);
    }
    assert_eq!(store.next().await, Some(at(12)));
    for (place, id) in (0..).zip(&ids[1..]) {
        // Two run at most, so those before are out of the way.
        store.sql("DELETE FROM jobs WHERE state = 'running'").await;
        let now = at(12 + 2 * place);
        assert_eq!(
            store.claim(&paced(worker, 5, seconds(2)), Timestamp::from_micros(now.as_micros() - 500_001)).await,
            []
        );
        assert_eq!(store.claim(&paced(worker, 5, seconds(2)), now).await[0].document, *id);
    }
}

async fn other_hosts_do_not_wait_for_a_busy_one(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let busy = store.add(workspace, &pages("busy.example", 100), at(1)).await;
    let others = store.add(workspace, &hosts("a", 5), at(2)).await;
    let (mut got, mut claims) = (Vec::new(), 0);
    loop {
        let mut write = store.write().await.unwrap();
        let claimed = write.claim(&paced(worker, 20, seconds(1)), at(10)).await.unwrap();
        write.commit().await.unwrap();
        got.extend(claimed.jobs.into_iter().map(|job| job.document));
        claims += 1;
        if !claimed.more {
            break;
        }
    }
    assert_eq!(got, [&busy[..1], &others[..]].concat());
    assert!(claims <= 6, "{claims} claims for 105 jobs");
}

async fn a_long_line_after_a_pause_does_not_burst(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &pages("a.example", 30), at(1)).await;
    store.claim(&paced(worker, 50, seconds(1)), at(10)).await;
    store.sql("DELETE FROM jobs WHERE state = 'running'").await;
    // Every turn of the line has passed when the workers come back.
    let (mut starts, mut now) = (Vec::new(), at(10_000));
    while store.read().await.unwrap().live_jobs(workspace).await.unwrap() > 0 {
        let jobs = store.claim(&paced(worker, 50, seconds(1)), now).await;
        starts.extend(jobs.iter().map(|_| now));
        store.sql("DELETE FROM jobs WHERE state = 'running'").await;
        match store.next().await {
            Some(due) => now = due.max(now),
            None => break,
        }
    }
    let expected: Vec<Timestamp> = (0..29).map(|place| at(10_000 + place)).collect();
    assert_eq!(starts, expected);
}

async fn a_crawl_delay_stretches_the_turns_up_to_its_cap(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let pace = paced(worker, 1, seconds(1)).pace;
    for (host, asked, expected) in [("slow.example", 10, 10), ("slower.example", 3_600, 30), ("quick.example", 0, 1)] {
        let mut write = store.write().await.unwrap();
        write.set_crawl_delay(host, seconds(asked), &pace, at(1)).await.unwrap();
        write.commit().await.unwrap();
        let ids = store.add(workspace, &pages(host, 2), at(1)).await;
        assert_eq!(store.claim(&paced(worker, 10, seconds(1)), at(10)).await.len(), 1, "{host}");
        let waiting = store.document_at(workspace, ids[1], at(10)).await;
        assert_eq!(waiting.next_attempt_at, Some(at(10 + expected)), "{host}");
    }
    // What robots.txt no longer asks for is forgotten.
    let mut write = store.write().await.unwrap();
    write.set_crawl_delay("slow.example", Duration::ZERO, &pace, at(50)).await.unwrap();
    assert_eq!(write.reserve_turn("slow.example", &pace, at(100)).await.unwrap(), at(100));
    assert_eq!(write.reserve_turn("slow.example", &pace, at(100)).await.unwrap(), at(101));
}

async fn no_more_run_at_once_than_the_cap_allows(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &pages("a.example", 4), at(1)).await;
    let claim = paced(worker, 1, seconds(1));
    let (first, second) = (store.claim(&claim, at(10)).await, store.claim(&claim, at(11)).await);
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_eq!(store.claim(&claim, at(12)).await, [], "two run already");
    store.complete(&first[0], worker, &crate::stores::text("A", &["a"]), store::Change::First, at(12)).await;
    let due = store.next().await.unwrap();
    assert_eq!(store.claim(&claim, due).await.len(), 1);
}

async fn no_delay_means_no_limit(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &pages("a.example", 30), at(1)).await;
    assert_eq!(store.claim(&unpaced(worker, 100), at(10)).await.len(), 30);
    let mut write = store.write().await.unwrap();
    let pace = unpaced(worker, 1).pace;
    for _ in 0..3 {
        assert_eq!(write.reserve_turn("a.example", &pace, at(11)).await.unwrap(), at(11));
    }
}

async fn turns_for_further_requests_are_a_delay_apart(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &pages("a.example", 2), at(1)).await;
    assert_eq!(store.claim(&paced(worker, 1, seconds(1)), at(10)).await.len(), 1);
    let pace = paced(worker, 1, seconds(1)).pace;
    let mut write = store.write().await.unwrap();
    let mut turns = Vec::new();
    for lane in ["a.example", "a.example", "unheard-of.example"] {
        turns.push(write.reserve_turn(lane, &pace, at(10)).await.unwrap());
    }
    write.commit().await.unwrap();
    assert_eq!(turns, [at(11), at(12), at(10)]);
    assert_eq!(store.claim(&paced(worker, 1, seconds(1)), at(12)).await, [], "the host's next free instant is 13");
    assert_eq!(store.next().await, Some(at(13)));
}

async fn a_held_host_is_left_alone_until_then(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &pages("a.example", 2), at(1)).await;
    let mut write = store.write().await.unwrap();
    let pace = paced(worker, 1, seconds(1)).pace;
    write.hold_lane("a.example", at(60), &pace, at(1)).await.unwrap();
    write.hold_lane("a.example", at(30), &pace, at(1)).await.unwrap();
    write.commit().await.unwrap();
    for claim in [unpaced(worker, 10), paced(worker, 10, seconds(1))] {
        assert_eq!(store.claim(&claim, at(10)).await, []);
        assert_eq!(store.next().await, Some(at(60)), "the later hold counts");
    }
    assert_eq!(store.claim(&paced(worker, 10, seconds(1)), at(60)).await.len(), 1);
}

async fn turns_that_are_taken_at_one_time_are_a_delay_apart(store: TestStore) {
    let pace = paced(WorkerId::new(), 1, seconds(1)).pace;
    store.store.set_crawl_delay("a.example", seconds(3), &pace).await.unwrap();
    let taking = (0..8).map(|_| {
        let store: Store = store.store.clone();
        tokio::spawn(async move {
            let mut turns = Vec::new();
            for _ in 0..5 {
                turns.push(store.reserve_turn("a.example", &pace).await.unwrap());
            }
            turns
        })
    });
    let mut turns = Vec::new();
    for taken in taking.collect::<Vec<_>>() {
        turns.extend(taken.await.unwrap());
    }
    turns.sort_unstable();
    assert_eq!(turns.len(), 40);
    assert!(turns.windows(2).all(|pair| pair[1].since(pair[0]) >= seconds(3)), "{turns:?}");
    let rest = turns[39].plus(seconds(600));
    store.store.ease_lane("a.example", Some(rest), &pace).await.unwrap();
    assert!(store.store.reserve_turn("a.example", &pace).await.unwrap() >= rest);
    assert!(store.store.end_rest("a.example", &pace).await.unwrap());
    let next = store.store.reserve_turn("a.example", &pace).await.unwrap();
    assert!(next < rest, "somebody has ended the rest");
    store.store.end_rest("a.example", &pace).await.unwrap();
    let after = store.store.reserve_turn("a.example", &pace).await.unwrap();
    assert!(after >= store.store.now().plus(seconds(2)), "the gap is no rest: {after} soon after {next}");
    assert!(!store.store.end_rest("b.example", &pace).await.unwrap(), "there was none");
}

async fn parallel_workers_share_one_line(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &pages("a.example", 40), at(1)).await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store: Store = store.store.clone();
            tokio::spawn(async move {
                let mut granted = 0;
                for _ in 0..5 {
                    let mut write = store.write().await.unwrap();
                    let claim = paced(WorkerId::new(), 3, seconds(1));
                    granted += write.claim(&claim, at(10)).await.unwrap().jobs.len();
                    write.reserve_turn("b.example", &claim.pace, at(10)).await.unwrap();
                    write.commit().await.unwrap();
                }
                granted
            })
        })
        .collect();
    let mut granted = 0;
    for task in tasks {
        granted += task.await.unwrap();
    }
    // Claims that met in the line passed by; one that is alone sees to the rest.
    let alone = WorkerId::new();
    loop {
        let mut write = store.write().await.unwrap();
        let claimed = write.claim(&paced(alone, 3, seconds(1)), at(10)).await.unwrap();
        write.commit().await.unwrap();
        granted += claimed.jobs.len();
        if !claimed.more {
            break;
        }
    }
    assert_eq!(granted, 1);
    let turns = store.texts("SELECT CAST(run_at AS TEXT) FROM jobs WHERE state = 'in_line' ORDER BY run_at").await;
    let expected: Vec<String> = (0..39).map(|place| at(11 + place).as_micros().to_string()).collect();
    assert_eq!(turns, expected);
    let next = store.texts("SELECT CAST(next_start AS TEXT) FROM lanes WHERE name = 'b.example'").await;
    assert_eq!(next, [at(50).as_micros().to_string()], "forty turns of a second each");
}

/// Somebody has begun to change a lane and stands still. SQLite has one writer, for whom all others wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_a_lane_that_somebody_else_has_in_hand() {
    let store = TestStore::postgres().await;
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let paced = paced(worker, 2, seconds(1));
    store.add(workspace, &pages("frozen.example", 40), at(1)).await;
    store.add(workspace, &pages("other.example", 1), at(1)).await;
    kept(&store, async |write| write.set_crawl_delay("frozen.example", seconds(5), &paced.pace, at(2)).await)
        .await
        .unwrap();
    let mut frozen = store.write().await.unwrap();
    frozen.reserve_turn("frozen.example", &paced.pace, at(3)).await.unwrap();
    let claimed = tokio::time::timeout(seconds(1), store.claim(&paced, at(4))).await.expect("it waits for the lane");
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].external_id, "https://other.example/0", "its host is behind many that cannot go now");
    assert_eq!(tokio::time::timeout(seconds(1), store.claim(&unpaced(worker, 9), at(4))).await.unwrap(), []);
    frozen.commit().await.unwrap();
    assert_eq!(store.claim(&paced, at(20)).await.len(), 1);

    // Where nothing is limited, a lane in other hands keeps nobody back.
    store.add(workspace, &pages("free.example", 3), at(30)).await;
    let off = unpaced(worker, 3);
    kept(&store, async |write| write.reserve_turn("free.example", &off.pace, at(31)).await).await.unwrap();
    let mut frozen = store.write().await.unwrap();
    frozen.reserve_turn("free.example", &off.pace, at(32)).await.unwrap();
    let only = store.texts("SELECT id FROM documents WHERE external_id LIKE '%free%'").await;
    let only: Vec<_> = only.iter().map(|id| id.parse().unwrap()).collect();
    let claim = store::Claim { only: Some(&only), ..off };
    assert_eq!(tokio::time::timeout(seconds(1), store.claim(&claim, at(33))).await.unwrap().len(), 3);
    drop(frozen);
}
