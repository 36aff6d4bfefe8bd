//! An older database: what was kept before the queue was rebuilt is still there, and its jobs run.

use std::path::Path;

use model::{DocumentId, JobId, JobStatus, WaitCode, WorkerId, WorkspaceId};
use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection, SqliteConnection};
use store::{Change, Queueing, StoredRobots, Target};
use tempfile::TempDir;
use testkit::postgres::TestDatabase;

use crate::stores::{TestStore, at, batch, kept, paced, page, seconds, text, unpaced};

/// What an older version left behind.
struct Old {
    workspace: WorkspaceId,
    other: WorkspaceId,
    worker: WorkerId,
    /// Completed, failed, ready, delayed for a retry, delayed for its host, running.
    documents: [DocumentId; 6],
    jobs: [JobId; 6],
}

const NAMES: [&str; 6] = ["completed", "failed", "ready", "retried", "lined", "running"];

/// Brings a database to the first version of the schema, with the very migration that did it then.
async fn first_version(target: &Target) {
    let dialect = if matches!(target, Target::Sqlite(_)) { "sqlite" } else { "postgres" };
    let (name, folder) = ("0001_foundation.sql", tempfile::tempdir().unwrap());
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(dialect);
    std::fs::copy(migrations.join(name), folder.path().join(name)).unwrap();
    let migrator = Migrator::new(folder.path()).await.unwrap();
    match target {
        Target::Sqlite(path) => {
            let url = format!("sqlite://{}?mode=rwc", path.display());
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            migrator.run(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        Target::Postgres(url) => {
            let mut connection = PgConnection::connect(url).await.unwrap();
            migrator.run(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}

impl Old {
    fn new() -> Self {
        let (workspace, other, worker) = (WorkspaceId::new(), WorkspaceId::new(), WorkerId::new());
        Self {
            workspace,
            other,
            worker,
            documents: std::array::from_fn(|_| DocumentId::new()),
            jobs: std::array::from_fn(|_| JobId::new()),
        }
    }

    /// The statements that the older version would have run.
    fn statements(&self) -> String {
        let places = 0..NAMES.len();
        let parts = [
            self.around(),
            places.clone().map(|place| self.document(place)).collect(),
            places.filter_map(|place| self.job(place)).collect(),
            self.ended(0, "completed", ""),
            self.ended(1, "failed", "gone: removed"),
        ];
        parts.concat()
    }

    /// All but documents and jobs.
    fn around(&self) -> String {
        let Self { workspace, other, worker, documents, jobs } = self;
        let (then, later) = (at(10).as_micros(), at(130).as_micros());
        format!(
            "INSERT INTO workspaces (id, name, weight, created_at)
             VALUES ('{workspace}', 'acme', 3, {then}), ('{other}', 'other', 1, {then});
             INSERT INTO api_keys (workspace_id, id, name, handle, hash, can_read, can_write, created_at)
             VALUES ('{workspace}', 'k', 'ci', 'gl_1', X'00', TRUE, FALSE, {then});
             INSERT INTO lanes (name, crawl_delay, next_start, tail) VALUES ('lined.example', 5000000, {later}, {later});
             INSERT INTO robots (origin, body, expires_at) VALUES ('https://lined.example', 'Crawl-delay: 5', {later});
             INSERT INTO workers (id, label, serves_all, started_at, seen_at)
             VALUES ('{worker}', 'old', TRUE, {then}, {then});
             INSERT INTO idempotency_keys (workspace_id, route, name, body_hash, answer, created_at)
             VALUES ('{workspace}', 'r', 'n', X'01', 'told', {then});
             INSERT INTO revisions (workspace_id, document_id, number, job_id, blob, content_hash, url, mime_type, title,
                                    language, paragraphs, text_bytes, blocks, warnings, created_at)
             VALUES ('{workspace}', '{}', 1, '{}', 'b', 'h', 'u', 'text/html', 'Old text', 'en', '[\"one\"]', 7,
                     '[]', '[]', {then});",
            documents[0], jobs[0],
        )
    }

    fn document(&self, place: usize) -> String {
        let (workspace, name, then) = (self.workspace, NAMES[place], at(10).as_micros());
        let (document, job) = (self.documents[place], self.jobs[place]);
        let address = format!("https://{name}.example/");
        let (outcome, error, title, revision) = match name {
            "completed" => ("'completed'", "", "Old text", 1),
            "failed" => ("'failed'", "gone: removed", address.as_str(), 0),
            _ => ("NULL", "", address.as_str(), 0),
        };
        let folded = title.to_lowercase();
        format!(
            "INSERT INTO documents (workspace_id, id, source, external_id, original_url, title, original_url_folded,
                 title_folded, kind, english, baser, outcome, error, revision, last_job_id, created_at, updated_at)
             VALUES ('{workspace}', '{document}', 'web', '{address}', 'HTTPS://{name}.example', '{title}',
                 'https://{name}.example', '{folded}', 'page', TRUE, FALSE, {outcome}, '{error}', {revision}, '{job}',
                 {then}, {then});"
        )
    }

    /// The live job of a document that has one.
    fn job(&self, place: usize) -> Option<String> {
        let (workspace, name) = (self.workspace, NAMES[place]);
        let lease = format!("'{}', {}", self.worker, at(80).as_micros());
        let (state, run_at, why, lease, attempt) = match name {
            "ready" => ("ready", 20, "NULL, NULL", "NULL, NULL", 0),
            "retried" => ("delayed", 90, "'retry', 'attempt 1 of 5 failed'", "NULL, NULL", 1),
            "lined" => ("delayed", 130, "'host', 'lined.example takes one request every 5 s'", "NULL, NULL", 0),
            "running" => ("running", 20, "NULL, NULL", lease.as_str(), 1),
            _ => return None,
        };
        Some(format!(
            "INSERT INTO jobs (workspace_id, id, document_id, state, order_key, lane, run_at, since, wait_code, wait_text,
                 owner, lease_until, attempt, max_attempts, created_at)
             VALUES ('{workspace}', '{}', '{}', '{state}', {place}000000, '{name}.example', {}, {}, {why}, {lease},
                 {attempt}, 5, {});",
            self.jobs[place],
            self.documents[place],
            at(run_at).as_micros(),
            at(20).as_micros(),
            at(15).as_micros(),
        ))
    }

    /// How the last run of a document ended.
    fn ended(&self, place: usize, how: &str, error: &str) -> String {
        let (workspace, document, job) = (self.workspace, self.documents[place], self.jobs[place]);
        let then = at(10).as_micros();
        format!(
            "INSERT INTO job_history (workspace_id, id, document_id, ended, error, attempts, created_at, finished_at)
             VALUES ('{workspace}', '{job}', '{document}', '{how}', '{error}', 2, {then}, {then});"
        )
    }
}

async fn upgraded(target: Target, database: Option<TestDatabase>, folder: TempDir) -> (TestStore, Old) {
    first_version(&target).await;
    let old = Old::new();
    let statements = match target {
        Target::Sqlite(_) => old.statements(),
        Target::Postgres(_) => old.statements().replace("X'0", "'\\x0"),
    };
    TestStore::behind(&target, &statements).await;
    let store = TestStore::open(target, database, folder).await;
    (store, old)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_sqlite_file_opens_with_all_that_was_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let (store, old) = upgraded(Target::Sqlite(folder.path().join("gleaner.db")), None, folder).await;
    everything_is_there(store, old).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_postgres_database_opens_with_all_that_was_in_it() {
    let database = testkit::postgres::database().await;
    let target = Target::Postgres(database.url());
    let (store, old) = upgraded(target, Some(database), tempfile::tempdir().unwrap()).await;
    everything_is_there(store, old).await;
}

async fn everything_is_there(store: TestStore, old: Old) {
    documents_read_as_before(&store, &old).await;
    let kept_rows = [
        ("SELECT name || CAST(weight AS TEXT) FROM workspaces ORDER BY name", vec!["acme3", "other1"]),
        ("SELECT handle FROM api_keys", vec!["gl_1"]),
        (
            "SELECT ended || '|' || error || '|' || CAST(attempts AS TEXT) FROM job_history ORDER BY ended",
            vec!["completed||2", "failed|gone: removed|2"],
        ),
        ("SELECT label FROM workers", vec!["old"]),
        ("SELECT answer FROM idempotency_keys", vec!["told"]),
        ("SELECT CAST(crawl_delay AS TEXT) FROM lanes WHERE own_delay IS NULL", vec!["5000000"]),
    ];
    for (query, expected) in kept_rows {
        assert_eq!(store.texts(query).await, expected, "{query}");
    }
    let robots = store.read().await.unwrap().robots("https://lined.example").await.unwrap();
    assert_eq!(robots, Some(StoredRobots { body: "Crawl-delay: 5".to_owned(), expires_at: at(130) }));
    the_jobs_run_on(&store, &old).await;
    // Opening again finds nothing more to do.
    Box::pin(store.beside()).await.ready().await.unwrap();
}

async fn documents_read_as_before(store: &TestStore, old: &Old) {
    let expected = [
        (Some(JobStatus::Completed), None, None),
        (Some(JobStatus::Failed), None, None),
        (Some(JobStatus::Pending), Some(WaitCode::Queue), None),
        (Some(JobStatus::Pending), Some(WaitCode::Retry), Some(at(90))),
        (Some(JobStatus::Pending), Some(WaitCode::Host), Some(at(130))),
        (Some(JobStatus::InProgress), None, None),
    ];
    for (place, (status, code, next)) in expected.into_iter().enumerate() {
        let shown = store.document_at(old.workspace, old.documents[place], at(30)).await;
        let waits = shown.waiting.map(|waiting| waiting.code);
        assert_eq!((shown.job_status, waits, shown.next_attempt_at), (status, code, next), "{}", NAMES[place]);
        assert_eq!(shown.job, Some(old.jobs[place]));
        assert_eq!(shown.external_id, format!("https://{}.example/", NAMES[place]));
        assert_eq!(shown.original_url, format!("HTTPS://{}.example", NAMES[place]));
        assert_eq!((shown.english, shown.baser, shown.created_at), (true, false, at(10)));
        let text: &[String] = if place == 0 { &["one".to_owned()] } else { &[] };
        assert_eq!((shown.paragraphs.as_slice(), shown.revision), (text, i64::from(place == 0)));
        assert_eq!(shown.title, if place == 0 { "Old text" } else { shown.external_id.as_str() });
    }
}

async fn the_jobs_run_on(store: &TestStore, old: &Old) {
    let worker = WorkerId::new();
    let mut ran = store.claim(&unpaced(worker, 10), at(30)).await;
    assert_eq!(ran.iter().map(|job| job.document).collect::<Vec<_>>(), old.documents[2..3]);
    // The one that ran goes on while its worker lives, and is found when it does not.
    let expired = store.expired(at(80)).await;
    assert_eq!((expired.len(), expired[0].worker, expired[0].job.attempt), (1, old.worker, 1));
    store.complete(&expired[0].job, old.worker, &text("Late", &["late"]), Change::First, at(80)).await;
    ran.extend(store.claim(&paced(worker, 10, seconds(1)), at(90)).await);
    assert_eq!((ran[1].document, ran[1].attempt), (old.documents[3], 2));
    assert_eq!(store.claim(&paced(worker, 10, seconds(1)), at(129)).await, []);
    ran.extend(store.claim(&paced(worker, 10, seconds(1)), at(130)).await);
    assert_eq!(ran[2].document, old.documents[4]);
    for job in &ran {
        store.complete(job, worker, &text("New", &["new"]), Change::First, at(140)).await;
    }
    // A text follows the one of then, and new pages are queued beside the old ones.
    let call = batch(["https://completed.example/", "https://new.example/"].map(page));
    let queued = kept(store, async |write| write.queue_web(old.workspace, &call, at(150)).await).await.unwrap();
    assert!(matches!(queued, Queueing::Queued { added, updated } if added.len() == 1 && updated == old.documents[..1]));
    for job in store.claim(&unpaced(worker, 10), at(151)).await {
        let change = if job.document == old.documents[0] { Change::Material } else { Change::First };
        store.complete(&job, worker, &text("Newer", &["newer"]), change, at(152)).await;
    }
    let shown = store.document_at(old.workspace, old.documents[0], at(153)).await;
    assert_eq!((shown.revision, shown.old_paragraphs), (2, vec!["one".to_owned()]));
    assert_eq!(store.count("jobs").await, 0);
    assert_eq!(store.read().await.unwrap().owner(old.documents[0]).await.unwrap(), Some(old.workspace));
    assert_eq!(store.read().await.unwrap().live_jobs(old.other).await.unwrap(), 0);
}
