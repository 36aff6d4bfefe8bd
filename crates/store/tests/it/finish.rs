//! The end of a run: which revision is written, what a document shows of it, and what a failed refresh leaves alone.

use model::{Block, Document, DocumentId, Failure, FailureCode, JobStatus, Span, WorkerId, WorkspaceId};
use store::{Change, CurrentText, NewText};

use crate::stores::{TestStore, at, batch, on_both, page, text};

on_both!(
    the_first_text_makes_revision_one,
    the_same_text_writes_no_revision,
    an_immaterial_change_keeps_the_old_text,
    a_material_change_shows_the_text_before,
    a_failed_refresh_keeps_the_last_good_text,
    a_first_failure_leaves_no_text,
    history_tells_how_each_run_ended,
    a_text_with_everything_in_it_reads_back,
    the_content_hash_tells_every_part_apart,
);

const URL: &str = "https://a.example/";

/// Queues the page, claims it and ends its run with a text.
async fn run(store: &TestStore, workspace: WorkspaceId, text: &NewText, change: Change, seconds: i64) -> Document {
    let (worker, id) = (WorkerId::new(), queue(store, workspace, seconds).await);
    let job = store.claim_one(worker, at(seconds)).await;
    store.complete(&job, worker, text, change, at(seconds)).await;
    let shown = store.document_at(workspace, id, at(seconds)).await;
    assert_eq!((shown.job, shown.job_status), (Some(job.id), Some(JobStatus::Completed)));
    assert_eq!((shown.success, shown.error.as_str(), shown.updated_at), (true, "", at(seconds)));
    assert_eq!((&shown.waiting, shown.next_attempt_at), (&None, None));
    shown
}

async fn fail(store: &TestStore, workspace: WorkspaceId, failure: &Failure, seconds: i64) -> Document {
    let (worker, id) = (WorkerId::new(), queue(store, workspace, seconds).await);
    let job = store.claim_one(worker, at(seconds)).await;
    let mut write = store.write().await.unwrap();
    write.fail(&job, worker, failure, at(seconds)).await.unwrap();
    write.commit().await.unwrap();
    let shown = store.document_at(workspace, id, at(seconds)).await;
    assert_eq!((shown.job, shown.job_status), (Some(job.id), Some(JobStatus::Failed)));
    assert_eq!((shown.success, shown.error.clone(), shown.updated_at), (false, failure.to_string(), at(seconds)));
    shown
}

async fn queue(store: &TestStore, workspace: WorkspaceId, seconds: i64) -> DocumentId {
    let mut write = store.write().await.unwrap();
    let queueing = write.queue_web(workspace, &batch([page(URL)]), at(seconds)).await.unwrap();
    write.commit().await.unwrap();
    let store::Queueing::Queued { added, updated } = queueing else { panic!() };
    [added, updated].concat()[0]
}

async fn the_first_text_makes_revision_one(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let given = text("A title", &["one", "two"]);
    let shown = run(&store, workspace, &given, Change::First, 1).await;
    assert_eq!((shown.title.as_str(), shown.revision, shown.changed), ("A title", 1, false));
    assert_eq!((shown.paragraphs, shown.old_paragraphs), (given.paragraphs.clone(), Vec::new()));
    assert_eq!((shown.mime_type.as_str(), shown.language.as_deref()), ("text/html", Some("en")));
    assert_eq!((shown.storage_url, shown.original_url.as_str()), (given.blob.url(), URL));

    let mut read = store.read().await.unwrap();
    let current =
        CurrentText { paragraphs: given.paragraphs.clone(), content_hash: given.content_hash(), is_linked: false };
    assert_eq!(read.current_text(workspace, shown.id).await.unwrap(), Some(current));
    assert_eq!(read.current_blocks(workspace, shown.id).await.unwrap(), Some(given.blocks));
    let kept = "SELECT number || ' ' || blob || ' ' || url || ' ' || etag || ' ' || warnings FROM revisions";
    let hash = "ab".repeat(32);
    let expected = format!("1 {hash} https://example.com/after-redirects \"1\" [\"a warning\"]");
    assert_eq!(store.texts(kept).await, [expected]);
}

async fn the_same_text_writes_no_revision(store: TestStore) {
    let workspace = store.workspace("acme").await;
    run(&store, workspace, &text("A", &["one"]), Change::First, 1).await;
    let shown = run(&store, workspace, &text("A", &["one"]), Change::None, 2).await;
    assert_eq!((shown.revision, shown.changed), (1, false));
    assert_eq!((shown.paragraphs, shown.old_paragraphs), (vec!["one".to_owned()], Vec::new()));
    assert_eq!((store.count("revisions").await, store.count("job_history").await), (1, 2));
}

async fn an_immaterial_change_keeps_the_old_text(store: TestStore) {
    let workspace = store.workspace("acme").await;
    run(&store, workspace, &text("A", &["one"]), Change::First, 1).await;
    run(&store, workspace, &text("A", &["two"]), Change::Material, 2).await;
    let shown = run(&store, workspace, &text("B", &["Two"]), Change::Immaterial, 3).await;
    assert_eq!((shown.revision, shown.title.as_str(), shown.changed), (3, "B", true));
    assert_eq!((shown.paragraphs, shown.old_paragraphs), (vec!["Two".to_owned()], vec!["one".to_owned()]));
}

async fn a_material_change_shows_the_text_before(store: TestStore) {
    let workspace = store.workspace("acme").await;
    run(&store, workspace, &text("A", &["one"]), Change::First, 1).await;
    run(&store, workspace, &text("A", &["One"]), Change::Immaterial, 2).await;
    let shown = run(&store, workspace, &text("A", &["two"]), Change::Material, 3).await;
    assert_eq!((shown.revision, shown.changed), (3, true));
    assert_eq!((shown.paragraphs, shown.old_paragraphs), (vec!["two".to_owned()], vec!["One".to_owned()]));
    let shown = run(&store, workspace, &text("A", &["two"]), Change::None, 4).await;
    assert_eq!((shown.revision, shown.changed), (3, true), "what waits for Review goes on waiting");
    assert_eq!(shown.old_paragraphs, ["One"]);
    let shown = run(&store, workspace, &text("A", &["three"]), Change::Material, 5).await;
    assert_eq!((shown.revision, shown.old_paragraphs), (4, vec!["two".to_owned()]));
}

async fn a_failed_refresh_keeps_the_last_good_text(store: TestStore) {
    let workspace = store.workspace("acme").await;
    run(&store, workspace, &text("A", &["one"]), Change::First, 1).await;
    let good = run(&store, workspace, &text("B", &["two"]), Change::Material, 2).await;
    let failed = fail(&store, workspace, &Failure::new(FailureCode::NotFound, "the site has no such page"), 3).await;
    let expected = Document {
        success: false,
        error: "not_found: the site has no such page".to_owned(),
        job: failed.job,
        job_status: Some(JobStatus::Failed),
        updated_at: at(3),
        ..good.clone()
    };
    assert_eq!(failed, expected);
    let back = run(&store, workspace, &text("B", &["two"]), Change::None, 4).await;
    assert_eq!(back, Document { job: back.job, updated_at: at(4), ..good });
}

async fn a_first_failure_leaves_no_text(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let shown = fail(&store, workspace, &Failure::new(FailureCode::Dns, "no address: \u{1f50c} \"a\""), 1).await;
    assert_eq!((shown.title.as_str(), shown.paragraphs.len(), shown.revision), (URL, 0, 0));
    let mut read = store.read().await.unwrap();
    assert_eq!(read.current_text(workspace, shown.id).await.unwrap(), None);
    assert_eq!(read.current_blocks(workspace, shown.id).await.unwrap(), None);
    let shown = run(&store, workspace, &text("A", &["one"]), Change::First, 2).await;
    assert_eq!((shown.success, shown.revision), (true, 1));
}

async fn history_tells_how_each_run_ended(store: TestStore) {
    let workspace = store.workspace("acme").await;
    run(&store, workspace, &text("A", &["one"]), Change::First, 1).await;
    fail(&store, workspace, &Failure::new(FailureCode::Gone, "removed"), 2).await;
    let told =
        store.texts("SELECT ended || '|' || error || '|' || attempts FROM job_history ORDER BY finished_at").await;
    assert_eq!(told, ["completed||1", "failed|gone: removed|1"]);
    let times = "SELECT CAST(created_at AS TEXT) || started_at || finished_at FROM job_history ORDER BY finished_at";
    assert_eq!(store.texts(times).await, [1, 2].map(|seconds| at(seconds).as_micros().to_string().repeat(3)));
    assert_eq!(store.read().await.unwrap().live_jobs(workspace).await.unwrap(), 0);
}

async fn a_text_with_everything_in_it_reads_back(store: TestStore) {
    let workspace = store.workspace("acme").await;
    // U+0000 is in paragraphs and blocks only, where it is escaped; a title with it is refused, see `fencing`.
    let odd = [
        "quotes \" ' ` \\ \u{0} \u{7f} \u{2028}",
        "😀 é ế עברית 漢字",
        "",
        " spaces ",
        "a\nb\r\n\tc",
        "{\"json\": [1]}",
    ];
    let given = NewText {
        title: "O'Brien; DROP TABLE documents; -- 😀".to_owned(),
        language: None,
        etag: None,
        blocks: vec![
            Block::Quote { blocks: vec![Block::Code { language: None, text: odd.concat() }] },
            Block::List { start: Some(3), items: vec![vec![Block::Paragraph { spans: vec![Span::plain(odd[0])] }]] },
        ],
        ..text("", &odd)
    };
    let shown = run(&store, workspace, &given, Change::First, 1).await;
    assert_eq!((shown.title.as_str(), shown.language), (given.title.as_str(), None));
    assert_eq!(shown.paragraphs, given.paragraphs);
    let mut read = store.read().await.unwrap();
    assert_eq!(read.current_blocks(workspace, shown.id).await.unwrap(), Some(given.blocks));
}

async fn the_content_hash_tells_every_part_apart(_: TestStore) {
    let hashes = [
        text("A", &["one", "two"]),
        text("A", &["onetwo"]),
        text("A", &["one", "two", ""]),
        text("Aone", &["two"]),
        NewText { blocks: Vec::new(), ..text("A", &["one", "two"]) },
    ]
    .map(|text| text.content_hash());
    let distinct: std::collections::HashSet<_> = hashes.iter().collect();
    assert_eq!(distinct.len(), hashes.len());
    let same = NewText { etag: None, url: String::new(), ..text("A", &["one", "two"]) };
    assert_eq!(same.content_hash(), hashes[0], "where it came from is not what it says");
}
