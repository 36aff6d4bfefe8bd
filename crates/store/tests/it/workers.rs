//! Working processes: the latest sign of life of any of them.

use model::WorkerId;

use crate::stores::{TestStore, at, on_both};

on_both!(the_latest_sign_of_life_counts, a_worker_for_some_documents_is_none_for_all, a_worker_that_left_is_not_alive,);

async fn the_latest_sign_of_life_counts(store: TestStore) {
    let (one, two) = (WorkerId::new(), WorkerId::new());
    assert_eq!(store.read().await.unwrap().worker_seen().await.unwrap(), None);
    for (worker, seconds) in [(one, 10), (two, 20), (one, 30)] {
        store.worker_alive(worker, at(seconds)).await;
        assert_eq!(store.read().await.unwrap().worker_seen().await.unwrap(), Some(at(seconds)));
    }
    assert_eq!(store.count("workers").await, 2);
}

async fn a_worker_for_some_documents_is_none_for_all(store: TestStore) {
    store.heartbeat(WorkerId::new(), false, at(10)).await;
    assert_eq!(store.read().await.unwrap().worker_seen().await.unwrap(), None);
}

async fn a_worker_that_left_is_not_alive(store: TestStore) {
    let (one, two) = (WorkerId::new(), WorkerId::new());
    store.worker_alive(one, at(10)).await;
    store.worker_alive(two, at(20)).await;
    for (leaving, left) in [(two, Some(at(10))), (one, None), (one, None)] {
        let mut write = store.write().await.unwrap();
        write.worker_left(leaving).await.unwrap();
        write.commit().await.unwrap();
        assert_eq!(store.read().await.unwrap().worker_seen().await.unwrap(), left);
    }
}
