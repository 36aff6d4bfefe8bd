//! Workspaces: one of each name, listed oldest first.

use model::WorkspaceId;

use crate::stores::{TestStore, at, on_both};

on_both!(a_name_is_one_workspace, the_oldest_is_listed_first, twenty_tasks_make_one_workspace_of_one_name);

async fn a_name_is_one_workspace(store: TestStore) {
    let mut write = store.write().await.unwrap();
    assert_eq!(write.workspace_named("acme").await.unwrap(), None);
    let (acme, is_new) = write.ensure_workspace("acme", at(1)).await.unwrap();
    assert!(is_new);
    assert_eq!(write.ensure_workspace("acme", at(2)).await.unwrap(), (acme, false));
    write.commit().await.unwrap();
    let mut read = store.read().await.unwrap();
    assert_eq!(read.workspace_named("acme").await.unwrap(), Some(acme));
    assert_eq!(read.workspace_named("ACME").await.unwrap(), None, "names are told apart by case");
}

async fn the_oldest_is_listed_first(store: TestStore) {
    let mut write = store.write().await.unwrap();
    let mut expected = Vec::new();
    for (seconds, name) in [(3, "young"), (1, "old"), (2, "b"), (2, "a")] {
        expected.push((seconds, name.to_owned(), write.ensure_workspace(name, at(seconds)).await.unwrap().0));
    }
    write.commit().await.unwrap();
    expected.sort();
    let expected: Vec<(WorkspaceId, String)> = expected.into_iter().map(|(_, name, id)| (id, name)).collect();
    assert_eq!(store.read().await.unwrap().workspaces().await.unwrap(), expected);
}

async fn twenty_tasks_make_one_workspace_of_one_name(store: TestStore) {
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let store = store.store.clone();
            tokio::spawn(async move {
                let mut write = store.write().await.unwrap();
                let made = write.ensure_workspace("acme", at(1)).await.unwrap();
                write.commit().await.unwrap();
                made
            })
        })
        .collect();
    let mut made = Vec::new();
    for task in tasks {
        made.push(task.await.unwrap());
    }
    assert_eq!(made.iter().filter(|(_, is_new)| *is_new).count(), 1);
    assert!(made.iter().all(|(id, _)| *id == made[0].0));
}
