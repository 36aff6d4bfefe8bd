//! A JSON body on its way in: its declared type, its size, its time.

use std::time::Duration;

use axum::RequestExt;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::IntoResponse;
use bytes::Bytes;
use tokio::sync::SemaphorePermit;

use crate::error::Error;
use crate::quoted::quoted;
use crate::state::State;

/// How long a body waits for room.
const ROOM_WAIT: Duration = Duration::from_secs(5);

/// The bytes of a body that says it is JSON.
pub struct JsonBody(pub Bytes);

impl FromRequest<State> for JsonBody {
    type Rejection = Error;

    async fn from_request(request: Request, state: &State) -> Result<Self, Error> {
        let limits = &state.limits;
        says_json(request.headers())?;
        let length = declared_length(request.headers()).unwrap_or(limits.body);
        if length > limits.body {
            return Err(Error::TooLarge(limits.body));
        }
        let _room = room(state, length).await?;
        let arrival = tokio::time::timeout(limits.body_wait, request.extract::<Bytes, _>()).await;
        let bytes = arrival.map_err(|_| Error::Slow(limits.body_wait.as_secs()))?;
        bytes.map(Self).map_err(|rejection| broken(rejection, limits.body))
    }
}

/// Waits until the body has room, but not long: the caller can come again.
async fn room(state: &State, length: usize) -> Result<SemaphorePermit<'_>, Error> {
    let mebibytes = u32::try_from(length.div_ceil(1 << 20)).unwrap_or(u32::MAX);
    let room = tokio::time::timeout(ROOM_WAIT, state.room.acquire_many(mebibytes)).await;
    room.ok().and_then(Result::ok).ok_or(Error::Crowded)
}

fn says_json(headers: &HeaderMap) -> Result<(), Error> {
    let kind = text(headers, CONTENT_TYPE).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let found = if kind.is_empty() { "there is none".to_owned() } else { format!("it is {}", quoted(kind)) };
        return Err(Error::MediaType(format!("Content-Type must be application/json; {found}")));
    }
    match text(headers, CONTENT_ENCODING) {
        None | Some("identity") => Ok(()),
        Some(coding) => {
            let coding = quoted(coding);
            Err(Error::MediaType(format!("Content-Encoding {coding} is not supported; send the body uncompressed")))
        }
    }
}

/// A header's text; one that is not text counts as empty, which nothing accepts.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

fn declared_length(headers: &HeaderMap) -> Option<usize> {
    text(headers, CONTENT_LENGTH)?.parse().ok()
}

fn broken(rejection: BytesRejection, limit: usize) -> Error {
    if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::TooLarge(limit)
    } else {
        Error::BadRequest("the body broke off before its end; send it again".to_owned())
    }
}
