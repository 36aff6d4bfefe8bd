//! Who is calling: the API key of a request and what it may do.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use model::{ApiKey, Scope, WorkspaceId};
use tracing::{Span, field};

use crate::error::Error;
use crate::state::State;

/// A caller that may read, by its workspace. Named first in a handler, it is checked before anything else is looked at.
pub struct Reader(pub WorkspaceId);

/// A caller that may create, update and queue.
pub struct Writer(pub WorkspaceId);

impl FromRequestParts<State> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        caller(&parts.headers, state, Scope::Read).await.map(Self)
    }
}

impl FromRequestParts<State> for Writer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        caller(&parts.headers, state, Scope::Write).await.map(Self)
    }
}

async fn caller(headers: &HeaderMap, state: &State, scope: Scope) -> Result<WorkspaceId, Error> {
    let key = bearer(headers).ok_or(Error::Unauthorized)?;
    let access = state.store.access(&key).await?.ok_or(Error::Unauthorized)?;
    Span::current().record("workspace", field::display(access.workspace));
    if access.scopes.allow(scope) { Ok(access.workspace) } else { Err(Error::Scope) }
}

/// The key of `Authorization: Bearer fini_...`; `None` for anything else, also when there are two.
fn bearer(headers: &HeaderMap) -> Option<ApiKey> {
    let mut values = headers.get_all(AUTHORIZATION).iter().map(HeaderValue::to_str);
    let (Some(Ok(value)), None) = (values.next(), values.next()) else { return None };
    let (scheme, key) = value.trim_matches(' ').split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { key.trim_start_matches(' ').parse().ok() } else { None }
}
