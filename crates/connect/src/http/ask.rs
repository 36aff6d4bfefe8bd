//! Requests to an interface rather than for a page: with a method, headers and a body of their own.

use std::time::Duration;

use model::WebUrl;
use reqwest::Method;
use reqwest::header::HeaderMap;

use super::body::Body;

/// One request. It may hold a secret, so it cannot be printed.
pub struct Ask {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: WebUrl,
    /// Headers beside the usual ones.
    pub headers: HeaderMap,
    /// What is sent, with its media type.
    pub body: Option<(&'static str, Vec<u8>)>,
}

/// An answer of any status. Nothing was followed.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// What `Retry-After` asks for.
    pub retry_after: Option<Duration>,
    /// The content, still to be read.
    pub body: Body,
}

impl Ask {
    /// A `GET` of an address.
    pub fn get(url: WebUrl) -> Self {
        Self { method: Method::GET, url, headers: HeaderMap::new(), body: None }
    }

    /// A `POST` of bytes.
    pub fn post(url: WebUrl, media_type: &'static str, body: Vec<u8>) -> Self {
        Self { method: Method::POST, url, headers: HeaderMap::new(), body: Some((media_type, body)) }
    }
}

impl Answer {
    /// A header's value, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
