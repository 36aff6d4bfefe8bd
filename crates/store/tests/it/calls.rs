//! Calls that queue at one time are answered together, and each as if it were alone.

use std::collections::{HashMap, HashSet};

use model::{DocumentId, Priority, WebUrl, WorkspaceId};
use store::{Error, Flags, Queueing, Recall, Store, Wanted, WebBatch};

use crate::stores::{TestStore, at, batch, cut_short, hosts, kept, known, on_both, page, seconds};

on_both!(
    each_call_is_told_its_own_documents_and_each_page_is_added_once,
    a_refused_call_writes_nothing_while_the_others_go_through,
    calls_of_two_workspaces_do_not_mix,
    calls_with_other_flags_keep_them,
    a_call_for_nobody_is_refused_alone,
    calls_that_are_dropped_midway_harm_nobody,
    an_answer_that_is_kept_is_given_again_whatever_is_queued_beside,
);

/// Makes each call from a task of its own, and returns the answers in their order.
async fn call_all(store: &Store, calls: Vec<(WorkspaceId, WebBatch)>) -> Vec<Result<Queueing, Error>> {
    let tasks: Vec<_> = calls
        .into_iter()
        .map(|(workspace, batch)| {
            let store = store.clone();
            tokio::spawn(async move { store.queue_web(workspace, batch).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(tokio::time::timeout(seconds(60), task).await.unwrap().unwrap());
    }
    answers
}

fn queued(answer: &Result<Queueing, Error>) -> (&[DocumentId], &[DocumentId]) {
    match answer {
        Ok(Queueing::Queued { added, updated }) => (added, updated),
        other => panic!("{other:?}"),
    }
}

/// The documents of a workspace by their addresses.
async fn documents(store: &TestStore, workspace: WorkspaceId) -> HashMap<String, DocumentId> {
    let rows = format!("SELECT external_id || ' ' || id FROM documents WHERE workspace_id = '{workspace}'");
    let rows = store.texts(&rows).await;
    rows.iter().map(|row| row.split_once(' ').unwrap()).map(|(url, id)| (url.to_owned(), id.parse().unwrap())).collect()
}

/// So many of the addresses, in an order that each call has for itself.
fn some(urls: &[String], call: usize, count: usize) -> Vec<Wanted> {
    (0..count).map(|place| page(&urls[(call * 7 + place * 11) % urls.len()])).collect()
}

async fn each_call_is_told_its_own_documents_and_each_page_is_added_once(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let urls = hosts("a", 50);
    let batches: Vec<_> = (0..60).map(|call| batch(some(&urls, call, 20))).collect();
    let answers = call_all(&store, batches.iter().map(|batch| (workspace, batch.clone())).collect()).await;
    let documents = documents(&store, workspace).await;
    assert_eq!(documents.len(), 50);
    let mut all_added = Vec::new();
    for (batch, answer) in batches.iter().zip(&answers) {
        let (added, updated) = queued(answer);
        let named: Vec<_> = batch.wanted.iter().map(|page| documents[page.url.as_str()]).collect();
        let in_order = |ids: &[DocumentId]| {
            let places: Vec<_> = ids.iter().map(|id| named.iter().position(|named| named == id).unwrap()).collect();
            places.is_sorted()
        };
        assert!(in_order(added) && in_order(updated));
        let told: HashSet<_> = added.iter().chain(updated).collect();
        assert_eq!((told.len(), told), (20, named.iter().collect()));
        all_added.extend_from_slice(added);
    }
    assert_eq!(all_added.len(), 50);
    assert_eq!(all_added.iter().collect::<HashSet<_>>().len(), 50, "a page was added twice");
    assert_eq!(store.count("jobs").await, 50);
    let keys = store.texts("SELECT DISTINCT CAST(order_key AS TEXT) FROM jobs").await;
    assert_eq!(keys.len(), 50, "two jobs of a workspace share a place");
}

async fn a_refused_call_writes_nothing_while_the_others_go_through(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let calls = (0..40).map(|call| {
        let new = page(&format!("https://new{call}.example/"));
        let wanted =
            if call % 4 == 0 { vec![new, known(&format!("https://unknown{call}.example/"))] } else { vec![new] };
        (workspace, batch(wanted))
    });
    for (call, answer) in call_all(&store, calls.collect()).await.into_iter().enumerate() {
        if call % 4 == 0 {
            assert_eq!(answer.unwrap(), Queueing::Unknown(vec![format!("https://unknown{call}.example/")]));
        } else {
            assert_eq!(queued(&answer).0.len(), 1);
        }
    }
    let documents = documents(&store, workspace).await;
    let refused = |url: &String| (0..40).step_by(4).any(|call| *url == format!("https://new{call}.example/"));
    assert_eq!((documents.len(), documents.keys().filter(|url| refused(url)).count()), (30, 0));
    assert_eq!(store.count("jobs").await, 30);
}

async fn calls_of_two_workspaces_do_not_mix(store: TestStore) {
    let both = [store.workspace("one").await, store.workspace("two").await];
    let urls = hosts("a", 10);
    let calls = (0..40).map(|call| {
        let priority = if call % 4 < 2 { Priority::Interactive } else { Priority::Bulk };
        (both[call % 2], WebBatch { priority, ..batch(some(&urls, call, 5)) })
    });
    let answers = call_all(&store, calls.collect()).await;
    for (place, workspace) in both.into_iter().enumerate() {
        let own: HashSet<_> = documents(&store, workspace).await.into_values().collect();
        assert_eq!(own.len(), 10);
        for answer in answers.iter().skip(place).step_by(2) {
            let (added, updated) = queued(answer);
            assert!(added.iter().chain(updated).all(|id| own.contains(id)));
        }
        assert_eq!(store.count(&format!("jobs WHERE workspace_id = '{workspace}'")).await, 10);
    }
}

async fn calls_with_other_flags_keep_them(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let flags = [None, Some(true), Some(false)];
    let call = |number: usize| {
        let flags = Flags { english: flags[number % 3], baser: flags[number / 3 % 3] };
        (workspace, WebBatch { flags, ..batch([page(&format!("https://a{number}.example/"))]) })
    };
    let answers = call_all(&store, (0..45).map(call).collect()).await;
    for (number, answer) in answers.iter().enumerate() {
        let shown = store.document_at(workspace, queued(answer).0[0], at(1)).await;
        let expected = (flags[number % 3].unwrap_or(true), flags[number / 3 % 3].unwrap_or(false));
        assert_eq!((shown.english, shown.baser), expected, "{number}");
    }
}

async fn a_call_for_nobody_is_refused_alone(store: TestStore) {
    let (workspace, nobody) = (store.workspace("acme").await, WorkspaceId::new());
    let calls = (0..30).map(|call| {
        let owner = if call % 10 == 5 { nobody } else { workspace };
        (owner, batch([page(&format!("https://a{call}.example/"))]))
    });
    for (call, answer) in call_all(&store, calls.collect()).await.into_iter().enumerate() {
        if call % 10 == 5 {
            assert!(matches!(answer, Err(Error::Conflict(_))), "{answer:?}");
        } else {
            assert_eq!(queued(&answer).0.len(), 1, "{call}");
        }
    }
    assert_eq!((store.count("documents").await, store.count("jobs").await), (27, 27));
}

async fn calls_that_are_dropped_midway_harm_nobody(store: TestStore) {
    let workspace = store.workspace("acme").await;
    for polls in 0..8 {
        let named = |part: &str| batch(hosts(&format!("{part}{polls}-"), 30).iter().map(|url| page(url)));
        let (_, beside) = tokio::join!(
            cut_short(polls, store.queue_web(workspace, named("dropped"))),
            store.queue_web(workspace, named("beside")),
        );
        assert_eq!(queued(&beside).0.len(), 30);
    }
    store.queue_web(workspace, batch([page("https://last.example/")])).await.unwrap();
    // One question, because a dropped one may still be on its way.
    let joined = "documents d LEFT JOIN jobs j ON j.document_id = d.id";
    let urls = store.texts(&format!("SELECT external_id || ' ' || COALESCE(state, 'lost') FROM {joined}")).await;
    assert!(urls.len() > 8 * 30 && urls.iter().all(|line| line.ends_with(" ready")));
    for polls in 0..8 {
        let there = urls.iter().filter(|url| url.contains(&format!("dropped{polls}-"))).count();
        assert!(there == 0 || there == 30, "{there} of 30 after {polls} polls");
    }
}

async fn an_answer_that_is_kept_is_given_again_whatever_is_queued_beside(store: TestStore) {
    const ROUTE: (&str, &str) = ("POST /v2/documents", "key-1");
    let workspace = store.workspace("acme").await;
    let urls = hosts("a", 10);
    let beside = (0..20).map(|call| (workspace, batch(some(&urls, call, 5)))).collect();
    let keyed: Vec<_> = (0..20)
        .map(|_| {
            let (store, batch) = (store.store.clone(), batch(urls.iter().map(|url| page(url))));
            tokio::spawn(async move {
                kept(&store, async |write| {
                    match write.recall_answer(workspace, ROUTE, &[1; 32], at(1)).await.unwrap() {
                        Recall::Known(answer) => (false, answer),
                        Recall::New => {
                            let queueing = write.queue_web(workspace, &batch, at(1)).await.unwrap();
                            let Queueing::Queued { added, updated } = queueing else { panic!() };
                            let ids: Vec<String> = added.iter().chain(&updated).map(ToString::to_string).collect();
                            write.save_answer(workspace, ROUTE, &ids.join(" ")).await.unwrap();
                            (true, ids.join(" "))
                        }
                        Recall::Differs => panic!("the same body was called another one"),
                    }
                })
                .await
            })
        })
        .collect();
    for answer in call_all(&store, beside).await {
        queued(&answer);
    }
    let mut answers = Vec::new();
    for task in keyed {
        answers.push(tokio::time::timeout(seconds(60), task).await.unwrap().unwrap());
    }
    assert_eq!(answers.iter().filter(|(worked, _)| *worked).count(), 1);
    let first: HashSet<DocumentId> = answers[0].1.split(' ').map(|id| id.parse().unwrap()).collect();
    assert!(answers.iter().all(|(_, answer)| *answer == answers[0].1));
    assert_eq!(first, documents(&store, workspace).await.into_values().collect());
    assert!(urls.iter().all(|url| WebUrl::parse(url).is_ok()));
}
