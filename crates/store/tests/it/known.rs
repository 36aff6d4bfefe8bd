//! Documents that are named by their ids: registered resources, uploads, refreshes.

use std::collections::HashSet;

use model::connection::NotionAccount;
use model::{
    Account, Connection, ConnectionId, Credentials, DocumentId, JobStatus, Priority, Sealed, Source, WorkerId,
    WorkspaceId,
};
use store::{Blob, Change, Flags, KnownBatch, KnownQueueing, Outcome, Registration, Settlement, Unfit, Upload, Vault};

use crate::stores::{TestStore, at, kept, on_both, paced, seconds, text, unpaced};

on_both!(
    items_are_registered_once_and_nothing_is_queued,
    what_gave_a_text_counts_as_imported,
    known_documents_are_queued_once_and_told_apart,
    what_does_not_fit_refuses_the_whole_call,
    documents_of_a_connection_stand_in_its_line,
    an_upload_is_a_document_that_waits_for_nobody,
    the_known_version_keeps_the_known_text,
    a_version_and_the_rules_are_kept_with_the_text,
);

fn item(name: &str, title: &str) -> Registration {
    Registration {
        external_id: name.to_owned(),
        original_url: format!("https://www.notion.so/{name}"),
        title: title.to_owned(),
        mime_type: "text/markdown".to_owned(),
        kind: "page".to_owned(),
    }
}

fn batch(documents: &[(DocumentId, bool)], source: Option<Source>) -> KnownBatch {
    KnownBatch {
        documents: documents.to_vec(),
        source,
        uploads: false,
        flags: Flags::default(),
        priority: Priority::Interactive,
        max_attempts: 5,
    }
}

async fn registered(store: &TestStore, workspace: WorkspaceId, names: &[&str]) -> Vec<DocumentId> {
    let items: Vec<_> = names.iter().map(|name| item(name, name)).collect();
    kept(store, async |write| write.register(workspace, Source::Notion, &items, at(1)).await.unwrap()).await.added
}

async fn items_are_registered_once_and_nothing_is_queued(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let register = async |workspace, items: &[Registration], now| {
        kept(&store, async |write| write.register(workspace, Source::Notion, items, now).await.unwrap()).await
    };
    let first = register(acme, &[item("b", "B"), item("a", "A"), item("b", "B again")], at(1)).await;
    assert_eq!((first.added.len(), first.updated.len()), (2, 0));
    let [b, a] = first.added[..] else { panic!("two were made") };
    let found = store.document_at(acme, b, at(1)).await;
    assert_eq!((found.title.as_str(), found.external_id.as_str(), found.kind.as_str()), ("B again", "b", "page"));
    assert_eq!((found.original_url.as_str(), found.mime_type.as_str()), ("https://www.notion.so/b", "text/markdown"));
    assert_eq!((found.job_status, found.success, found.source), (None, false, Source::Notion));
    let second = register(acme, &[item("a", "A new"), item("c", "C")], at(2)).await;
    assert_eq!((second.added.len(), second.updated.as_slice()), (1, &[a][..]));
    let found = store.document_at(acme, a, at(2)).await;
    assert_eq!((found.title.as_str(), found.updated_at), ("A new", at(2)));
    let foreign = register(other, &[item("a", "A")], at(3)).await;
    assert_eq!(foreign.added.len(), 1, "another workspace has its own");
    assert_eq!(store.count("jobs").await, 0);
}

async fn what_gave_a_text_counts_as_imported(store: TestStore) {
    let acme = store.workspace("acme").await;
    let [done, failed, waiting] = registered(&store, acme, &["done", "failed", "waiting"]).await[..] else { panic!() };
    let worker = WorkerId::new();
    for (document, gives_text) in [(done, true), (failed, false)] {
        store.queue_known(acme, &batch(&[(document, true)], None)).await.unwrap();
        let job = store.claim_one(worker, at(1)).await;
        if gives_text {
            store.complete(&job, worker, &text("T", &["one"]), Change::First, at(2)).await;
        } else {
            let failure = model::Failure::new(model::FailureCode::NotFound, "gone");
            kept(&store, async |write| write.fail(&job, worker, &failure, at(2)).await.unwrap()).await;
        }
    }
    store.queue_known(acme, &batch(&[(waiting, true)], None)).await.unwrap();
    let mut read = store.read().await.unwrap();
    let names = ["done", "failed", "waiting", "unknown"];
    let imported = read.imported(acme, Source::Notion, names).await.unwrap();
    assert_eq!(imported, HashSet::from(["done".to_owned()]));
    assert_eq!(read.imported(acme, Source::Zendesk, names).await.unwrap(), HashSet::new());
}

async fn known_documents_are_queued_once_and_told_apart(store: TestStore) {
    let acme = store.workspace("acme").await;
    let [one, two] = registered(&store, acme, &["one", "two"]).await[..] else { panic!() };
    let queueing = store.queue_known(acme, &batch(&[(one, true), (two, false)], Some(Source::Notion))).await.unwrap();
    assert_eq!(queueing, KnownQueueing::Queued { added: vec![one], updated: vec![two] });
    assert_eq!(store.count("jobs").await, 2);
    let again = KnownBatch { flags: Flags { english: Some(false), baser: Some(true) }, ..batch(&[(one, true)], None) };
    let queueing = store.queue_known(acme, &again).await.unwrap();
    assert_eq!(queueing, KnownQueueing::Queued { added: vec![one], updated: vec![] }, "it has no text yet");
    assert_eq!(store.count("jobs").await, 2, "one that waits gets no second job");
    let found = store.document_at(acme, one, at(1)).await;
    assert_eq!((found.english, found.baser, found.job_status), (false, true, Some(JobStatus::Pending)));
    let worker = WorkerId::new();
    for job in store.claim(&unpaced(worker, 2), at(1)).await {
        store.complete(&job, worker, &text("T", &["one"]), Change::First, at(2)).await;
    }
    let queueing = store.queue_known(acme, &batch(&[(one, true)], None)).await.unwrap();
    assert_eq!(queueing, KnownQueueing::Queued { added: vec![], updated: vec![one] });
}

async fn what_does_not_fit_refuses_the_whole_call(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let [own] = registered(&store, acme, &["own"]).await[..] else { panic!() };
    let [foreign] = registered(&store, other, &["foreign"]).await[..] else { panic!() };
    let [page] = store.add(acme, &["https://a.example/"], at(1)).await[..] else { panic!() };
    let upload = store.queue_uploads(acme, &[file("a.txt")], Priority::Bulk, 5).await.unwrap()[0];
    let unknown = DocumentId::new();
    let before = store.dump().await;
    let named = [own, foreign, page, upload, unknown].map(|document| (document, true));
    let refused = store.queue_known(acme, &batch(&named, Some(Source::Notion))).await.unwrap();
    let expected = vec![
        (foreign, Unfit::Foreign),
        (page, Unfit::Source(Source::Web)),
        (upload, Unfit::Source(Source::Files)),
        (unknown, Unfit::Unknown),
    ];
    assert_eq!(refused, KnownQueueing::Refused(expected));
    let refused = store.queue_known(acme, &batch(&[(upload, false), (own, false)], None)).await.unwrap();
    assert_eq!(refused, KnownQueueing::Refused(vec![(upload, Unfit::Upload)]));
    assert_eq!(store.dump().await, before, "a refused call has changed nothing");
}

async fn documents_of_a_connection_stand_in_its_line(store: TestStore) {
    let acme = store.workspace("acme").await;
    let connection = Connection {
        id: ConnectionId::new(),
        workspace: acme,
        account: Account::Notion(NotionAccount::default()),
        proof: "anonymous".to_owned(),
        problem: String::new(),
        created_at: at(1),
        updated_at: at(1),
    };
    let with_key = store.store.clone().with_vault(Vault::parse(&"a".repeat(64)).unwrap());
    let sealed = Sealed { credentials: Credentials::Anonymous, grant: None };
    kept(&with_key, async |write| write.connect(&connection, &sealed, seconds(2)).await.unwrap()).await;
    let documents = registered(&store, acme, &["one", "two", "three"]).await;
    let named: Vec<_> = documents.iter().map(|document| (*document, true)).collect();
    store.clock.set(at(10));
    store.queue_known(acme, &batch(&named, None)).await.unwrap();
    let worker = WorkerId::new();
    store.worker_alive(worker, at(10)).await;
    // No host is held back; the connection is, and two of its documents run at once at most.
    let mut started = Vec::new();
    for second in 10..16 {
        started.push(store.claim(&unpaced(worker, 10), at(second)).await.len());
    }
    assert_eq!(started, [1, 0, 1, 0, 0, 0]);
}

fn file(name: &str) -> Upload {
    Upload {
        name: name.to_owned(),
        mime_type: "text/plain".to_owned(),
        blob: Blob { hash: "cd".repeat(32), length: 9 },
        english: false,
        baser: true,
    }
}

async fn an_upload_is_a_document_that_waits_for_nobody(store: TestStore) {
    let acme = store.workspace("acme").await;
    let files: Vec<_> = (0..40).map(|number| file(&format!("Guide {number}.txt"))).collect();
    let documents = store.queue_uploads(acme, &files, Priority::Bulk, 5).await.unwrap();
    let found = store.document_at(acme, documents[0], at(1)).await;
    assert_eq!((found.source, found.kind.as_str(), found.title.as_str()), (Source::Files, "file", "Guide 0.txt"));
    assert_eq!((found.english, found.baser), (false, true));
    assert_eq!(found.storage_url, format!("gleaner://blobs/sha256/{}", "cd".repeat(32)));
    assert_eq!(found.external_id, documents[0].to_string());
    let worker = WorkerId::new();
    let claimed = store.claim(&paced(worker, 40, seconds(5)), at(1)).await;
    assert_eq!(claimed.len(), 40, "nobody has to be spared");
    let record = store.read().await.unwrap().record(acme, documents[0]).await.unwrap().unwrap();
    assert_eq!(record.blob_hash(), Some("cd".repeat(32).as_str()));
}

async fn the_known_version_keeps_the_known_text(store: TestStore) {
    let acme = store.workspace("acme").await;
    let [document] = registered(&store, acme, &["one"]).await[..] else { panic!() };
    let worker = WorkerId::new();
    store.queue_known(acme, &batch(&[(document, true)], None)).await.unwrap();
    let job = store.claim_one(worker, at(1)).await;
    store.complete(&job, worker, &text("T", &["one"]), Change::First, at(2)).await;
    let before = store.document_at(acme, document, at(3)).await;
    store.clock.set(at(4));
    store.queue_known(acme, &batch(&[(document, false)], None)).await.unwrap();
    let job = store.claim_one(worker, at(5)).await;
    store.clock.set(at(6));
    store.settle(worker, Settlement { job: job.clone(), outcome: Outcome::Unchanged }).await.unwrap();
    let after = store.document_at(acme, document, at(7)).await;
    let expected = model::Document { updated_at: at(6), job: Some(job.id), ..before };
    assert_eq!(after, expected);
    assert_eq!((store.count("revisions").await, store.count("jobs").await), (1, 0));
    assert_eq!(store.texts("SELECT ended FROM job_history ORDER BY id").await, ["completed", "completed"]);
}

async fn a_version_and_the_rules_are_kept_with_the_text(store: TestStore) {
    let acme = store.workspace("acme").await;
    let [document] = registered(&store, acme, &["one"]).await[..] else { panic!() };
    let worker = WorkerId::new();
    let record = async || store.read().await.unwrap().record(acme, document).await.unwrap().unwrap();
    let empty = record().await;
    assert_eq!((empty.kind.as_str(), empty.etag, empty.read_as), ("page", None, None));
    for (version, change) in [("v1", Change::First), ("v2", Change::None), ("v3", Change::Material)] {
        store.queue_known(acme, &batch(&[(document, true)], None)).await.unwrap();
        let job = store.claim_one(worker, at(1)).await;
        let text = store::NewText { read_as: format!("by {version}"), ..text("T", &["one"]) };
        let text = text.with_version(Some(version.to_owned()));
        // Once one by one, and once as the worker does it.
        if change == Change::None {
            store.complete(&job, worker, &text, change, at(2)).await;
        } else {
            let outcome = Outcome::Text(std::sync::Arc::new(text), change);
            store.settle(worker, Settlement { job, outcome }).await.unwrap();
        }
        let found = record().await;
        assert_eq!((found.etag.as_deref(), found.read_as), (Some(version), Some(format!("by {version}"))));
    }
    assert_eq!(store.texts("SELECT etag FROM revisions ORDER BY number").await, ["v1", "v3"]);
    let other = store.workspace("other").await;
    assert_eq!(store.read().await.unwrap().record(other, document).await.unwrap(), None);
}
