//! Lists: each filter alone and all together, and every walk through the pages gives the same order.

use model::{DocumentId, Failure, FailureCode, JobStatus, Operation, Source, Timestamp, WorkerId, WorkspaceId};
use store::{Change, Direction, Filter, Flags, Page, WebBatch};

use crate::stores::{TestStore, at, batch, on_both, page, text, unpaced};

on_both!(
    every_filter_keeps_what_it_says,
    a_run_whose_worker_is_gone_is_listed_as_waiting,
    filters_combine,
    letters_of_any_script_are_found_in_any_case,
    wild_cards_are_letters,
    pages_hold_the_same_order_whatever_their_size,
    a_cursor_is_compared_by_where_its_document_stands_now,
    an_empty_list_and_an_unknown_cursor,
    a_page_shows_documents_as_they_are_read_alone,
);

const ALL: Page = Page { limit: 500, cursor: None, direction: Direction::Next };

async fn list(store: &TestStore, workspace: WorkspaceId, filter: &Filter) -> Vec<DocumentId> {
    list_at(store, workspace, filter, at(6)).await
}

async fn list_at(store: &TestStore, workspace: WorkspaceId, filter: &Filter, now: Timestamp) -> Vec<DocumentId> {
    let listed = store.read().await.unwrap().documents(workspace, filter, &ALL, now).await.unwrap().unwrap();
    assert!(!listed.has_more);
    listed.documents.into_iter().map(|document| document.id).collect()
}

/// Five documents, oldest first: waiting, running, completed, failed, and one that Review has linked and changed.
async fn one_of_each(store: &TestStore, workspace: WorkspaceId) -> Vec<DocumentId> {
    let worker = WorkerId::new();
    let mut ids = Vec::new();
    for (seconds, name) in [(1, "linked"), (2, "failed"), (3, "completed"), (4, "running")] {
        ids.extend(store.add(workspace, &[format!("https://{name}.example/")], at(seconds)).await);
        let job = store.claim_one(worker, at(seconds)).await;
        match name {
            "failed" => {
                let mut write = store.write().await.unwrap();
                write.fail(&job, worker, &Failure::new(FailureCode::Dns, "x"), at(seconds)).await.unwrap();
                write.commit().await.unwrap();
            }
            "running" => {}
            _ => store.complete(&job, worker, &text(name, &[name]), Change::First, at(seconds)).await,
        }
    }
    let mut write = store.write().await.unwrap();
    let flags = WebBatch {
        flags: Flags { english: Some(false), baser: Some(true) },
        ..batch([page("https://waiting.example/")])
    };
    write.queue_web(workspace, &flags, at(5)).await.unwrap();
    write.commit().await.unwrap();
    let linked = "linked_knowledge_id = 'k1', linked_operation = 'UPDATE_ARTICLE', changed = TRUE";
    store.sql(&format!("UPDATE documents SET {linked} WHERE title = 'linked'")).await;
    store.sql("UPDATE documents SET source = 'zendesk' WHERE title = 'completed'").await;
    let waiting = list(store, workspace, &Filter::default()).await[0];
    [ids, vec![waiting]].concat()
}

async fn every_filter_keeps_what_it_says(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let ids = one_of_each(&store, workspace).await;
    let (linked, failed, completed, running, waiting) = (ids[0], ids[1], ids[2], ids[3], ids[4]);
    let any = Filter::default;
    let cases = [
        (any(), vec![waiting, running, completed, failed, linked]),
        (Filter { source: Some(Source::Zendesk), ..any() }, vec![completed]),
        (Filter { source: Some(Source::Notion), ..any() }, vec![]),
        (Filter { english: Some(false), ..any() }, vec![waiting]),
        (Filter { english: Some(true), ..any() }, vec![running, completed, failed, linked]),
        (Filter { baser: Some(true), ..any() }, vec![waiting]),
        (Filter { baser: Some(false), ..any() }, vec![running, completed, failed, linked]),
        (Filter { id: Some(failed), ..any() }, vec![failed]),
        (Filter { id: Some(DocumentId::new()), ..any() }, vec![]),
        (Filter { title: Some("ink".into()), ..any() }, vec![linked]),
        (Filter { original_url: Some("ing.example".into()), ..any() }, vec![waiting, running]),
        (Filter { linked_knowledge: Some("k1".into()), ..any() }, vec![linked]),
        (Filter { linked_knowledge: Some("k".into()), ..any() }, vec![]),
        (Filter { linked_operation: Some(Operation::UpdateArticle), ..any() }, vec![linked]),
        (Filter { linked_operation: Some(Operation::DoNothing), ..any() }, vec![]),
        (Filter { changed: Some(true), ..any() }, vec![linked]),
        (Filter { changed: Some(false), ..any() }, vec![waiting, running, completed, failed]),
        (Filter { job_status: Some(JobStatus::Pending), ..any() }, vec![waiting]),
        (Filter { job_status: Some(JobStatus::InProgress), ..any() }, vec![running]),
        (Filter { job_status: Some(JobStatus::Completed), ..any() }, vec![completed, linked]),
        (Filter { job_status: Some(JobStatus::Failed), ..any() }, vec![failed]),
        (Filter { success: Some(true), ..any() }, vec![completed, linked]),
        (Filter { success: Some(false), ..any() }, vec![waiting, running, failed]),
    ];
    for (filter, expected) in cases {
        assert_eq!(list(&store, workspace, &filter).await, expected, "{filter:?}");
    }
}

async fn a_run_whose_worker_is_gone_is_listed_as_waiting(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let ids = one_of_each(&store, workspace).await;
    let (running, waiting) = (ids[3], ids[4]);
    let of = |status| Filter { job_status: Some(status), ..Filter::default() };
    let later = at(1_000);
    assert_eq!(list_at(&store, workspace, &of(JobStatus::InProgress), later).await, []);
    assert_eq!(list_at(&store, workspace, &of(JobStatus::Pending), later).await, [waiting, running]);
    let shown = store.document_at(workspace, running, later).await;
    assert_eq!(shown.job_status, Some(JobStatus::Pending));
    assert!(shown.waiting.is_some(), "{shown:?}");
}

async fn filters_combine(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let ids = one_of_each(&store, workspace).await;
    let every = Filter {
        source: Some(Source::Web),
        english: Some(true),
        id: Some(ids[0]),
        title: Some("LINKED".into()),
        original_url: Some("https://linked".into()),
        linked_knowledge: Some("k1".into()),
        linked_operation: Some(Operation::UpdateArticle),
        changed: Some(true),
        job_status: Some(JobStatus::Completed),
        success: Some(true),
        baser: Some(false),
    };
    assert_eq!(list(&store, workspace, &every).await, [ids[0]]);
    let one_off = [
        Filter { source: Some(Source::Files), ..every.clone() },
        Filter { english: Some(false), ..every.clone() },
        Filter { id: Some(ids[1]), ..every.clone() },
        Filter { title: Some("linked!".into()), ..every.clone() },
        Filter { original_url: Some("http://linked".into()), ..every.clone() },
        Filter { linked_knowledge: Some("K1".into()), ..every.clone() },
        Filter { linked_operation: Some(Operation::DoNothing), ..every.clone() },
        Filter { changed: Some(false), ..every.clone() },
        Filter { job_status: Some(JobStatus::Failed), ..every.clone() },
        Filter { success: Some(false), ..every.clone() },
        Filter { baser: Some(true), ..every },
    ];
    for filter in one_off {
        assert_eq!(list(&store, workspace, &filter).await, [], "{filter:?}");
    }
}

/// One finished document for each title, in that order.
async fn titled(store: &TestStore, workspace: WorkspaceId, titles: &[&str]) -> Vec<DocumentId> {
    let worker = WorkerId::new();
    let urls = crate::stores::hosts("t", titles.len());
    let ids = store.add(workspace, &urls, at(1)).await;
    for (job, title) in store.claim(&unpaced(worker, 100), at(2)).await.iter().zip(titles) {
        store.complete(job, worker, &text(title, &["p"]), Change::First, at(3)).await;
    }
    ids
}

async fn letters_of_any_script_are_found_in_any_case(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let titles = ["Größe", "ПРИВЕТ мир", "ΣΊΣΥΦΟΣ", "İstanbul", "漢字", "ÉCOLE"];
    let ids = titled(&store, workspace, &titles).await;
    let cases = [("GRÖ", 0), ("привет МИР", 1), ("σίσυφο", 2), ("İST", 3), ("字", 4), ("école", 5)];
    for (part, expected) in cases {
        let filter = Filter { title: Some(part.to_owned()), ..Filter::default() };
        assert_eq!(list(&store, workspace, &filter).await, [ids[expected]], "{part}");
    }
    let url = Filter { original_url: Some("HTTPS://T3.EXAMPLE".to_owned()), ..Filter::default() };
    assert_eq!(list(&store, workspace, &url).await, [ids[3]]);
}

async fn wild_cards_are_letters(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let ids = titled(&store, workspace, &["100% sure", "100 sure", "a_b", "axb", "c\\d", "wow!", "it's"]).await;
    let cases = [("0%", 0), ("a_b", 2), ("\\", 4), ("!", 5), ("'", 6), ("0% S", 0)];
    for (part, expected) in cases {
        let filter = Filter { title: Some(part.to_owned()), ..Filter::default() };
        assert_eq!(list(&store, workspace, &filter).await, [ids[expected]], "{part}");
    }
    let everything = Filter { title: Some(String::new()), ..Filter::default() };
    assert_eq!(list(&store, workspace, &everything).await.len(), 7);
}

/// Twelve documents, four at each of three instants, with names that English sorts otherwise than bytes do.
async fn ties(store: &TestStore, workspace: WorkspaceId) -> Vec<DocumentId> {
    let mut keyed = Vec::new();
    for (seconds, names) in [(3, ["b", "B", "_", "a"]), (1, ["Z", "z", "~", "-"]), (2, ["é", "e", "E", "f"])] {
        let urls: Vec<String> = names.iter().map(|name| format!("https://a.example/{seconds}{name}")).collect();
        let ids = store.add(workspace, &urls, at(seconds)).await;
        for id in ids {
            let shown = store.document_at(workspace, id, at(9)).await;
            keyed.push((shown.updated_at, shown.external_id, id.to_string(), id));
        }
    }
    keyed.sort();
    keyed.into_iter().rev().map(|(.., id)| id).collect()
}

async fn pages_hold_the_same_order_whatever_their_size(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let order = ties(&store, workspace).await;
    assert_eq!(list(&store, workspace, &Filter::default()).await, order);
    for limit in 1..=5 {
        for direction in [Direction::Next, Direction::Previous] {
            let is_back = direction == Direction::Previous;
            let mut cursor = is_back.then(|| order[order.len() - 1]);
            let mut walked = Vec::from_iter(cursor);
            loop {
                let page = Page { limit, cursor, direction };
                let mut read = store.read().await.unwrap();
                let listed = read.documents(workspace, &Filter::default(), &page, at(9)).await.unwrap().unwrap();
                let ids: Vec<DocumentId> = listed.documents.iter().map(|document| document.id).collect();
                walked = if is_back { [ids.clone(), walked].concat() } else { [walked, ids.clone()].concat() };
                assert_eq!(listed.has_more, walked.len() < order.len(), "limit {limit} {direction:?}");
                if !listed.has_more {
                    break;
                }
                assert_eq!(i64::try_from(ids.len()).unwrap(), limit);
                cursor = if is_back { ids.first() } else { ids.last() }.copied();
            }
            assert_eq!(walked, order, "limit {limit} {direction:?}");
        }
    }
    // Past either end there is nothing, and no more of it; without a cursor every direction starts with the newest.
    let at_end = |cursor, direction| Page { limit: 2, cursor, direction };
    let mut read = store.read().await.unwrap();
    for (page, expected, has_more) in [
        (at_end(Some(order[11]), Direction::Next), &order[..0], false),
        (at_end(Some(order[0]), Direction::Previous), &order[..0], false),
        (at_end(None, Direction::Previous), &order[..2], true),
        (at_end(Some(order[5]), Direction::Previous), &order[3..5], true),
        (at_end(Some(order[2]), Direction::Previous), &order[..2], false),
    ] {
        let listed = read.documents(workspace, &Filter::default(), &page, at(9)).await.unwrap().unwrap();
        let ids: Vec<DocumentId> = listed.documents.iter().map(|document| document.id).collect();
        assert_eq!((ids.as_slice(), listed.has_more), (expected, has_more), "{page:?}");
    }
}

async fn a_cursor_is_compared_by_where_its_document_stands_now(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let order = ties(&store, workspace).await;
    let mut write = store.write().await.unwrap();
    let moved = write.document(workspace, order[5], at(9)).await.unwrap().unwrap();
    write.queue_web(workspace, &batch([page(&moved.external_id)]), at(9)).await.unwrap();
    write.commit().await.unwrap();
    let page = Page { limit: 3, cursor: Some(order[5]), direction: Direction::Next };
    let mut read = store.read().await.unwrap();
    let listed = read.documents(workspace, &Filter::default(), &page, at(9)).await.unwrap().unwrap();
    assert_eq!(listed.documents.iter().map(|document| document.id).collect::<Vec<_>>(), order[..3]);

    // The cursor need not pass the filter.
    let filter = Filter { id: Some(order[11]), ..Filter::default() };
    let listed = read.documents(workspace, &filter, &page, at(9)).await.unwrap().unwrap();
    assert_eq!((listed.documents.len(), listed.has_more), (1, false));
}

async fn an_empty_list_and_an_unknown_cursor(store: TestStore) {
    let workspace = store.workspace("acme").await;
    assert_eq!(list(&store, workspace, &Filter::default()).await, []);
    let page = Page { cursor: Some(DocumentId::new()), ..ALL };
    let mut read = store.read().await.unwrap();
    assert_eq!(read.documents(workspace, &Filter::default(), &page, at(9)).await.unwrap(), None);
}

async fn a_page_shows_documents_as_they_are_read_alone(store: TestStore) {
    let workspace = store.workspace("acme").await;
    store.worker_alive(WorkerId::new(), at(1_000)).await;
    let ids = one_of_each(&store, workspace).await;
    let mut read = store.read().await.unwrap();
    let listed = read.documents(workspace, &Filter::default(), &ALL, at(1_000)).await.unwrap().unwrap().documents;
    for (document, id) in listed.iter().rev().zip(ids) {
        assert_eq!(read.document(workspace, id, at(1_000)).await.unwrap().as_ref(), Some(document));
    }
}
