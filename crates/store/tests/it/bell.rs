//! The bell: a new job wakes a worker of the same process, or else one of another.

use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::sync::Arc;

use model::WorkerId;
use store::{Bell, Store, Target};
use tokio::task::JoinHandle;

use crate::stores::{TestStore, at, batch, on_both, page, seconds};

on_both!(
    a_waiting_worker_hears_a_new_job,
    a_ring_before_the_wait_is_not_missed,
    a_worker_of_another_process_hears_it,
    a_worker_that_is_dead_or_serves_only_some_does_not_take_the_ring,
);

async fn heard(bell: &Bell) {
    tokio::time::timeout(seconds(60), bell.listen().heard()).await.expect("nobody rang");
}

async fn a_waiting_worker_hears_a_new_job(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let bell = store.bell().clone();
    let ears = Arc::new(tokio::sync::Barrier::new(2));
    let (listening, there) = (bell.clone(), Arc::clone(&ears));
    let waiting = tokio::spawn(async move {
        let ring = listening.listen();
        there.wait().await;
        ring.heard().await;
    });
    ears.wait().await;
    store.queue_web(workspace, batch([page("https://a.example/")])).await.unwrap();
    tokio::time::timeout(seconds(60), waiting).await.unwrap().unwrap();
}

async fn a_ring_before_the_wait_is_not_missed(store: TestStore) {
    store.bell().ring(at(1));
    heard(store.bell()).await;
    store.bell().nudge();
    heard(store.bell()).await;
}

/// A worker of another process: it listens to the others from now on.
struct Other {
    store: Store,
    worker: WorkerId,
    ear: JoinHandle<Result<(), store::Error>>,
}

impl Other {
    async fn listening(test: &TestStore) -> Self {
        let (store, worker) = (test.beside().await, WorkerId::new());
        test.worker_alive(worker, at(10)).await;
        let bell = store.bell().clone();
        let ear = tokio::spawn(async move { bell.hear(worker).await });
        match test.target {
            // A worker is rung once when it begins to listen, because it may have missed something.
            Target::Postgres(_) => heard(store.bell()).await,
            Target::Sqlite(_) => until(|| socket(test, worker).exists()).await,
        }
        Self { store, worker, ear }
    }
}

fn socket(test: &TestStore, worker: WorkerId) -> PathBuf {
    test.folder.path().join("bells").join(worker.to_string())
}

async fn until(mut is_so: impl FnMut() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(seconds(60), waiting).await.expect("it never came about");
}

async fn a_worker_of_another_process_hears_it(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let other = Other::listening(&store).await;
    for round in 0..5 {
        store.queue_web(workspace, batch([page(&format!("https://a{round}.example/"))])).await.unwrap();
        heard(other.store.bell()).await;
    }
    other.ear.abort();
    assert!(other.ear.await.unwrap_err().is_cancelled());
    if let Target::Sqlite(_) = store.target {
        assert!(!socket(&store, other.worker).exists(), "a worker that leaves takes its socket with it");
    }
}

async fn a_worker_that_is_dead_or_serves_only_some_does_not_take_the_ring(store: TestStore) {
    let workspace = store.workspace("acme").await;
    // More of them than are woken at once.
    for _ in 0..10 {
        let dead = WorkerId::new();
        store.worker_alive(dead, at(10)).await;
        std::fs::create_dir_all(store.folder.path().join("bells")).unwrap();
        // Killed: its socket is left behind with nobody at it.
        drop(UnixDatagram::bind(socket(&store, dead)).unwrap());
        store.heartbeat(WorkerId::new(), false, at(100)).await;
    }
    store.clock.set(at(10));
    let other = Other::listening(&store).await;
    store.worker_alive(other.worker, at(100)).await;
    store.queue_web(workspace, batch([page("https://a.example/")])).await.unwrap();
    heard(other.store.bell()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_socket_of_a_killed_worker_is_removed() {
    let store = TestStore::sqlite().await;
    let (dead, bells) = (WorkerId::new(), store.folder.path().join("bells"));
    std::fs::create_dir_all(&bells).unwrap();
    drop(UnixDatagram::bind(socket(&store, dead)).unwrap());
    assert!(socket(&store, dead).exists());
    store.bell().ring(at(1));
    until(|| !socket(&store, dead).exists()).await;
    assert!(bells.exists());
    // Nobody to ring is no fault.
    store.bell().ring(at(1));
    heard(store.bell()).await;
}
