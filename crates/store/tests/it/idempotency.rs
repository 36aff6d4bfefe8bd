//! Idempotency keys: the first answer again, for the same body, for a day, however many ask at once.

use model::WorkspaceId;
use store::Recall;

use crate::stores::{TestStore, at, on_both, seconds};

on_both!(
    the_same_key_and_body_give_the_first_answer,
    a_key_is_forgotten_after_a_day,
    a_rollback_frees_the_key,
    a_key_without_an_answer_is_taken_again,
    keys_are_apart_by_workspace_route_and_name,
    of_twenty_at_once_one_works_and_all_hear_its_answer,
);

const DAY: i64 = 24 * 3_600;
const ROUTE: (&str, &str) = ("POST /v2/documents", "key-1");

async fn take(store: &TestStore, workspace: WorkspaceId, body: [u8; 32], answer: &str, seconds: i64) -> Recall {
    let mut write = store.write().await.unwrap();
    let recall = write.recall_answer(workspace, ROUTE, &body, at(seconds)).await.unwrap();
    if recall == Recall::New {
        write.save_answer(workspace, ROUTE, answer).await.unwrap();
    }
    write.commit().await.unwrap();
    recall
}

async fn the_same_key_and_body_give_the_first_answer(store: TestStore) {
    let workspace = store.workspace("acme").await;
    assert_eq!(take(&store, workspace, [1; 32], "first", 0).await, Recall::New);
    assert_eq!(take(&store, workspace, [1; 32], "second", 1).await, Recall::Known("first".to_owned()));
    assert_eq!(take(&store, workspace, [2; 32], "third", 2).await, Recall::Differs);
    assert_eq!(take(&store, workspace, [1; 32], "fourth", 3).await, Recall::Known("first".to_owned()));
}

async fn a_key_is_forgotten_after_a_day(store: TestStore) {
    let workspace = store.workspace("acme").await;
    take(&store, workspace, [1; 32], "first", 0).await;
    assert_eq!(take(&store, workspace, [2; 32], "x", DAY - 1).await, Recall::Differs);
    assert_eq!(take(&store, workspace, [2; 32], "second", DAY).await, Recall::New);
    assert_eq!(take(&store, workspace, [2; 32], "x", 2 * DAY - 1).await, Recall::Known("second".to_owned()));
}

async fn a_rollback_frees_the_key(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let mut write = store.write().await.unwrap();
    assert_eq!(write.recall_answer(workspace, ROUTE, &[1; 32], at(0)).await.unwrap(), Recall::New);
    write.save_answer(workspace, ROUTE, "never given").await.unwrap();
    drop(write);
    assert_eq!(take(&store, workspace, [2; 32], "given", 1).await, Recall::New);
}

async fn a_key_without_an_answer_is_taken_again(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let mut write = store.write().await.unwrap();
    assert_eq!(write.recall_answer(workspace, ROUTE, &[1; 32], at(0)).await.unwrap(), Recall::New);
    write.commit().await.unwrap();
    assert_eq!(take(&store, workspace, [2; 32], "x", 1).await, Recall::Differs);
    assert_eq!(take(&store, workspace, [1; 32], "given", 2).await, Recall::New);
    assert_eq!(take(&store, workspace, [1; 32], "x", 3).await, Recall::Known("given".to_owned()));
}

async fn keys_are_apart_by_workspace_route_and_name(store: TestStore) {
    let (one, two) = (store.workspace("one").await, store.workspace("two").await);
    take(&store, one, [1; 32], "one", 0).await;
    assert_eq!(take(&store, two, [2; 32], "two", 0).await, Recall::New);
    let mut write = store.write().await.unwrap();
    for other in [("POST /v2/other", "key-1"), ("POST /v2/documents", "KEY-1")] {
        assert_eq!(write.recall_answer(one, other, &[3; 32], at(1)).await.unwrap(), Recall::New);
        write.save_answer(one, other, "other").await.unwrap();
    }
    write.commit().await.unwrap();
    assert_eq!(take(&store, one, [1; 32], "x", 1).await, Recall::Known("one".to_owned()));
    assert_eq!(take(&store, two, [2; 32], "x", 1).await, Recall::Known("two".to_owned()));
}

async fn of_twenty_at_once_one_works_and_all_hear_its_answer(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let tasks: Vec<_> = (0..20)
        .map(|number: i32| {
            let store = store.store.clone();
            tokio::spawn(async move {
                let mut write = store.write().await.unwrap();
                let answer = match write.recall_answer(workspace, ROUTE, &[7; 32], at(1)).await.unwrap() {
                    Recall::New => {
                        let answer = number.to_string();
                        write.save_answer(workspace, ROUTE, &answer).await.unwrap();
                        Ok(answer)
                    }
                    Recall::Known(answer) => Err(answer),
                    Recall::Differs => panic!("the same body was called another one"),
                };
                write.commit().await.unwrap();
                answer
            })
        })
        .collect();
    let (mut given, mut heard) = (Vec::new(), Vec::new());
    for task in tasks {
        match tokio::time::timeout(seconds(60), task).await.unwrap().unwrap() {
            Ok(answer) => given.push(answer),
            Err(answer) => heard.push(answer),
        }
    }
    assert_eq!(given.len(), 1);
    assert_eq!(heard, vec![given[0].clone(); 19]);
}
