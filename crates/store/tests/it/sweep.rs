//! The sweep: what is old goes, what is younger or in use stays.

use model::{Failure, FailureCode, Timestamp, WorkerId};
use store::{Recall, Retention, StoredRobots};

use crate::stores::{TestStore, at, hosts, on_both, paced, seconds};

on_both!(only_what_is_old_is_forgotten);

/// So many hours after an instant that no id made today comes after: old jobs are found by their ids, which grow with time.
fn hour(hours: i64) -> Timestamp {
    at(50 * 365 * 24 * 3_600 + hours * 3_600)
}

async fn only_what_is_old_is_forgotten(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &hosts("a", 3), hour(0)).await;
    let jobs = store.claim(&paced(worker, 2, seconds(1)), hour(0)).await;
    let mut write = store.write().await.unwrap();
    for (job, hours) in jobs.iter().zip([1, 30]) {
        write.fail(job, worker, &Failure::new(FailureCode::Dns, "x"), hour(hours)).await.unwrap();
    }
    for (hours, name) in [(20, "old"), (70, "young")] {
        write.recall_answer(workspace, ("route", name), &[0; 32], hour(hours)).await.unwrap();
        write.save_answer(workspace, ("route", name), "answer").await.unwrap();
        let robots = StoredRobots { body: String::new(), expires_at: hour(hours) };
        write.save_robots(name, &robots).await.unwrap();
    }
    write.commit().await.unwrap();
    for hours in [20, 70] {
        store.worker_alive(WorkerId::new(), hour(hours)).await;
    }
    let before = store.dump().await;

    let mut write = store.write().await.unwrap();
    let retention = Retention { history: seconds(40 * 3_600) };
    write.sweep(&retention, hour(10)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(store.dump().await, before, "nothing is old yet");

    let mut write = store.write().await.unwrap();
    write.sweep(&retention, hour(70)).await.unwrap();
    assert!(write.robots("old").await.unwrap().is_none() && write.robots("young").await.unwrap().is_some());
    assert_eq!(write.worker_seen().await.unwrap(), Some(hour(70)));
    let young = write.recall_answer(workspace, ("route", "young"), &[0; 32], hour(70)).await.unwrap();
    assert_eq!(young, Recall::Known("answer".to_owned()));
    write.commit().await.unwrap();
    let left = ["job_history", "idempotency_keys", "workers", "robots", "jobs", "documents", "lanes"];
    // One lane is nobody's: that of uploaded files.
    for (table, rows) in left.into_iter().zip([1, 1, 1, 1, 1, 3, 4]) {
        assert_eq!(store.count(table).await, rows, "{table}");
    }
}
