//! Everything at once: no id is promised for nothing, no conflict blocks a neighbour, and nobody locks anybody out.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use model::{DocumentId, Job, WorkerId, WorkspaceId};
use store::{Change, Error, Outcome, Pausable, Queueing, Settlement, Store, WebBatch, Which};
use tokio::task::JoinHandle;

use crate::dice::Dice;
use crate::stores::{TestStore, at, batch, hosts, kept, on_both, paced, page, retry, seconds, text, unpaced};

on_both!(
    an_id_that_was_promised_exists_whatever_others_take_back,
    a_conflict_on_one_document_blocks_no_other,
    sixty_four_callers_and_all_kinds_of_work_do_not_lock_each_other_out,
);

async fn finish<T>(tasks: Vec<JoinHandle<T>>) -> Vec<T> {
    let mut done = Vec::new();
    for task in tasks {
        done.push(tokio::time::timeout(seconds(240), task).await.expect("somebody waits for ever").unwrap());
    }
    done
}

fn ids(queueing: Queueing) -> Vec<DocumentId> {
    let Queueing::Queued { added, updated } = queueing else { panic!("{queueing:?}") };
    [added, updated].concat()
}

async fn an_id_that_was_promised_exists_whatever_others_take_back(store: TestStore) {
    const ROUNDS: usize = 12;
    let workspace = store.workspace("acme").await;
    let urls = Arc::new(hosts("a", 60));
    let taken_back = Arc::new(AtomicUsize::new(0));
    let tasks = (0..32).map(|task| {
        let (store, urls, taken_back) = (store.store.clone(), Arc::clone(&urls), Arc::clone(&taken_back));
        tokio::spawn(async move {
            let mut dice = Dice::new(task);
            let mut promised = HashSet::new();
            for _ in 0..ROUNDS {
                let wanted = batch(dice.some(&urls, 5).into_iter().map(|url| page(url)));
                let told = match dice.below(3) {
                    0 => ids(store.queue_web(workspace, wanted).await.unwrap()),
                    kind => {
                        let mut write = store.write().await.unwrap();
                        let told = ids(write.queue_web(workspace, &wanted, at(1)).await.unwrap());
                        if kind == 1 {
                            drop(write);
                            taken_back.fetch_add(1, Ordering::Relaxed);
                            continue;
                        }
                        write.commit().await.unwrap();
                        told
                    }
                };
                let mut read = store.read().await.unwrap();
                for id in told {
                    let shown = read.document(workspace, id, at(1)).await.unwrap();
                    assert!(shown.expect("the id was promised").job.is_some());
                    promised.insert(id);
                }
            }
            promised
        })
    });
    let promised: HashSet<DocumentId> = finish(tasks.collect()).await.into_iter().flatten().collect();
    let there: HashSet<DocumentId> =
        store.texts("SELECT id FROM documents").await.iter().map(|id| id.parse().unwrap()).collect();
    assert_eq!(promised, there, "what nobody was promised is not there either");
    assert_eq!(store.count("jobs").await, there.len());
    assert!(taken_back.load(Ordering::Relaxed) > 32, "too few were taken back to prove anything");
}

async fn a_conflict_on_one_document_blocks_no_other(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let old = hosts("old", 10);
    store.add(workspace, &old, at(1)).await;
    for round in 0..15 {
        let jobs = store.claim(&unpaced(worker, 20), at(2)).await;
        let ends = jobs.into_iter().map(|job| {
            let store = store.store.clone();
            let ends = round % 2 == 0;
            tokio::spawn(async move {
                let outcome = if ends { gone() } else { Outcome::Again(retry(at(2), "again")) };
                store.settle(worker, Settlement { job, outcome }).await.unwrap();
            })
        });
        // Each call names all that are being ended or retried at this moment, and one page of its own.
        let calls = (0..4).map(|call| {
            let (store, mut named) = (store.store.clone(), old.clone());
            named.push(format!("https://new{round}-{call}.example/"));
            tokio::spawn(async move {
                let told = ids(store.queue_web(workspace, batch(named.iter().map(|url| page(url)))).await.unwrap());
                assert_eq!(told.len(), 11);
            })
        });
        finish(ends.chain(calls).collect()).await;
        let own = format!("documents d JOIN jobs j ON j.document_id = d.id WHERE d.external_id LIKE '%new{round}-%'");
        assert_eq!(store.count(&own).await, 4, "round {round}");
        store
            .sql("DELETE FROM jobs WHERE document_id IN (SELECT id FROM documents WHERE external_id LIKE '%new%')")
            .await;
        let again = batch(old.iter().map(|url| page(url)));
        store.queue_web(workspace, again).await.unwrap();
        assert_eq!(store.count("jobs").await, 10, "round {round}: every old page has one job again");
    }
}

fn gone() -> Outcome {
    Outcome::Failed(model::Failure::new(model::FailureCode::Gone, "removed"))
}

async fn sixty_four_callers_and_all_kinds_of_work_do_not_lock_each_other_out(store: TestStore) {
    let both = [store.workspace("one").await, store.workspace("two").await];
    let hosts: Vec<String> = (0..60).map(|page| format!("https://h{}.example/{page}", page % 12)).collect();
    let (urls, over) = (Arc::new(hosts), Arc::new(AtomicBool::new(false)));
    let callers: Vec<_> =
        (0..64).map(|task| tokio::spawn(call(store.store.clone(), both, Arc::clone(&urls), Dice::new(task)))).collect();
    let mut others = Vec::new();
    for number in 0..4 {
        others.push(tokio::spawn(work(store.store.clone(), Arc::clone(&over), Dice::new(100 + number))));
    }
    others.push(tokio::spawn(cancel(store.store.clone(), both, Arc::clone(&over), Dice::new(200))));
    others.push(tokio::spawn(cancel(store.store.clone(), both, Arc::clone(&over), Dice::new(201))));
    others.push(tokio::spawn(pause(store.store.clone(), both, Arc::clone(&over), Dice::new(202))));
    let refused: Vec<String> = finish(callers).await.into_iter().flatten().collect();
    over.store(true, Ordering::SeqCst);
    let beside: Vec<(usize, Vec<String>)> = finish(others).await;
    assert!(beside.iter().all(|(done, _)| *done > 0), "somebody never had a turn: {beside:?}");
    let refused: Vec<String> = refused.into_iter().chain(beside.into_iter().flat_map(|(_, refused)| refused)).collect();
    assert_eq!(refused, Vec::<String>::new());
    assert_eq!(store.count("documents").await, 120);
}

/// Queues pages in random order, in groups and in transactions of its own; what was refused.
async fn call(store: Store, both: [WorkspaceId; 2], urls: Arc<Vec<String>>, mut dice: Dice) -> Vec<String> {
    let mut refused = Vec::new();
    for _ in 0..8 {
        let (workspace, count) = (both[dice.below(2)], 1 + dice.below(30));
        let wanted: WebBatch = batch(dice.some(&urls, count).into_iter().map(|url| page(url)));
        let answer = if dice.below(2) == 0 {
            store.queue_web(workspace, wanted).await
        } else {
            let mut write = store.write().await.unwrap();
            let answer = write.queue_web(workspace, &wanted, at(10)).await;
            if answer.is_ok() && dice.below(4) > 0 {
                write.commit().await.unwrap();
            }
            answer
        };
        refused.extend(answer.err().map(|error| format!("queueing: {error}")));
    }
    refused
}

/// Claims at a pace, keeps the leases and settles; how often, and what was refused.
async fn work(store: Store, over: Arc<AtomicBool>, mut dice: Dice) -> (usize, Vec<String>) {
    let (worker, mut rounds, mut refused) = (WorkerId::new(), 0, Vec::new());
    while !over.load(Ordering::SeqCst) || rounds == 0 {
        let now = at(10 + i64::try_from(rounds).unwrap() * 2);
        let claim = if dice.below(2) == 0 { paced(worker, 20, seconds(1)) } else { unpaced(worker, 20) };
        let claimed = kept(&store, async |write| write.claim(&claim, now).await).await;
        let jobs = match claimed {
            Ok(claimed) => claimed.jobs,
            Err(error) => {
                refused.push(format!("claim: {error}"));
                Vec::new()
            }
        };
        let leases = kept(&store, async |write| {
            write.extend_leases(worker, jobs.iter().map(|job| &job.id), seconds(60), now).await
        });
        refused.extend(leases.await.err().map(|error| format!("leases: {error}")));
        let settlements: Vec<_> = jobs.into_iter().map(|job| settlement(job, &mut dice)).collect();
        if dice.below(2) == 0 {
            let group: Vec<_> = settlements.into_iter().map(|settlement| (worker, settlement)).collect();
            let settled = kept(&store, async |write| write.settle(&group, now).await).await;
            refused.extend(settled.err().map(|error| format!("settle: {error}")));
        } else {
            for settlement in settlements {
                match store.settle(worker, settlement).await {
                    Ok(()) | Err(Error::Lost) => {}
                    Err(error) => refused.push(format!("settle: {error}")),
                }
            }
        }
        rounds += 1;
    }
    (rounds, refused)
}

fn settlement(job: Job, dice: &mut Dice) -> Settlement {
    let outcome = match dice.below(3) {
        0 => Outcome::Again(retry(at(10), "again")),
        1 => Outcome::Text(Arc::new(text("A", &["a"])), Change::None),
        _ => gone(),
    };
    Settlement { job, outcome }
}

/// Cancels now a host, now everything; how often, and what was refused.
async fn cancel(store: Store, both: [WorkspaceId; 2], over: Arc<AtomicBool>, mut dice: Dice) -> (usize, Vec<String>) {
    let (mut rounds, mut refused) = (0, Vec::new());
    while !over.load(Ordering::SeqCst) || rounds == 0 {
        let which = if dice.below(3) == 0 { Which::All } else { Which::Lane(format!("h{}.example", dice.below(12))) };
        let workspace = both[dice.below(2)];
        let cancelled = kept(&store, async |write| write.cancel(workspace, &which, "x", at(10)).await).await;
        refused.extend(cancelled.err().map(|error| format!("cancel: {error}")));
        rounds += 1;
    }
    (rounds, refused)
}

/// Pauses and resumes now a host, now a workspace; how often, and what was refused.
async fn pause(store: Store, both: [WorkspaceId; 2], over: Arc<AtomicBool>, mut dice: Dice) -> (usize, Vec<String>) {
    let (mut rounds, mut refused) = (0, Vec::new());
    while !over.load(Ordering::SeqCst) || rounds == 0 {
        let what = match dice.below(2) {
            0 => Pausable::Workspace(both[dice.below(2)]),
            _ => Pausable::Lane(format!("h{}.example", dice.below(12))),
        };
        let paused = kept(&store, async |write| write.pause(&what, "x", at(10)).await).await;
        refused.extend(paused.err().map(|error| format!("pause: {error}")));
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        let resumed = kept(&store, async |write| write.resume(&what).await).await;
        refused.extend(resumed.err().map(|error| format!("resume: {error}")));
        refused.extend(store.release_held().await.err().map(|error| format!("release: {error}")));
        rounds += 1;
    }
    (rounds, refused)
}
