//! What one visit gets: a status, headers, a body, and every way to keep the visitor waiting for them.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use async_compression::tokio::write::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::sync::watch;

const BEFORE_THE_BREAK: Duration = Duration::from_millis(50);

/// An answer. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
    coding: Option<Coding>,
    delivery: Delivery,
    delay: Duration,
    gate: Option<Gate>,
}

/// Keeps every answer behind it back until it is opened.
#[derive(Debug, Clone)]
pub struct Gate(watch::Sender<bool>);

#[derive(Debug, Clone, Copy)]
enum Coding {
    Gzip,
    Brotli,
    Zstd,
}

#[derive(Debug, Clone, Copy)]
enum Delivery {
    Whole,
    /// Half of the body, then the connection breaks.
    BrokenOff,
    /// The body byte by byte, and when it is through, from its start again, for ever.
    Dripping(Duration),
}

impl Gate {
    /// A closed gate.
    pub fn closed() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Lets through who waits and who comes later.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    async fn pass(&self) {
        // The sender is in this very value, so the wait ends with an open gate only.
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}

impl Answer {
    /// An empty answer with this status.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            coding: None,
            delivery: Delivery::Whole,
            delay: Duration::ZERO,
            gate: None,
        }
    }

    /// A page of this media type.
    pub fn page(content_type: &str, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..Self::status(200) }.header("content-type", content_type)
    }

    /// An HTML page in UTF-8.
    pub fn html(text: impl Into<String>) -> Self {
        Self::page("text/html; charset=utf-8", text.into())
    }

    /// Plain text in UTF-8, as robots.txt is served.
    pub fn text(text: &str) -> Self {
        Self::page("text/plain; charset=utf-8", text.to_owned())
    }

    /// A redirect.
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::status(status).header("location", to)
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same compressed with gzip.
    #[must_use]
    pub fn gzip(self) -> Self {
        Self { coding: Some(Coding::Gzip), ..self }.header("content-encoding", "gzip")
    }

    /// The same compressed with Brotli.
    #[must_use]
    pub fn brotli(self) -> Self {
        Self { coding: Some(Coding::Brotli), ..self }.header("content-encoding", "br")
    }

    /// The same compressed with Zstandard.
    #[must_use]
    pub fn zstd(self) -> Self {
        Self { coding: Some(Coding::Zstd), ..self }.header("content-encoding", "zstd")
    }

    /// The same, but the connection breaks in the middle of the body.
    #[must_use]
    pub fn broken_off(self) -> Self {
        Self { delivery: Delivery::BrokenOff, ..self }
    }

    /// The same, but the body never ends and comes byte by byte with this pause between.
    #[must_use]
    pub fn dripping(self, pause: Duration) -> Self {
        Self { delivery: Delivery::Dripping(pause), ..self }
    }

    /// The same after a while.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The same once the gate is open.
    #[must_use]
    pub fn behind(self, gate: &Gate) -> Self {
        Self { gate: Some(gate.clone()), ..self }
    }

    /// The same for a visitor whose validator is the answer's own: 304 and nothing else (RFC 9110, 13.1).
    pub(super) fn for_who_knows(self, request: &HeaderMap) -> Self {
        let own = |name: &str| self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        let asked = |name: HeaderName| request.get(name).and_then(|value| value.to_str().ok());
        let is_known = match asked(header::IF_NONE_MATCH) {
            Some(etag) => own("etag") == Some(etag),
            None => asked(header::IF_MODIFIED_SINCE).is_some_and(|date| own("last-modified") == Some(date)),
        };
        if is_known && self.status == 200 {
            Self { body: Bytes::new(), coding: None, status: 304, ..self }
        } else {
            self
        }
    }

    /// Its status.
    pub(super) const fn code(&self) -> u16 {
        self.status
    }

    pub(super) async fn give(self) -> Response {
        tokio::time::sleep(self.delay).await;
        if let Some(gate) = &self.gate {
            gate.pass().await;
        }
        let bytes = encoded(self.coding, self.body).await;
        let length = bytes.len();
        let mut response = Response::new(delivered(self.delivery, bytes));
        *response.status_mut() = StatusCode::from_u16(self.status).expect("tests use real statuses");
        for (name, value) in self.headers {
            let value = HeaderValue::from_str(&value).expect("tests use legal header values");
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
        if matches!(self.delivery, Delivery::BrokenOff) {
            response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
        response
    }
}

fn delivered(delivery: Delivery, bytes: Bytes) -> Body {
    match delivery {
        Delivery::Whole => Body::from(bytes),
        Delivery::BrokenOff => {
            let half = bytes.slice(..bytes.len() / 2);
            let broken = stream::once(async {
                // The half goes out first: an error that follows at once would swallow it.
                tokio::time::sleep(BEFORE_THE_BREAK).await;
                Err(io::Error::other("the test asked for a broken connection"))
            });
            Body::from_stream(stream::iter([Ok(half)]).chain(broken))
        }
        Delivery::Dripping(pause) => Body::from_stream(stream::iter(0..).then(move |place: usize| {
            let byte = bytes.slice(place % bytes.len()..=place % bytes.len());
            async move {
                tokio::time::sleep(pause).await;
                Ok::<_, Infallible>(byte)
            }
        })),
    }
}

async fn encoded(coding: Option<Coding>, body: Bytes) -> Bytes {
    /// One body for three encoders that share no trait for their result.
    macro_rules! encode {
        ($encoder:ident) => {{
            let mut encoder = $encoder::new(Vec::new());
            encoder.write_all(&body).await.expect("a vector takes every byte");
            encoder.shutdown().await.expect("a vector takes every byte");
            encoder.into_inner().into()
        }};
    }
    match coding {
        None => body,
        Some(Coding::Gzip) => encode!(GzipEncoder),
        Some(Coding::Brotli) => encode!(BrotliEncoder),
        Some(Coding::Zstd) => encode!(ZstdEncoder),
    }
}
