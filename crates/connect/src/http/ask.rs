//! Requests to an interface rather than for a page: with a method, headers and a body of their own, guarded like every other.

use std::time::Duration;

use model::{Failure, FailureCode, WebUrl};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use tokio::time::{Instant, timeout_at};

use super::body::{self, Body, Limits};
use super::{Client, Config, HeaderValue, Response};
use crate::fault;

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

impl Client {
    /// Asks once and follows nothing. Any status is an answer; a failure means that there was none.
    pub async fn ask(&self, ask: &Ask) -> Result<Answer, Failure> {
        self.guard.check_url(&ask.url)?;
        let host = ask.url.host().to_string();
        let deadline = Instant::now() + self.config.total;
        let response = self.begin(self.request(ask), &host, deadline).await?;
        self.check_peer(&host, response.remote_addr())?;
        self.check_headers(&host, response.headers())?;
        let Config { total, first_byte: idle, max_bytes, .. } = *self.config;
        if response.content_length().is_some_and(|length| length > max_bytes) {
            return Err(body::too_large(max_bytes));
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let retry_after = self.retry_after(&headers);
        let body = Body::open(response, host, Limits { deadline, total, idle, max_bytes }).await?;
        Ok(Answer { status, headers, retry_after, body })
    }

    fn request(&self, ask: &Ask) -> RequestBuilder {
        let request = self.http.request(ask.method.clone(), ask.url.as_url().clone()).headers(ask.headers.clone());
        match &ask.body {
            None => request,
            Some((media_type, bytes)) => {
                let kind = HeaderValue::from_static(media_type);
                request.header(reqwest::header::CONTENT_TYPE, kind).body(bytes.clone())
            }
        }
    }

    pub(super) async fn begin(
        &self,
        request: RequestBuilder,
        host: &str,
        deadline: Instant,
    ) -> Result<Response, Failure> {
        let limit = self.config.first_byte.min(self.config.total);
        match timeout_at(deadline.min(Instant::now() + limit), request.send()).await {
            Ok(answer) => answer.map_err(|error| fault::failure_of(&error, host)),
            Err(_) => Err(Failure::new(FailureCode::Timeout, format!("`{host}` did not answer within {limit:?}"))),
        }
    }
}
