//! Who is calling: the API key of a request and what it may do.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use model::{ApiKey, Scope, Timestamp, WorkspaceId};
use store::{Access, Deed};
use tracing::{Span, field};

use crate::error::Error;
use crate::state::State;

/// A caller that may read, by its workspace. Named first in a handler, it is checked before anything else is looked at.
pub struct Reader(pub WorkspaceId);

/// A caller that may create, update and queue.
pub struct Writer(pub WorkspaceId);

/// A caller that decides: what it does is written down under its name.
pub struct Author {
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// What the record calls it.
    pub name: String,
}

impl Author {
    /// Its deed, at that instant.
    pub fn deed(&self, at: Timestamp) -> Deed<'_> {
        Deed { workspace: self.workspace, actor: &self.name, at }
    }
}

impl FromRequestParts<State> for Author {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        let access = access(&parts.headers, state, Scope::Write).await?;
        Ok(Self { workspace: access.workspace, name: format!("key {}", access.key) })
    }
}

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
    access(headers, state, scope).await.map(|access| access.workspace)
}

async fn access(headers: &HeaderMap, state: &State, scope: Scope) -> Result<Access, Error> {
    let key = bearer(headers).ok_or(Error::Unauthorized)?;
    let access = state.store.access(&key).await?.ok_or(Error::Unauthorized)?;
    Span::current().record("workspace", field::display(access.workspace));
    if access.scopes.allow(scope) { Ok(access) } else { Err(Error::Scope) }
}

/// The key of `Authorization: Bearer fini_...`; `None` for anything else, also when there are two.
fn bearer(headers: &HeaderMap) -> Option<ApiKey> {
    let mut values = headers.get_all(AUTHORIZATION).iter().map(HeaderValue::to_str);
    let (Some(Ok(value)), None) = (values.next(), values.next()) else { return None };
    let (scheme, key) = value.trim_matches(' ').split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { key.trim_start_matches(' ').parse().ok() } else { None }
}
