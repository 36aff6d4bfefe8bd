//! The watchdog: each kind of job that nobody could explain is made by hand and found, and a sound queue has none.

use model::{Timestamp, WorkerId};
use store::{Pausable, Unexplained};

use crate::stores::{TestStore, at, hosts, kept, on_both, paced, pages, retry, seconds, unpaced};

on_both!(
    a_sound_queue_has_none,
    a_lease_that_nobody_takes_over,
    ready_and_nobody_takes_it,
    delayed_long_after_its_time,
    a_turn_that_nobody_takes,
    in_line_where_there_is_no_line,
    held_and_nothing_is_paused,
    put_off_without_a_reason,
);

const QUARTER: i64 = 15 * 60;
const LEASE: u64 = 60;

async fn look(store: &TestStore, now: Timestamp) -> Unexplained {
    store.read().await.unwrap().unexplained(seconds(LEASE), now).await.unwrap()
}

/// What is found when a worker is alive.
async fn found(store: &TestStore, after: i64) -> Unexplained {
    store.worker_alive(WorkerId::new(), at(after)).await;
    look(store, at(after)).await
}

async fn a_sound_queue_has_none(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let lane = Pausable::Lane("held.example".to_owned());
    kept(&store, async |write| write.pause(&lane, "x", at(1)).await).await.unwrap();
    store.add(workspace, &pages("line.example", 20), at(1)).await;
    store.add(workspace, &pages("held.example", 20), at(1)).await;
    store.add(workspace, &hosts("h", 20), at(1)).await;
    let mut jobs = Vec::new();
    while store.count("jobs WHERE state = 'ready'").await > 0 {
        jobs.extend(store.claim(&paced(worker, 30, seconds(1)), at(2)).await);
    }
    for job in jobs.iter().skip(10) {
        kept(&store, async |write| write.run_again(job, worker, retry(at(40), "x"), at(3)).await).await.unwrap();
    }
    store.add(workspace, &hosts("r", 20), at(4)).await;
    let states = store.texts("SELECT DISTINCT state FROM jobs ORDER BY state").await;
    assert_eq!(states, ["delayed", "held", "in_line", "ready", "running"]);
    assert_eq!(found(&store, 30).await, Unexplained::default());
    // Without a worker everything has a reason, for as long as it lasts; with one only the leases that nobody took over have none.
    assert_eq!(look(&store, at(100_000)).await, Unexplained::default());
    assert_eq!(found(&store, 400).await, Unexplained { abandoned: 10, ..Unexplained::default() });
}

async fn a_lease_that_nobody_takes_over(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 2), at(1)).await;
    store.claim(&unpaced(worker, 2), at(10)).await;
    let over = 10 + i64::try_from(LEASE).unwrap();
    let late = over + 2 * i64::try_from(LEASE).unwrap();
    assert_eq!(found(&store, late).await.total(), 0);
    assert_eq!(found(&store, late + 1).await, Unexplained { abandoned: 2, ..Unexplained::default() });
}

async fn ready_and_nobody_takes_it(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &hosts("a", 3), at(1)).await;
    assert_eq!(look(&store, at(2 + QUARTER)).await.total(), 0, "no worker is alive, and that is a reason");
    assert_eq!(found(&store, QUARTER).await.total(), 0);
    let three = Unexplained { ready: 3, ..Unexplained::default() };
    assert_eq!(found(&store, 2 + QUARTER).await, three);

    // Runs that began before may fill the worker; one that began since shows that there was room.
    store.add(workspace, &hosts("b", 1), at(2)).await;
    store.sql("UPDATE jobs SET state = 'running', owner = 'w', lease_until = 1e18, started_at = since WHERE lane = 'b0.example'").await;
    assert_eq!(found(&store, 2 + QUARTER).await.total(), 0);
    let since = at(2 + QUARTER).as_micros();
    store.sql(&format!("UPDATE jobs SET started_at = {since} WHERE lane = 'b0.example'")).await;
    assert_eq!(found(&store, 3 + QUARTER).await, three);

    kept(&store, async |write| write.pause(&Pausable::Lane("a0.example".to_owned()), "x", at(5)).await).await.unwrap();
    assert_eq!(found(&store, 3 + QUARTER).await.ready, 2);
    kept(&store, async |write| write.pause(&Pausable::Workspace(workspace), "x", at(5)).await).await.unwrap();
    assert_eq!(found(&store, 3 + QUARTER).await.total(), 0);
}

async fn delayed_long_after_its_time(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 1), at(1)).await;
    let job = store.claim_one(worker, at(2)).await;
    kept(&store, async |write| write.run_again(&job, worker, retry(at(100), "x"), at(3)).await).await.unwrap();
    assert_eq!(found(&store, 100 + QUARTER).await.total(), 0);
    assert_eq!(found(&store, 101 + QUARTER).await, Unexplained { overdue: 1, ..Unexplained::default() });
}

async fn a_turn_that_nobody_takes(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &pages("a.example", 3), at(1)).await;
    let running = store.claim(&paced(worker, 3, seconds(60)), at(2)).await;
    for job in &running {
        let failure = model::Failure::new(model::FailureCode::Gone, "x");
        kept(&store, async |write| write.fail(job, worker, &failure, at(3)).await).await.unwrap();
    }
    let turn = store.next().await.unwrap();
    let late = (turn.as_micros() - at(0).as_micros()) / 1_000_000 + QUARTER;
    assert_eq!(found(&store, late).await.total(), 0);
    let one = Unexplained { turn_not_taken: 1, ..Unexplained::default() };
    assert_eq!(found(&store, late + 1).await, one);
    kept(&store, async |write| write.pause(&Pausable::Workspace(workspace), "x", at(5)).await).await.unwrap();
    assert_eq!(found(&store, late + 1).await.total(), 0);
}

async fn in_line_where_there_is_no_line(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    for host in ["a.example", "b.example", "c.example"] {
        store.add(workspace, &pages(host, 4), at(1)).await;
    }
    while store.count("jobs WHERE state = 'ready'").await > 0 {
        store.claim(&paced(worker, 3, seconds(60)), at(2)).await;
    }
    let in_b = store.count("jobs WHERE state = 'in_line' AND lane = 'b.example'").await;
    assert!(in_b >= 3 && found(&store, 5).await.total() == 0);
    store.sql("UPDATE lanes SET has_line = FALSE WHERE name = 'b.example'").await;
    let those = Unexplained { no_line: i64::try_from(in_b).unwrap(), ..Unexplained::default() };
    assert_eq!(found(&store, 5).await, those);
    store.sql("DELETE FROM lanes WHERE name = 'b.example'").await;
    assert_eq!(found(&store, 5).await, those);
}

async fn held_and_nothing_is_paused(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &hosts("a", 3), at(1)).await;
    let lane = Pausable::Lane("a0.example".to_owned());
    for what in [&lane, &Pausable::Workspace(workspace)] {
        kept(&store, async |write| write.pause(what, "x", at(1)).await).await.unwrap();
    }
    store.claim(&unpaced(WorkerId::new(), 5), at(2)).await;
    assert_eq!((store.count("jobs WHERE state = 'held'").await, found(&store, 5).await.total()), (3, 0));
    kept(&store, async |write| write.resume(&Pausable::Workspace(workspace)).await).await.unwrap();
    assert_eq!(found(&store, 5).await.total(), 0, "they are on their way back");
    store.sql("DELETE FROM pauses WHERE kind = 'workspace'").await;
    assert_eq!(found(&store, 5).await, Unexplained { no_pause: 2, ..Unexplained::default() });
    store.sql("DELETE FROM pauses").await;
    assert_eq!(found(&store, 5).await, Unexplained { no_pause: 3, ..Unexplained::default() });
    store.release_held().await.unwrap();
}

async fn put_off_without_a_reason(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 2), at(1)).await;
    for job in store.claim(&unpaced(worker, 2), at(2)).await {
        kept(&store, async |write| write.run_again(&job, worker, retry(at(100), "x"), at(3)).await).await.unwrap();
    }
    assert_eq!(found(&store, 5).await.total(), 0);
    store.sql("UPDATE jobs SET wait_code = NULL WHERE lane = 'a0.example'").await;
    assert_eq!(found(&store, 5).await, Unexplained { no_reason: 1, ..Unexplained::default() });
    let kinds = found(&store, 5).await.kinds();
    assert_eq!(kinds.iter().filter(|(_, jobs)| *jobs > 0).collect::<Vec<_>>(), [&("no_reason", 1)]);
}
