//! A running `gleaner serve` and its API, as a client sees it.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use connect::api::{Api, ApiError};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::service::Service;

/// Hardly a thing that a test waits for takes longer, however slow the machine.
pub const PATIENCE: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_millis(25);
const WAIT_CODES: [&str; 6] = ["queue", "host", "retry", "provider", "paused", "worker"];

/// A server that answers.
pub struct Server {
    pub service: Service,
    pub client: Client,
}

/// A key's view of a server.
#[derive(Clone)]
pub struct Client {
    pub address: String,
    api: Api,
    patience: Duration,
}

impl Deref for Server {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Server {
    /// Waits until the service says where it listens. The first one also prints the key.
    pub async fn ready(mut service: Service, key: &OnceLock<String>) -> Self {
        let deadline = Instant::now() + PATIENCE;
        let address = loop {
            if let Some(address) = word_after(&service.printed(), "listens on ") {
                break address;
            }
            assert!(!service.has_ended() && Instant::now() < deadline, "it does not listen:\n{}", service.log());
            tokio::time::sleep(LOOK_EVERY).await;
        };
        if let Some(printed) = service.printed().lines().find(|line| line.starts_with("fini_")) {
            key.set(printed.to_owned()).expect("a key is printed once in the life of a store");
        }
        let client = Client::new(&address, key.get().expect("the first server prints a key"));
        Self { service, client }
    }
}

/// The word that follows, once its whole line is there.
fn word_after(text: &str, lead: &str) -> Option<String> {
    let (_, rest) = text.split_once(lead)?;
    let (line, _) = rest.split_once('\n')?;
    line.split_whitespace().next().map(str::to_owned)
}

impl Client {
    pub fn new(address: &str, key: &str) -> Self {
        Self { address: address.to_owned(), api: Api::new(address, key).unwrap(), patience: PATIENCE }
    }

    /// The same view with more patience.
    pub fn within(&self, patience: Duration) -> Self {
        Self { patience, ..self.clone() }
    }

    /// Queues pages; the documents come back in the order named.
    pub async fn queue<T: AsRef<str>>(&self, urls: &[T]) -> Vec<String> {
        self.try_queue(urls).await.unwrap()
    }

    pub async fn try_queue<T: AsRef<str>>(&self, urls: &[T]) -> Result<Vec<String>, ApiError> {
        let urls: Vec<&str> = urls.iter().map(AsRef::as_ref).collect();
        let answer = self.api.queue(&json!({ "source": "web", "documentIdsToAdd": urls })).await?;
        let named = ["addedDocumentIds", "updatedDocumentIds"].map(|name| answer[name].as_array().unwrap().clone());
        Ok(named.concat().iter().map(|id| id.as_str().unwrap().to_owned()).collect())
    }

    /// Any route that reads.
    pub async fn get(&self, path: &str) -> Value {
        self.api.get(path, &[]).await.unwrap()
    }

    /// Any route that writes.
    pub async fn post(&self, path: &str, body: Option<&Value>) -> Result<Value, ApiError> {
        self.api.post(path, body).await
    }

    /// The numbers for monitors, by name and labels.
    pub async fn metrics(&self) -> HashMap<String, f64> {
        let mut stream = TcpStream::connect(self.address.trim_start_matches("http://")).await.unwrap();
        let request = "GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        let samples = text.lines().filter(|line| line.starts_with("gleaner_"));
        let sample = |line: &str| line.rsplit_once(' ').map(|(name, value)| (name.to_owned(), value.parse().unwrap()));
        samples.filter_map(sample).collect()
    }

    pub async fn document(&self, id: &str) -> Value {
        self.api.document(id).await.unwrap()
    }

    pub async fn try_document(&self, id: &str) -> Result<Value, ApiError> {
        self.api.document(id).await
    }

    /// Every document that fits, page by page. Each is held against what every document promises.
    pub async fn list(&self, filter: &[(&str, &str)]) -> Vec<Value> {
        let mut documents: Vec<Value> = Vec::new();
        loop {
            let last = documents.last().map(|last| last["id"].as_str().unwrap().to_owned());
            let mut query = [&[("limit", "500")], filter].concat();
            query.extend(last.as_deref().map(|last| ("cursor", last)));
            let page = self.api.list(&query).await.unwrap();
            documents.extend(page["documents"].as_array().unwrap().iter().cloned());
            if page["hasMore"] == false {
                break;
            }
        }
        documents.iter().for_each(assert_promises);
        documents
    }

    /// Waits until every document of the workspace has ended, and returns them.
    pub async fn all_ended(&self) -> Vec<Value> {
        self.until("every document has ended", |documents| documents.iter().all(has_ended)).await
    }

    /// Waits until the documents are as told, and returns them.
    pub async fn until(&self, what: &str, are: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let deadline = Instant::now() + self.patience;
        loop {
            let documents = self.list(&[]).await;
            if are(&documents) {
                return documents;
            }
            assert!(Instant::now() < deadline, "waited in vain: {what}\n{}", standings(&documents));
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until one document has ended, and returns it.
    pub async fn ended(&self, id: &str) -> Value {
        until(&format!("document {id} has ended"), async || {
            let document = self.document(id).await;
            assert_promises(&document);
            has_ended(&document).then_some(document)
        })
        .await
    }
}

/// Waits until there is something.
pub async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

pub fn status(document: &Value) -> &str {
    document["linkedJobStatus"].as_str().unwrap_or("none")
}

pub fn has_ended(document: &Value) -> bool {
    matches!(status(document), "COMPLETED" | "FAILED")
}

/// The failure's code; empty when there is none.
pub fn code(document: &Value) -> &str {
    document["error"].as_str().unwrap().split(':').next().unwrap()
}

/// What holds for every document at every instant: who waits says why, who ended says how.
#[track_caller]
pub fn assert_promises(document: &Value) {
    let (status, waiting) = (status(document), &document["waiting"]);
    match status {
        "PENDING" => {
            let code = waiting["code"].as_str().unwrap_or("none");
            assert!(WAIT_CODES.contains(&code), "it waits without a reason: {document:#}");
            assert!(!waiting["text"].as_str().unwrap().is_empty(), "{document:#}");
            assert!(waiting["since"].as_str().unwrap().ends_with('Z'), "{document:#}");
        }
        "IN_PROGRESS" => assert!(waiting.is_null(), "{document:#}"),
        "COMPLETED" | "FAILED" => {
            assert!(waiting.is_null() && document["nextAttemptAt"].is_null(), "{document:#}");
            assert_eq!(document["success"], status == "COMPLETED", "{document:#}");
            assert_eq!(document["error"] == "", status == "COMPLETED", "{document:#}");
        }
        _ => panic!("no such status: {document:#}"),
    }
}

/// One line a document, for people who look for the fault.
pub fn standings(documents: &[Value]) -> String {
    let line = |document: &Value| {
        format!("{} {} {} {}\n", document["originalUrl"], status(document), document["error"], document["waiting"])
    };
    documents.iter().filter(|document| status(document) != "COMPLETED").map(line).take(30).collect()
}
