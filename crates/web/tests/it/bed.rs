//! A service under test: a store of its own, a clock that stands still, and keys.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode};
use model::{Clock, Content, Failure, FailureCode, Job, Pace, Scopes, Timestamp, WorkerId, WorkspaceId};
use serde_json::{Value, json};
use store::{Blob, Change, Claim, Landing, NewText, Outcome, Ring, Settlement, Store, Target, Vault};
use tempfile::TempDir;
use testkit::postgres::TestDatabase;
use tower::ServiceExt;
use web::crawls::Crawls;
use web::providers::Providers;
use web::{Limits, State};

use crate::log;
use crate::promise::Promise;

/// Runs each test on SQLite and on PostgreSQL.
macro_rules! on_both_databases {
    ($(async fn $name:ident($bed:ident: Bed) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn check($bed: Bed) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                check(Bed::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                check(Bed::postgres().await).await;
            }
        }
    )+};
}
pub(crate) use on_both_databases;

pub const DOCUMENTS: &str = "/v2/documents/public";
pub const JOBS: &str = "/v2/jobs/public";
pub const QUEUE: &str = "/v2/queue/public";
pub const BOTH: Scopes = Scopes::ALL;
pub const READ: Scopes = Scopes { read: true, write: false };
pub const WRITE: Scopes = Scopes { read: false, write: true };

/// The service. Clones share the store.
#[derive(Clone)]
pub struct Bed {
    pub store: Store,
    pub clock: Clock,
    router: Router,
    /// Dropped with the last clone: the store first, then what it stood on.
    _ground: Arc<(Option<TestDatabase>, TempDir)>,
}

impl Bed {
    pub async fn sqlite() -> Self {
        Self::on(None).await
    }

    pub async fn postgres() -> Self {
        Self::on(Some(testkit::postgres::database().await)).await
    }

    async fn on(database: Option<TestDatabase>) -> Self {
        log::keep();
        let folder = tempfile::tempdir().unwrap();
        let target = Target::parse(database.as_ref().map(TestDatabase::url).as_deref(), folder.path()).unwrap();
        let clock = Clock::manual(Timestamp::from_micros(1_779_429_934_221_000));
        let store = Store::open(&target, folder.path(), clock.clone()).await.unwrap();
        let store = store.with_vault(Vault::parse(&"a".repeat(64)).unwrap());
        let router = web::router(State::new(store.clone()));
        Self { store, clock, router, _ground: Arc::new((database, folder)) }
    }

    /// The same service with other limits.
    pub fn limited(&self, limits: Limits) -> Self {
        let state = State { limits, ..State::new(self.store.clone()) };
        Self { router: web::router(state), ..self.clone() }
    }

    /// The same service with somebody who asks providers.
    pub fn asking(&self, providers: Arc<dyn Providers>) -> Self {
        let state = State { providers, ..State::new(self.store.clone()) };
        Self { router: web::router(state), ..self.clone() }
    }

    /// The same service with somebody who crawls.
    pub fn crawling(&self, crawls: Arc<dyn Crawls>) -> Self {
        let state = State { crawls, ..State::new(self.store.clone()) };
        Self { router: web::router(state), ..self.clone() }
    }

    /// The service without the check of its answers.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    pub async fn workspace(&self, name: &str) -> WorkspaceId {
        let mut write = self.store.write().await.unwrap();
        let (workspace, _) = write.ensure_workspace(name, self.store.now()).await.unwrap();
        write.commit().await.unwrap();
        workspace
    }

    /// A new key of the workspace with that name.
    pub async fn key(&self, workspace: &str, scopes: Scopes) -> String {
        let workspace = self.workspace(workspace).await;
        let key = store::new_key().unwrap();
        let mut write = self.store.write().await.unwrap();
        write.save_key(workspace, "test", scopes, &key, self.store.now()).await.unwrap();
        write.commit().await.unwrap();
        key.reveal().to_owned()
    }

    pub fn pass_time(&self, by: Duration) {
        self.clock.set(self.clock.now().plus(by));
    }

    /// Sends a request and holds the answer against the OpenAPI document.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().into();
        let answer = Answer { status: head.status, headers: head.headers, body };
        promise().check(&method, &path, &answer);
        answer
    }

    pub async fn get(&self, key: &str, path: &str) -> Answer {
        self.send(with_key(Request::get(path), key).body(Body::empty()).unwrap()).await
    }

    pub async fn list(&self, key: &str, query: &str) -> Answer {
        self.get(key, &format!("{DOCUMENTS}?{query}")).await
    }

    pub async fn post(&self, key: &str, body: impl Into<Body>) -> Answer {
        self.send(posting(key).body(body.into()).unwrap()).await
    }

    /// Sends a body to any route; an empty one is left out.
    pub async fn post_to(&self, key: &str, path: &str, body: &Value) -> Answer {
        let request = with_key(Request::post(path), key);
        let request = match body {
            Value::Null => request.body(Body::empty()),
            body => request.header("content-type", "application/json").body(Body::from(body.to_string())),
        };
        self.send(request.unwrap()).await
    }

    /// What a worker listens to; it hears nothing of what was rung before.
    pub async fn quiet_bell(&self) -> Ring<'_> {
        let ring = self.store.bell().listen();
        let _ = tokio::time::timeout(Duration::from_millis(1), ring.heard()).await;
        ring
    }

    /// Sends a body to be kept.
    pub async fn put(&self, key: &str, path: &str, body: &Value) -> Answer {
        let request = with_key(Request::put(path), key).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Queues a page that is known.
    pub async fn added_again(&self, key: &str, url: &str) {
        let answer = self.add(key, &[url]).await;
        assert_eq!(answer.texts("updatedDocumentIds").len(), 1, "{}", answer.text());
    }

    /// Deletes; an empty body is left out.
    pub async fn delete(&self, key: &str, path: &str, body: &Value) -> Answer {
        let request = with_key(Request::delete(path), key);
        let request = match body {
            Value::Null => request.body(Body::empty()),
            body => request.header("content-type", "application/json").body(Body::from(body.to_string())),
        };
        self.send(request.unwrap()).await
    }

    /// The latest job of a document.
    pub async fn job_of(&self, key: &str, document: &str) -> String {
        let document = self.get(key, &format!("{DOCUMENTS}/{document}")).await.json();
        document["linkedJobId"].as_str().unwrap().to_owned()
    }

    /// Lets a worker claim what is ready, at full speed.
    pub async fn claim(&self, worker: WorkerId) -> Vec<Job> {
        let pace = Pace { delay: Duration::ZERO, concurrency: 8, crawl_delay_cap: Duration::ZERO, daily: None };
        let claim = Claim { worker, limit: 100, lease: Duration::from_secs(30), pace, only: None };
        self.store.claim(&claim).await.unwrap().jobs
    }

    /// Lets a worker claim what is ready, and each run give a text.
    pub async fn complete_all(&self) {
        let worker = WorkerId::new();
        for job in self.claim(worker).await {
            let text = NewText {
                blob: Blob { hash: "0".repeat(64), length: 3 },
                url: "https://example.com/".to_owned(),
                mime_type: "text/html".to_owned(),
                title: "Title".to_owned(),
                language: None,
                paragraphs: vec!["one".to_owned()],
                blocks: Vec::new(),
                warnings: Vec::new(),
                metadata: model::Metadata::default(),
                etag: None,
                last_modified: None,
                read_as: String::new(),
            };
            let outcome = Outcome::Text(Arc::new(text), Change::First);
            self.store.settle(worker, Settlement { job, outcome }).await.unwrap();
        }
    }

    /// Lets a worker claim what is ready, and each run give this text, which lands in Review.
    pub async fn land_all(&self, words: &str, change: Change) {
        let worker = WorkerId::new();
        for job in self.claim(worker).await {
            let text = NewText {
                blob: Blob { hash: "0".repeat(64), length: 3 },
                url: "https://example.com/".to_owned(),
                mime_type: "text/html".to_owned(),
                title: "Refunds".to_owned(),
                language: None,
                paragraphs: vec![words.to_owned()],
                blocks: Vec::new(),
                warnings: Vec::new(),
                metadata: model::Metadata::default(),
                etag: None,
                last_modified: None,
                read_as: String::new(),
            };
            let proposed = Content {
                title: "Refunds".to_owned(),
                main_knowledge: words.to_owned(),
                questions: vec!["How long does a refund take?".to_owned()],
                keywords: vec!["refund".to_owned()],
                ..Content::default()
            };
            let landing = Landing { shelf: "docs.example.com".to_owned(), proposed, like: None };
            let outcome = Outcome::Landed(Arc::new(text), change, Arc::new(landing));
            self.store.settle(worker, Settlement { job, outcome }).await.unwrap();
        }
    }

    /// Lets a worker claim what is ready, and each run fail for good with that code.
    pub async fn fail_all(&self, code: FailureCode) {
        let worker = WorkerId::new();
        for job in self.claim(worker).await {
            let outcome = Outcome::Failed(Failure::new(code, "staged"));
            self.store.settle(worker, Settlement { job, outcome }).await.unwrap();
        }
    }

    /// Queues pages to add.
    pub async fn add<T: AsRef<str>>(&self, key: &str, urls: &[T]) -> Answer {
        let urls: Vec<_> = urls.iter().map(AsRef::as_ref).collect();
        self.post(key, json!({ "documentIdsToAdd": urls }).to_string()).await
    }

    /// Queues pages to add and returns their IDs.
    pub async fn added<T: AsRef<str>>(&self, key: &str, urls: &[T]) -> Vec<String> {
        let answer = self.add(key, urls).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.texts("addedDocumentIds")
    }
}

/// A queue request that only lacks its body.
pub fn posting(key: &str) -> Builder {
    with_key(Request::post(DOCUMENTS), key).header("content-type", "application/json")
}

pub fn with_key(request: Builder, key: &str) -> Builder {
    request.header("authorization", format!("Bearer {key}"))
}

fn promise() -> &'static Promise {
    static PROMISE: OnceLock<Promise> = OnceLock::new();
    PROMISE.get_or_init(Promise::read)
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The strings of a field of the body.
    pub fn texts(&self, field: &str) -> Vec<String> {
        let json = self.json();
        let values = json[field].as_array().unwrap_or_else(|| panic!("{field} is missing in {json}"));
        values.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
    }

    /// The IDs of the documents on a page.
    pub fn ids(&self) -> Vec<String> {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        let json = self.json();
        json["documents"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Status and message of a refusal.
    pub fn refusal(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["message"].as_str().unwrap_or_default().to_owned())
    }
}
