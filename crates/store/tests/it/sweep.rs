//! The sweep: what is old goes, what is younger or in use stays.

use model::{Failure, FailureCode, WorkerId};
use store::{Recall, Retention, StoredRobots};

use crate::stores::{TestStore, at, hosts, on_both, paced, seconds};

on_both!(only_what_is_old_is_forgotten);

const HOUR: i64 = 3_600;

async fn only_what_is_old_is_forgotten(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 3), at(0)).await;
    let jobs = store.claim(&paced(worker, 2, seconds(1)), at(0)).await;
    let mut write = store.write().await.unwrap();
    for (job, hours) in jobs.iter().zip([1, 30]) {
        write.fail(job, worker, &Failure::new(FailureCode::Dns, "x"), at(hours * HOUR)).await.unwrap();
    }
    for (hours, name) in [(20, "old"), (70, "young")] {
        write.recall_answer(workspace, ("route", name), &[0; 32], at(hours * HOUR)).await.unwrap();
        write.save_answer(workspace, ("route", name), "answer").await.unwrap();
        let robots = StoredRobots { body: String::new(), expires_at: at(hours * HOUR) };
        write.save_robots(name, &robots).await.unwrap();
    }
    write.commit().await.unwrap();
    for hours in [20, 70] {
        store.worker_alive(WorkerId::new(), at(hours * HOUR)).await;
    }
    let before = store.dump().await;

    let mut write = store.write().await.unwrap();
    let retention = Retention { history: seconds(40 * 3_600) };
    write.sweep(&retention, at(10 * HOUR)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(store.dump().await, before, "nothing is old yet");

    let mut write = store.write().await.unwrap();
    write.sweep(&retention, at(70 * HOUR)).await.unwrap();
    assert!(write.robots("old").await.unwrap().is_none() && write.robots("young").await.unwrap().is_some());
    assert_eq!(write.worker_seen().await.unwrap(), Some(at(70 * HOUR)));
    let young = write.recall_answer(workspace, ("route", "young"), &[0; 32], at(70 * HOUR)).await.unwrap();
    assert_eq!(young, Recall::Known("answer".to_owned()));
    write.commit().await.unwrap();
    let left = ["job_history", "idempotency_keys", "workers", "robots", "jobs", "documents", "lanes"];
    for (table, rows) in left.into_iter().zip([1, 1, 1, 1, 1, 3, 3]) {
        assert_eq!(store.count(table).await, rows, "{table}");
    }
}
