//! Queueing: one record and one live job a page, in the order named, however often and by however many it is asked for.

use std::collections::HashSet;

use model::{DocumentId, JobStatus, WorkerId, WorkspaceId};
use store::{Change, Error, Flags, Queueing, Store, Wanted, WebBatch};

use crate::stores::{TestStore, at, batch, dropped, hosts, known, on_both, page, seconds, text, unpaced};

on_both!(
    documents_come_back_in_the_order_named,
    pages_to_refresh_must_be_known_or_nothing_is_written,
    flags_are_kept_until_a_request_names_them,
    a_new_document_shows_what_was_sent,
    a_live_job_is_not_doubled,
    a_finished_document_gets_a_new_job,
    ten_thousand_pages_are_one_call,
    an_empty_call_and_an_unknown_workspace,
    fifty_identical_calls_make_one_set,
    overlapping_calls_in_any_order_do_not_lock_each_other_out,
    a_rolled_back_call_hides_nothing_from_others,
);

async fn queue(store: &Store, workspace: WorkspaceId, batch: &WebBatch, seconds: i64) -> Queueing {
    let mut write = store.write().await.unwrap();
    let queueing = write.queue_web(workspace, batch, at(seconds)).await.unwrap();
    write.commit().await.unwrap();
    queueing
}

async fn documents_come_back_in_the_order_named(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let names = ["https://c.example/", "https://a.example/", "https://B.example", "https://b.example/#again"];
    let made = store.add(workspace, &names, at(1)).await;
    assert_eq!(made.len(), 3);
    let mut urls = Vec::new();
    for document in &made {
        urls.push(store.document_at(workspace, *document, at(1)).await.external_id);
    }
    assert_eq!(urls, ["https://c.example/", "https://a.example/", "https://b.example/"]);

    // New and known ones mixed, added and refreshed.
    let mixed =
        [page(names[1]), page("https://z.example/"), known(names[0]), page("https://y.example/"), known(names[1])];
    let Queueing::Queued { added, updated } = queue(&store, workspace, &batch(mixed), 2).await else { panic!() };
    assert_eq!(updated, [made[1], made[0]]);
    assert_eq!(added.len(), 2);
    assert_eq!(store.document_at(workspace, added[0], at(2)).await.original_url, "https://z.example/");
}

async fn pages_to_refresh_must_be_known_or_nothing_is_written(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.add(workspace, &["https://a.example/"], at(1)).await;
    let before = store.dump().await;
    let unknown = [
        known("https://x.example/#sent"),
        known("https://a.example/"),
        page("https://new.example/"),
        known("https://Y.example"),
    ];
    let queueing = queue(&store, workspace, &batch(unknown), 2).await;
    assert_eq!(queueing, Queueing::Unknown(vec!["https://x.example/#sent".into(), "https://Y.example".into()]));
    assert_eq!(store.dump().await, before);

    // Named to refresh and to add: it may be new.
    let both = [known("https://x.example/"), page("https://x.example/")];
    let queueing = queue(&store, workspace, &batch(both), 3).await;
    assert!(matches!(queueing, Queueing::Queued { added, updated } if added.len() == 1 && updated.is_empty()));
}

async fn flags_are_kept_until_a_request_names_them(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let mut document = None;
    let cases = [
        (None, None, true, false),
        (Some(false), None, false, false),
        (None, Some(true), false, true),
        (None, None, false, true),
        (Some(true), Some(false), true, false),
    ];
    for (round, (english, baser, is_english, is_baser)) in (1..).zip(cases) {
        let batch = WebBatch { flags: Flags { english, baser }, ..batch([page("https://a.example/")]) };
        let Queueing::Queued { added, updated } = queue(&store, workspace, &batch, round).await else { panic!() };
        let id = *document.get_or_insert_with(|| added[0]);
        assert!(round == 1 || updated == [id]);
        let shown = store.document_at(workspace, id, at(round)).await;
        assert_eq!((shown.english, shown.baser), (is_english, is_baser), "round {round}");
        assert_eq!((shown.created_at, shown.updated_at), (at(1), at(round)));
    }
    // The run of the job that waited all the while uses the latest flags.
    let job = store.claim_one(WorkerId::new(), at(9)).await;
    assert_eq!((job.english, job.baser, Some(job.document)), (true, false, document));
    let other =
        WebBatch { flags: Flags { english: Some(false), baser: Some(true) }, ..batch([page("https://b.example/")]) };
    let Queueing::Queued { added, .. } = queue(&store, workspace, &other, 10).await else { panic!() };
    let shown = store.document_at(workspace, added[0], at(10)).await;
    assert_eq!((shown.english, shown.baser), (false, true));
}

async fn a_new_document_shows_what_was_sent(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let sent = "HTTPS://Bücher.example:443/Größe?utm_source=x#part";
    let id = store.add(workspace, &[sent], at(1)).await[0];
    let shown = store.document_at(workspace, id, at(2)).await;
    assert_eq!(shown.external_id, "https://xn--bcher-kva.example/Gr%C3%B6%C3%9Fe");
    assert_eq!((shown.original_url.as_str(), shown.title.as_str()), (sent, sent));
    assert_eq!((shown.kind.as_str(), shown.mime_type.as_str(), shown.storage_url.as_str()), ("page", "", ""));
    assert_eq!((shown.paragraphs, shown.old_paragraphs), (Vec::new(), Vec::new()));
    assert_eq!((shown.success, shown.error.as_str(), shown.changed, shown.revision), (false, "", false, 0));
    assert_eq!((shown.linked_knowledge, shown.linked_operation, shown.linked_reason), (None, None, None));
    assert_eq!((shown.job_status, shown.language), (Some(JobStatus::Pending), None));
    assert!(shown.job.is_some());
}

async fn a_live_job_is_not_doubled(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let id = store.add(workspace, &["https://a.example/"], at(1)).await[0];
    let waiting = store.document_at(workspace, id, at(1)).await.job;
    queue(&store, workspace, &batch([page("https://a.example/")]), 2).await;
    let job = store.claim_one(worker, at(3)).await;
    queue(&store, workspace, &batch([known("https://a.example/")]), 4).await;
    let running = store.document_at(workspace, id, at(4)).await;
    assert_eq!((running.job, running.job_status), (waiting, Some(JobStatus::InProgress)));
    assert_eq!(store.claim(&unpaced(worker, 10), at(5)).await, []);
    assert_eq!(store.read().await.unwrap().live_jobs(workspace).await.unwrap(), 1);
    store.complete(&job, worker, &text("A", &["a"]), Change::First, at(6)).await;
    assert_eq!(store.read().await.unwrap().live_jobs(workspace).await.unwrap(), 0);
}

async fn a_finished_document_gets_a_new_job(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let id = store.add(workspace, &["https://a.example/"], at(1)).await[0];
    let first = store.claim_one(worker, at(2)).await;
    store.complete(&first, worker, &text("A", &["a"]), Change::First, at(3)).await;
    let queueing = queue(&store, workspace, &batch([page("https://a.example/")]), 4).await;
    assert_eq!(queueing, Queueing::Queued { added: Vec::new(), updated: vec![id] });
    let second = store.claim_one(worker, at(5)).await;
    assert_ne!(second.id, first.id);
    assert_eq!((second.document, second.attempt, second.max_attempts), (id, 1, 5));
}

async fn ten_thousand_pages_are_one_call(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let urls: Vec<String> = (0..10_000).map(|number| format!("https://a.example/page/{number}")).collect();
    let made = store.add(workspace, &urls, at(1)).await;
    assert_eq!(made.iter().collect::<HashSet<_>>().len(), 10_000);
    assert_eq!(store.read().await.unwrap().live_jobs(workspace).await.unwrap(), 10_000);
    let again = queue(&store, workspace, &batch(urls.iter().map(|url| known(url))), 2).await;
    assert_eq!(again, Queueing::Queued { added: Vec::new(), updated: made.clone() });
    assert_eq!(store.count("jobs").await, 10_000);
    assert_eq!(store.document_at(workspace, made[7_777], at(2)).await.external_id, urls[7_777]);
}

async fn an_empty_call_and_an_unknown_workspace(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let queueing = queue(&store, workspace, &batch([]), 1).await;
    assert_eq!(queueing, Queueing::Queued { added: Vec::new(), updated: Vec::new() });
    let call = batch([page("https://a.example/")]);
    let refused = dropped(&store, async |write| write.queue_web(WorkspaceId::new(), &call, at(1)).await).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    assert_eq!(store.count("documents").await, 0);
}

async fn fifty_identical_calls_make_one_set(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let urls = hosts("a", 20);
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let (store, batch) = (store.store.clone(), batch(urls.iter().map(|url| page(url))));
            tokio::spawn(async move { queue(&store, workspace, &batch, 1).await })
        })
        .collect();
    let (mut makers, mut sets) = (0, HashSet::new());
    for call in calls {
        let Queueing::Queued { added, updated } = call.await.unwrap() else { panic!() };
        makers += usize::from(!added.is_empty());
        assert!(added.is_empty() || updated.is_empty(), "one call made a part of the set");
        sets.insert([added, updated].concat());
    }
    assert_eq!((makers, sets.len()), (1, 1));
    assert_eq!((store.count("documents").await, store.count("jobs").await), (20, 20));
}

async fn overlapping_calls_in_any_order_do_not_lock_each_other_out(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let urls = hosts("a", 40);
    let tasks: Vec<_> = (0..32_usize)
        .map(|task| {
            let (store, urls) = (store.store.clone(), urls.clone());
            tokio::spawn(async move {
                let worker = WorkerId::new();
                for round in 0..6_usize {
                    // Strides without a factor in common with 40 visit all pages, each in another order.
                    let stride = [1, 3, 7, 9, 11, 13, 17, 19][(task + round) % 8];
                    let wanted = (0..30).map(|place| page(&urls[(task + place * stride) % 40]));
                    queue(&store, workspace, &batch(wanted.collect::<Vec<Wanted>>()), 1).await;
                    run_some(&store, worker).await;
                }
            })
        })
        .collect();
    for task in tasks {
        tokio::time::timeout(seconds(120), task).await.unwrap().unwrap();
    }
    assert_eq!(store.count("documents").await, 40);
}

/// What workers do beside the queueing: claim, extend, finish each job in a transaction of its own.
async fn run_some(store: &Store, worker: WorkerId) {
    let mut write = store.write().await.unwrap();
    let claimed = write.claim(&unpaced(worker, 5), at(2)).await.unwrap();
    write.commit().await.unwrap();
    for job in claimed.jobs {
        let mut write = store.write().await.unwrap();
        write.extend_leases(worker, [&job.id], seconds(60), at(3)).await.unwrap();
        write.commit().await.unwrap();
        let mut write = store.write().await.unwrap();
        let text = text("A", &["a"]);
        let current = write.current_text(job.workspace, job.document).await.unwrap();
        let change = if current.is_some() { Change::None } else { Change::First };
        write.complete(&job, worker, &text, change, at(4)).await.unwrap();
        write.commit().await.unwrap();
    }
}

async fn a_rolled_back_call_hides_nothing_from_others(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let urls = hosts("a", 5);
    let tasks: Vec<_> = (0..32_usize)
        .map(|task| {
            let (store, batch) = (store.store.clone(), batch(urls.iter().map(|url| page(url))));
            tokio::spawn(async move {
                let mut promised = Vec::new();
                for round in 0..10_usize {
                    let mut write = store.write().await.unwrap();
                    let queueing = write.queue_web(workspace, &batch, at(1)).await.unwrap();
                    // Two of three are taken back, those of the first round among them.
                    if (task + round) % 3 == 2 {
                        write.commit().await.unwrap();
                        let Queueing::Queued { added, updated } = queueing else { panic!() };
                        promised.push([added, updated].concat());
                    }
                }
                promised
            })
        })
        .collect();
    let mut promised: HashSet<Vec<DocumentId>> = HashSet::new();
    for task in tasks {
        promised.extend(task.await.unwrap());
    }
    assert_eq!(promised.len(), 1, "a committed call answered ids that another one did not see");
    for id in promised.iter().flatten() {
        store.document_at(workspace, *id, at(2)).await;
    }
}
