//! A plain HTTP client for the tests of this crate.

use axum::http::HeaderMap;
use bytes::Bytes;
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use serde_json::Value;
use url::form_urlencoded;

/// Calls one server, with the same headers each time.
pub struct Caller {
    client: Client,
    origin: String,
    headers: HeaderMap,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Caller {
    pub fn new(origin: &str) -> Self {
        // An error means that another test has done it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { client, origin: origin.to_owned(), headers: HeaderMap::new() }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.try_get(path).await.unwrap()
    }

    pub async fn try_get(&self, path: &str) -> Result<Answer, reqwest::Error> {
        self.send(self.client.request(Method::GET, format!("{}{path}", self.origin))).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body).await.unwrap()
    }

    pub async fn try_post(&self, path: &str, body: &Value) -> Result<Answer, reqwest::Error> {
        let request = self.client.request(Method::POST, format!("{}{path}", self.origin));
        self.send(request.json(body)).await
    }

    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.request(Method::POST, format!("{}{path}", self.origin)).body(form);
        self.send(request.header("content-type", "application/x-www-form-urlencoded")).await.unwrap()
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        let response = request.headers(self.headers.clone()).send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, body: response.bytes().await? })
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map_or(String::new(), |value| value.to_str().unwrap().to_owned())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}
