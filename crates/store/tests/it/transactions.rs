//! Transactions: nothing is kept without a commit, readers keep their snapshot, and a lost connection is replaced.

use model::WorkerId;
use store::{Filter, Page, Store, Target};

use crate::stores::{TestStore, at, batch, cut_short, hosts, on_both, page, seconds, unpaced};

on_both!(
    a_dropped_write_leaves_no_trace,
    a_call_that_is_dropped_midway_leaves_no_trace,
    a_begin_or_commit_that_is_dropped_midway_blocks_nobody,
    a_reader_does_not_wait_for_a_writer_and_keeps_its_snapshot,
    more_readers_than_connections_all_get_their_turn,
    a_failed_statement_spoils_only_its_transaction,
    connections_that_the_server_ended_are_replaced,
);

async fn a_dropped_write_leaves_no_trace(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &hosts("a", 3), at(1)).await;
    let before = store.dump().await;
    let mut write = store.write().await.unwrap();
    write.ensure_workspace("other", at(2)).await.unwrap();
    write.queue_web(workspace, &batch([page("https://b.example/")]), at(2)).await.unwrap();
    assert_eq!(write.claim(&unpaced(WorkerId::new(), 10), at(2)).await.unwrap().jobs.len(), 4);
    drop(write);
    assert_eq!(store.claim(&unpaced(WorkerId::new(), 0), at(2)).await, []);
    assert_eq!(store.dump().await, before);
}

async fn a_call_that_is_dropped_midway_leaves_no_trace(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &hosts("a", 3), at(1)).await;
    let before = store.dump().await;
    let wanted = batch(hosts("b", 200).iter().map(|url| page(url)));
    for polls in 0..12 {
        cut_short(polls, async {
            let mut write = store.write().await.unwrap();
            write.queue_web(workspace, &wanted, at(2)).await.unwrap();
            write.claim(&unpaced(WorkerId::new(), 10), at(2)).await.unwrap();
        })
        .await;
        assert_eq!(store.dump().await, before, "dropped after {polls} polls");
        let mut write = store.write().await.unwrap();
        assert_eq!(write.live_jobs(workspace).await.unwrap(), 3);
    }
}

async fn a_begin_or_commit_that_is_dropped_midway_blocks_nobody(store: TestStore) {
    for polls in 0..60 {
        cut_short(polls % 6, store.write()).await;
        // Whoever gets the connection next must not find itself in a snapshot that nobody may write in.
        cut_short(polls % 6, store.read()).await;
        let mut write = tokio::time::timeout(seconds(30), store.write()).await.unwrap().unwrap();
        let (id, is_new) = write.ensure_workspace(&format!("cut {polls}"), at(1)).await.unwrap();
        assert!(is_new);
        cut_short(polls % 6, write.commit()).await;
        // Kept or not, the answer is the same from now on and the next one can write.
        let mut write = tokio::time::timeout(seconds(30), store.write()).await.unwrap().unwrap();
        let kept = write.workspace_named(&format!("cut {polls}")).await.unwrap();
        assert!(kept.is_none() || kept == Some(id));
        let (_, is_new) = write.ensure_workspace(&format!("next {polls}"), at(1)).await.unwrap();
        assert!(is_new);
        write.commit().await.unwrap();
        let mut read = store.read().await.unwrap();
        assert_eq!(read.workspace_named(&format!("cut {polls}")).await.unwrap(), kept);
        assert!(read.workspace_named(&format!("next {polls}")).await.unwrap().is_some());
    }
}

async fn a_reader_does_not_wait_for_a_writer_and_keeps_its_snapshot(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &["https://a.example/"], at(1)).await;
    let mut early = store.read().await.unwrap();
    assert_eq!(early.live_jobs(workspace).await.unwrap(), 1);
    let mut write = store.write().await.unwrap();
    write.queue_web(workspace, &batch([page("https://b.example/")]), at(2)).await.unwrap();
    assert_eq!(write.live_jobs(workspace).await.unwrap(), 2);
    let mut beside = tokio::time::timeout(seconds(10), store.read()).await.unwrap().unwrap();
    assert_eq!(beside.live_jobs(workspace).await.unwrap(), 1, "what is not committed is not seen");
    write.commit().await.unwrap();
    for old in [&mut early, &mut beside] {
        assert_eq!(old.live_jobs(workspace).await.unwrap(), 1);
        let page = Page { limit: 9, cursor: None, direction: store::Direction::Next };
        let listed = old.documents(workspace, &Filter::default(), &page, at(3)).await.unwrap().unwrap();
        assert_eq!(listed.documents.len(), 1);
    }
    assert_eq!(store.read().await.unwrap().live_jobs(workspace).await.unwrap(), 2);
}

async fn more_readers_than_connections_all_get_their_turn(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let store: Store = store.store.clone();
            tokio::spawn(async move { store.read().await.unwrap().live_jobs(workspace).await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert_eq!(tokio::time::timeout(seconds(30), task).await.unwrap().unwrap(), 0);
    }
    store.ready().await.unwrap();
}

async fn a_failed_statement_spoils_only_its_transaction(store: TestStore) {
    let mut write = store.write().await.unwrap();
    write.ensure_workspace("lost", at(1)).await.unwrap();
    let nobody = model::WorkspaceId::new();
    write.queue_web(nobody, &batch([page("https://a.example/")]), at(1)).await.unwrap_err();
    drop(write);
    let workspace = store.workspace("acme").await;
    assert_eq!(store.read().await.unwrap().workspaces().await.unwrap(), [(workspace, "acme".to_owned())]);
}

/// What a server restart does to a pool: every connection in it is dead, and finds out at its next use.
async fn connections_that_the_server_ended_are_replaced(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let mut reads = Vec::new();
    for _ in 0..6 {
        reads.push(store.read().await.unwrap());
    }
    drop(reads);
    if let Target::Postgres(_) = store.target {
        let others = "datname = current_database() AND pid <> pg_backend_pid()";
        store.sql(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")).await;
    }
    let mut write = store.write().await.unwrap();
    assert_eq!(write.live_jobs(workspace).await.unwrap(), 0);
    write.commit().await.unwrap();
    for _ in 0..6 {
        assert_eq!(store.read().await.unwrap().live_jobs(workspace).await.unwrap(), 0);
    }
    store.ready().await.unwrap();
}
