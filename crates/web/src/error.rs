//! The one place where errors become statuses and the error envelope.

use std::fmt::Display;

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::request_id::RequestId;

/// What a caller is told while the store cannot answer.
pub const UNAVAILABLE: &str =
    "the service is busy or its database does not answer; retry after the time in Retry-After";

/// Why a request is not answered as asked. The texts are read by callers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is malformed; the text names the field, the value and the mend.
    #[error("{0}")]
    BadRequest(String),
    /// No valid key. One text for every cause, so that it helps nobody to guess.
    #[error(
        "Send a valid API key as `Authorization: Bearer fini_...`; this one is missing, malformed, revoked or unknown"
    )]
    Unauthorized,
    /// The key lacks the scope.
    #[error("API key does not have the required scope for this operation")]
    Scope,
    /// The object belongs to another workspace.
    #[error("{0} belongs to another workspace; use an API key of that workspace")]
    Foreign(String),
    /// There is no such object or route.
    #[error("{0}")]
    NotFound(String),
    /// The route exists, the method does not.
    #[error("{0} is not supported on this route; the Allow header names the methods that are")]
    Method(Method),
    /// The body did not arrive in time.
    #[error("the body did not arrive within {0} s; send it faster or split it")]
    Slow(u64),
    /// The request contradicts an earlier one.
    #[error("{0}")]
    Conflict(String),
    /// The tree cannot be changed so.
    #[error("{0}")]
    NotAcceptable(String),
    /// The body is larger than allowed.
    #[error("the body is larger than {0} bytes; split the request")]
    TooLarge(usize),
    /// The body is of a kind that is not read.
    #[error("{0}")]
    MediaType(String),
    /// Too many large bodies are on their way at once.
    #[error("too many large requests are on their way at once; retry after the time in Retry-After")]
    Crowded,
    /// A provider does not answer as it should.
    #[error("{0}")]
    Provider(String),
    /// A crawl failed by a fault of ours. The cause is logged, never sent.
    #[error("internal error")]
    Crawl(String),
    /// The store cannot answer now; the same request may succeed later.
    #[error("{UNAVAILABLE}")]
    Unavailable(store::Error),
    /// A fault of ours. The cause is logged, never sent.
    #[error("internal error")]
    Internal(store::Error),
}

impl Error {
    /// The envelope around it.
    pub fn body(&self) -> ErrorBody {
        ErrorBody::new(self.status(), self.to_string())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Scope | Self::Foreign(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Slow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::NotAcceptable(_) => StatusCode::NOT_ACCEPTABLE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Provider(_) => StatusCode::BAD_GATEWAY,
            Self::Unavailable(_) | Self::Crowded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) | Self::Crawl(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The header that the status asks for.
    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::Unauthorized => Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Self::Unavailable(_) | Self::Crowded => Some((RETRY_AFTER, HeaderValue::from_static("2"))),
            _ => None,
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        if error.is_passing() { Self::Unavailable(error) } else { Self::Internal(error) }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match &self {
            Self::Unavailable(cause) => tracing::warn!(error = %cause, "the store cannot answer now"),
            Self::Internal(cause) => tracing::error!(error = %cause, "a request failed by a fault of ours"),
            Self::Crawl(cause) => tracing::error!(error = %cause, "a crawl failed by a fault of ours"),
            _ => {}
        }
        (self.status(), AppendHeaders(self.header()), Json(self.body())).into_response()
    }
}

/// The answer to a fault of ours: nothing of it but the id under which the log tells the rest.
pub fn internal(id: &RequestId) -> Response {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    (status, Json(ErrorBody::new(status, internal_text(id)))).into_response()
}

/// What a caller is told of a fault of ours.
pub fn internal_text(id: impl Display) -> String {
    format!("internal error; the server's log has the cause under request {id}")
}

/// What every refused request is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// The HTTP status again.
    #[schema(minimum = 400, maximum = 599, example = 400)]
    pub status_code: u16,
    /// What was wrong, the value (cut at 200 characters) and the mend. Always one string.
    #[schema(example = "documentIdsToAdd[3] must be a string, got a number")]
    pub message: String,
    /// The standard name of the status.
    #[schema(example = "Bad Request")]
    pub error: String,
}

impl ErrorBody {
    /// The envelope for a status.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let error = status.canonical_reason().unwrap_or_default().to_owned();
        Self { status_code: status.as_u16(), message: message.into(), error }
    }
}
