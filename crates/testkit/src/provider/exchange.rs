//! One request to a fake and what it was answered.

use std::fmt;
use std::io;
use std::time::Instant;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use serde_json::Value;
use url::form_urlencoded;

/// A request, as it arrived. Its `Debug` does not show what stands in the `Authorization` header.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    /// The path as it was sent, without the query.
    pub path: String,
    /// The pairs of the query in order, decoded.
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// When its last byte was here.
    pub at: Instant,
}

/// What a request is answered.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// How a reply reaches the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    Whole,
    /// The connection breaks in the middle of the body.
    BrokenOff,
}

/// A request with its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub request: Request,
    /// None while the fake still works on it.
    pub reply: Option<Reply>,
    pub delivery: Delivery,
}

impl Request {
    pub(super) fn new(mut head: Parts, body: Bytes) -> Self {
        if let Some(value) = head.headers.get_mut(header::AUTHORIZATION) {
            value.set_sensitive(true);
        }
        let query = head.uri.query().unwrap_or_default();
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let path = head.uri.path().to_owned();
        Self { method: head.method, path, query, headers: head.headers, body, at: Instant::now() }
    }

    /// The first value of a query parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A header's value, when it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The token after `Authorization: Bearer`.
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// Name and password after `Authorization: Basic`.
    pub fn basic(&self) -> Option<(String, String)> {
        let (scheme, pair) = self.header("authorization")?.split_once(' ')?;
        let pair = STANDARD.decode(pair.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let (name, password) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
        Some((name.to_owned(), password.to_owned()))
    }

    /// The path's segments, without the empty one before the first slash.
    pub fn segments(&self) -> Vec<&str> {
        self.path.trim_start_matches('/').split('/').collect()
    }

    /// The body as JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A field of a form in the body.
    pub fn field(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(&self.body).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
        let mark = if query.is_empty() { "" } else { "?" };
        write!(f, "{} {}{mark}{query}", self.method, self.path)
    }
}

impl Reply {
    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// A body of this media type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..Self::empty(status) }.header("content-type", content_type)
    }

    /// A body of JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("fakes use legal header values");
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    /// The body as JSON.
    pub fn value(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(super) fn deliver(self, delivery: Delivery) -> Response {
        let length = self.body.len();
        let mut response = Response::new(match delivery {
            Delivery::Whole => Body::from(self.body),
            Delivery::BrokenOff => half_of(&self.body),
        });
        *response.status_mut() = StatusCode::from_u16(self.status).expect("fakes use real statuses");
        *response.headers_mut() = self.headers;
        if delivery == Delivery::BrokenOff {
            response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
        response
    }
}

fn half_of(body: &Bytes) -> Body {
    let half = body.slice(..body.len() / 2);
    // The error comes after a turn of the scheduler, so that the half is on its way before the connection is cut.
    let broken = stream::once(async {
        tokio::task::yield_now().await;
        Err(io::Error::other("the fake was told to break off"))
    });
    Body::from_stream(stream::iter([Ok(half)]).chain(broken))
}
