//! Syncs: one at a time for a connection, in one process at a time, with an outcome for each item.

use model::connection::NotionAccount;
use model::{Account, Connection, ConnectionId, Credentials, Resource, Sealed, Source, SyncOutcome, SyncState};
use store::{Change, Error, KnownItem, Registration, Store, SyncItem, Vault};

use crate::stores::{TestStore, at, kept, on_both, seconds, text, unpaced};

on_both!(
    a_connection_has_one_sync_at_a_time,
    a_sync_is_one_process_s_until_that_is_lost,
    every_item_has_an_outcome_that_reads_back,
    what_is_known_of_a_provider_is_told_by_name,
    what_is_missing_is_marked_until_it_is_seen_again,
    the_texts_of_a_document_are_listed_without_their_words,
);

async fn connected(test: &TestStore) -> (Store, Connection) {
    let connection = Connection {
        id: ConnectionId::new(),
        workspace: test.workspace("acme").await,
        account: Account::Notion(NotionAccount::default()),
        proof: "anonymous".to_owned(),
        problem: String::new(),
        created_at: at(1),
        updated_at: at(1),
    };
    let store = test.store.clone().with_vault(Vault::parse(&"a".repeat(64)).unwrap());
    let sealed = Sealed { credentials: Credentials::Anonymous, grant: None };
    kept(&store, async |write| write.connect(&connection, &sealed, seconds(0)).await.unwrap()).await;
    (store, connection)
}

fn resource(name: &str) -> Resource {
    Resource {
        external_id: name.to_owned(),
        title: format!("Title of {name}"),
        url: format!("https://www.notion.so/{name}"),
        mime_type: "text/markdown".to_owned(),
        icon: None,
        object: "page".to_owned(),
        version: Some("2".to_owned()),
        group: None,
        parent: None,
    }
}

async fn registered(test: &TestStore, connection: &Connection, names: &[&str]) -> Vec<model::DocumentId> {
    let items: Vec<Registration> = names
        .iter()
        .map(|name| Registration {
            external_id: (*name).to_owned(),
            original_url: format!("https://www.notion.so/{name}"),
            title: format!("Title of {name}"),
            mime_type: "text/markdown".to_owned(),
            kind: "page".to_owned(),
        })
        .collect();
    let (workspace, now) = (connection.workspace, at(1));
    kept(test, async |write| write.register(workspace, Source::Notion, &items, now).await.unwrap()).await.added
}

async fn a_connection_has_one_sync_at_a_time(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let ask = async |dry| kept(&store, async |write| write.ask_sync(&connection, dry, at(2)).await.unwrap()).await;
    let first = ask(true).await;
    assert_eq!((first.state, first.dry, first.seen), (SyncState::Waiting, true, 0));
    assert_eq!(ask(false).await, first, "one that waits serves this wish too");
    test.clock.set(at(3));
    let (hold, _) = store.take_sync(seconds(60)).await.unwrap().unwrap();
    assert_eq!(ask(false).await.id, first.id, "so does one that runs");
    kept(&store, async |write| write.end_sync(&hold, ("", &[]), at(4)).await.unwrap()).await;
    let second = ask(false).await;
    assert!(second.id != first.id && !second.dry);
    let mut read = store.read().await.unwrap();
    let listed = read.syncs(connection.workspace, None, 9).await.unwrap();
    assert_eq!(listed.iter().map(|sync| sync.id).collect::<Vec<_>>(), [second.id, first.id], "the latest first");
    assert_eq!(read.syncs(connection.workspace, Some(second.id), 9).await.unwrap().len(), 1);
    let other = test.workspace("other").await;
    assert_eq!(read.syncs(other, None, 9).await.unwrap(), []);
}

async fn a_sync_is_one_process_s_until_that_is_lost(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let beside = test.beside().await;
    assert_eq!(store.take_sync(seconds(60)).await.unwrap(), None, "nobody has asked");
    let asked = kept(&store, async |write| write.ask_sync(&connection, false, at(2)).await.unwrap()).await;
    let set = |now| {
        test.clock.set(now);
        beside.clone()
    };
    test.clock.set(at(10));
    let (lost, sync) = store.take_sync(seconds(60)).await.unwrap().unwrap();
    assert_eq!((sync.id, sync.state), (asked.id, SyncState::Running));
    assert_eq!(store.take_sync(seconds(60)).await.unwrap(), None, "it is in hand");
    kept(&store, async |write| write.keep_sync(&lost, 40, at(100)).await.unwrap()).await;
    kept(&store, async |write| write.note_items(&lost, &[(&resource("a"), SyncOutcome::New)]).await.unwrap()).await;
    set(at(90));
    assert_eq!(store.take_sync(seconds(60)).await.unwrap(), None, "it was kept");
    test.clock.set(at(101));
    let (hold, again) = store.take_sync(seconds(60)).await.unwrap().unwrap();
    assert_eq!((again.id, again.seen), (asked.id, 0), "it begins anew");
    assert_eq!(test.count("sync_items").await, 0);
    let mut write = store.write().await.unwrap();
    assert!(matches!(write.keep_sync(&lost, 41, at(200)).await, Err(Error::Lost)));
    assert!(matches!(write.end_sync(&lost, ("", &[]), at(102)).await, Err(Error::Lost)));
    drop(write);
    let gaps = ["the search was cut".to_owned()];
    kept(&store, async |write| write.end_sync(&hold, ("server_error: no", &gaps), at(103)).await.unwrap()).await;
    let ended = store.read().await.unwrap().sync(asked.id).await.unwrap().unwrap();
    assert_eq!(
        (ended.state, ended.error.as_str(), ended.finished_at),
        (SyncState::Failed, "server_error: no", Some(at(103)))
    );
    assert_eq!(ended.gaps, gaps);
}

async fn every_item_has_an_outcome_that_reads_back(test: TestStore) {
    let (store, connection) = connected(&test).await;
    kept(&store, async |write| write.ask_sync(&connection, false, at(2)).await.unwrap()).await;
    test.clock.set(at(3));
    let (hold, _) = store.take_sync(seconds(60)).await.unwrap().unwrap();
    let [a, b] = ["a", "b"].map(resource);
    let known = KnownItem {
        document: model::DocumentId::new(),
        title: "Gone".to_owned(),
        url: "https://www.notion.so/c".to_owned(),
        read: None,
    };
    let mut write = store.write().await.unwrap();
    write.note_items(&hold, &[(&a, SyncOutcome::New), (&b, SyncOutcome::Unchanged)]).await.unwrap();
    write.note_unseen(&hold, &[("c", &known)], SyncOutcome::Missing).await.unwrap();
    write.commit().await.unwrap();
    let mut read = store.read().await.unwrap();
    let items = read.sync_items(hold.id, (None, ""), 9).await.unwrap();
    let told: Vec<_> = items.iter().map(|item| (item.external_id.as_str(), item.outcome)).collect();
    assert_eq!(told, [("a", SyncOutcome::New), ("b", SyncOutcome::Unchanged), ("c", SyncOutcome::Missing)]);
    let expected = SyncItem {
        external_id: "c".to_owned(),
        outcome: SyncOutcome::Missing,
        title: "Gone".to_owned(),
        url: "https://www.notion.so/c".to_owned(),
        missing_since: None,
    };
    assert_eq!(read.sync_items(hold.id, (Some(SyncOutcome::Missing), ""), 9).await.unwrap(), [expected]);
    assert_eq!(read.sync_items(hold.id, (None, "a"), 1).await.unwrap()[0].external_id, "b");
    let counts = read.sync(hold.id).await.unwrap().unwrap().counts;
    assert!(counts.contains(&(SyncOutcome::New, 1)) && counts.contains(&(SyncOutcome::Changed, 0)), "{counts:?}");
}

async fn what_is_known_of_a_provider_is_told_by_name(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let [done, left] = registered(&test, &connection, &["read", "unread"]).await[..] else { panic!() };
    let worker = model::WorkerId::new();
    let batch = store::KnownBatch {
        documents: vec![(done, true)],
        source: None,
        uploads: false,
        flags: store::Flags::default(),
        priority: model::Priority::Bulk,
        max_attempts: 5,
    };
    store.queue_known(connection.workspace, &batch).await.unwrap();
    let job = test.claim(&unpaced(worker, 1), at(2)).await.remove(0);
    let given = text("Read", &["one"]).with_version(Some("7".to_owned()));
    test.complete(&job, worker, &given, Change::First, at(3)).await;
    let known = store.read().await.unwrap().known_items(connection.workspace, Source::Notion).await.unwrap();
    assert_eq!((known["read"].document, known["read"].read.clone()), (done, Some(Some("7".to_owned()))));
    assert_eq!((known["unread"].document, known["unread"].read.clone()), (left, None));
    assert_eq!((known["read"].title.as_str(), known.len()), ("Read", 2));
}

async fn what_is_missing_is_marked_until_it_is_seen_again(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let documents = registered(&test, &connection, &["a", "b"]).await;
    kept(&store, async |write| write.ask_sync(&connection, false, at(2)).await.unwrap()).await;
    test.clock.set(at(3));
    let (hold, _) = store.take_sync(seconds(60)).await.unwrap().unwrap();
    let seen = ["a", "b"].map(resource);
    let seen: Vec<_> = seen.iter().map(|resource| (resource, SyncOutcome::Unchanged)).collect();
    kept(&store, async |write| write.note_items(&hold, &seen).await.unwrap()).await;
    let told = async || {
        let items = store.read().await.unwrap().sync_items(hold.id, (None, ""), 9).await.unwrap();
        items.into_iter().map(|item| item.missing_since).collect::<Vec<_>>()
    };
    let marks = "SELECT external_id || ' ' || missing_since FROM documents WHERE missing_since IS NOT NULL ORDER BY 1";
    for (now, expected) in [(at(5), at(5)), (at(9), at(5))] {
        kept(&store, async |write| write.mark_missing(&documents[..1], now).await.unwrap()).await;
        assert_eq!(test.texts(marks).await, [format!("a {}", expected.as_micros())], "the mark keeps the first time");
        assert_eq!(told().await, [Some(expected), None]);
    }
    kept(&store, async |write| write.mark_seen(&documents).await.unwrap()).await;
    assert_eq!(test.texts(marks).await, Vec::<String>::new());
    assert_eq!(told().await, [None, None]);
}

async fn the_texts_of_a_document_are_listed_without_their_words(test: TestStore) {
    let acme = test.workspace("acme").await;
    let document = test.add(acme, &["https://a.example/"], at(1)).await[0];
    let worker = model::WorkerId::new();
    let job = test.claim_one(worker, at(1)).await;
    let metadata = model::Metadata { authors: vec!["Ada".to_owned()], ..model::Metadata::default() };
    let given = store::NewText { metadata: metadata.clone(), ..text("T", &["one"]) };
    test.complete(&job, worker, &given, Change::First, at(2)).await;
    let mut read = test.read().await.unwrap();
    let revisions = read.revisions(acme, document, 9).await.unwrap();
    assert_eq!(revisions.len(), 1);
    assert_eq!((revisions[0].number, revisions[0].created_at, &revisions[0].metadata), (1, at(2), &metadata));
    assert_eq!(revisions[0].warnings, ["a warning"]);
    let other = test.workspace("other").await;
    assert_eq!(test.read().await.unwrap().revisions(other, document, 9).await.unwrap(), []);
}
