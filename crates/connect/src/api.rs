//! A client for Gleaner's own API: what the command line uses against a server elsewhere.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, RequestBuilder, redirect};
use serde_json::Value;
use tokio_util::io::ReaderStream;
use url::Url;

use crate::error::ConfigError;
use crate::http::tls;

/// Longer than the slowest route, the deep crawl, may take.
const TIMEOUT: Duration = Duration::from_secs(90);

/// A server and the key to it. The server was named by the person at the keyboard, so its address is not judged.
#[derive(Clone)]
pub struct Api {
    http: reqwest::Client,
    documents: Url,
    root: Url,
    server: String,
}

/// Why the server gave no answer that helps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// It could not be reached, or did not finish its answer.
    #[error("{server} cannot be reached: {reason}; check --server and that `gleaner serve` runs there")]
    Unreachable {
        /// The server.
        server: String,
        /// What happened.
        reason: String,
    },
    /// A file to send cannot be read.
    #[error("cannot read {file}: {reason}")]
    Unread {
        /// The file.
        file: String,
        /// What happened.
        reason: String,
    },
    /// It refused the request and said why.
    #[error("{message}")]
    Refused {
        /// The status.
        status: u16,
        /// The envelope's message.
        message: String,
    },
    /// Something answered, but not Gleaner.
    #[error("{server} answered {status} without Gleaner's JSON; check --server")]
    Foreign {
        /// The server.
        server: String,
        /// The status.
        status: u16,
    },
}

impl Api {
    /// A client of the server at `server`, such as `https://gleaner.corp`, with an API key.
    pub fn new(server: &str, key: &str) -> Result<Self, ConfigError> {
        let bad_server = || ConfigError::new("--server", "must be an http or https URL such as http://127.0.0.1:8787");
        let url = Url::parse(server).map_err(|_| bad_server())?;
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
            return Err(bad_server());
        }
        let documents = url.join("/v2/documents/public").map_err(|_| bad_server())?;
        let root = url.join("/").map_err(|_| bad_server())?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", key.trim()))
            .map_err(|_| ConfigError::new("--key", "must be one line of printable ASCII"))?;
        bearer.set_sensitive(true);
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(&[])?)
            // A redirect would carry the key to wherever it points.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
            .build()
            .map_err(|error| ConfigError::new("HTTP client", error.to_string()))?;
        Ok(Self { http, documents, root, server: url.origin().ascii_serialization() })
    }

    /// Queues documents: `POST /v2/documents/public`.
    pub async fn queue(&self, body: &Value) -> Result<Value, ApiError> {
        self.ask(self.http.post(self.documents.clone()).json(body)).await
    }

    /// One page of documents: `GET /v2/documents/public`.
    pub async fn list(&self, query: &[(&str, &str)]) -> Result<Value, ApiError> {
        let mut url = self.documents.clone();
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.ask(self.http.get(url)).await
    }

    /// One document: `GET /v2/documents/public/{id}`.
    pub async fn document(&self, id: &str) -> Result<Value, ApiError> {
        let mut url = self.documents.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(id);
        }
        self.ask(self.http.get(url)).await
    }

    /// Any other route that reads, such as `v2/jobs/public`. What stands in the path must be safe there.
    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, ApiError> {
        let mut url = self.at(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.ask(self.http.get(url)).await
    }

    /// Any other route that writes, such as `v2/queue/public/pause`.
    pub async fn post(&self, path: &str, body: Option<&Value>) -> Result<Value, ApiError> {
        let request = self.http.post(self.at(path));
        self.ask(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    /// Uploads a file: `POST /v2/uploads/public`. `fields` say how it is to be read.
    pub async fn upload(&self, path: &Path, fields: &[(&'static str, String)]) -> Result<Value, ApiError> {
        let unread =
            |error: &dyn fmt::Display| ApiError::Unread { file: path.display().to_string(), reason: error.to_string() };
        let file = tokio::fs::File::open(path).await.map_err(|error| unread(&error))?;
        let length = file.metadata().await.map_err(|error| unread(&error))?.len();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let body = Body::wrap_stream(ReaderStream::new(file));
        let mut form = Form::new();
        for (name, value) in fields {
            form = form.text(*name, value.clone());
        }
        let form = form.part("file", Part::stream_with_length(body, length).file_name(name));
        self.ask(self.http.post(self.at("v2/uploads/public")).multipart(form)).await
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.root.clone();
        url.set_path(path);
        url
    }

    async fn ask(&self, request: RequestBuilder) -> Result<Value, ApiError> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        let bytes = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        let foreign = || ApiError::Foreign { server: self.server.clone(), status: status.as_u16() };
        let answer: Value = serde_json::from_slice(&bytes).map_err(|_| foreign())?;
        if status.is_success() {
            return Ok(answer);
        }
        let message = answer.get("message").and_then(Value::as_str).ok_or_else(foreign)?.to_owned();
        Err(ApiError::Refused { status: status.as_u16(), message })
    }

    fn unreachable(&self, error: &reqwest::Error) -> ApiError {
        let reason = crate::fault::root(error);
        ApiError::Unreachable { server: self.server.clone(), reason }
    }
}

/// Only the server: the key is nobody's to read.
impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("server", &self.server).finish_non_exhaustive()
    }
}
