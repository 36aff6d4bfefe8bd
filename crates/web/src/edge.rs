//! What every request meets on its way in and on its way out: an id, a span, a log line, safe headers.

use std::any::Any;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tracing::{Instrument, field, info, info_span};

use crate::error::{Error, internal};
use crate::quoted::quoted;
use crate::request_id::{HEADER, RequestId};

/// Answers below this many bytes are not worth compressing.
const WORTH_COMPRESSING: u64 = 2_048;

/// Puts every route behind the edge.
pub fn around(router: Router) -> Router {
    let compression = SizeAbove::new(WORTH_COMPRESSING).and(is_json);
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().compress_when(compression))
        .layer(middleware::from_fn(pass))
}

/// The files of the documentation page are large, open to everybody, and kept by browsers: packing them anew for each asker
/// would only help somebody who wants to keep us busy.
fn is_json(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == b"application/json")
}

/// The middleware itself. The log line never holds a header, a query or a body.
async fn pass(request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    let span = info_span!(
        "request",
        method = %request.method(),
        route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str),
        id = %id,
        workspace = field::Empty,
    );
    async move {
        let started = Instant::now();
        let response = sealed(next.run(request).await, &id);
        info!(status = response.status().as_u16(), ms = milliseconds(started), "answered");
        response
    }
    .instrument(span)
    .await
}

fn milliseconds(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The answer as it leaves: a fault of ours shows its id and nothing else.
fn sealed(response: Response, id: &RequestId) -> Response {
    let mut response = match response.status() {
        StatusCode::INTERNAL_SERVER_ERROR => internal(id),
        _ => response,
    };
    let headers = response.headers_mut();
    headers.insert(HEADER, id.header());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// What a panic in a handler is answered with; [`pass`] puts the envelope around it.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over by value")]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(panic = text, "a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// The answer where no route matches.
pub async fn unknown_route(uri: Uri) -> Error {
    let path = quoted(uri.path());
    Error::NotFound(format!("there is no route {path}; /docs lists the routes"))
}

/// The answer where the route matches and the method does not. The router adds `Allow` to both.
pub async fn unknown_method(method: Method) -> Response {
    match method {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        other => Error::Method(other).into_response(),
    }
}

#[cfg(test)]
mod tests;
