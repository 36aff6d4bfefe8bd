//! The ID in a path.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use model::{AgentId, ArticleId, ConnectionId, DocumentId, DraftId, FolderId, JobId, ScheduleId, SyncId};

use crate::error::Error;
use crate::quoted::quoted;
use crate::state::State;

/// An ID that a path can hold.
pub trait Named: std::str::FromStr {
    /// What it names.
    const WHAT: &str;
}

impl Named for DocumentId {
    const WHAT: &str = "document";
}

impl Named for ConnectionId {
    const WHAT: &str = "connection";
}

impl Named for SyncId {
    const WHAT: &str = "sync";
}

impl Named for JobId {
    const WHAT: &str = "job";
}

impl Named for ArticleId {
    const WHAT: &str = "article";
}

impl Named for DraftId {
    const WHAT: &str = "draft";
}

impl Named for FolderId {
    const WHAT: &str = "folder";
}

impl Named for AgentId {
    const WHAT: &str = "agent";
}

impl Named for ScheduleId {
    const WHAT: &str = "schedule";
}

/// The only ID of the path.
pub struct Id<T>(pub T);

impl<T: Named> FromRequestParts<State> for Id<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        let text: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, state).await;
        let Path(text) = text.map_err(|_| Error::BadRequest(format!("the {} ID in the path is not UTF-8", T::WHAT)))?;
        let refused = |_| Error::BadRequest(format!("the {} ID must be a UUID, got {}", T::WHAT, quoted(&text)));
        text.parse().map(Self).map_err(refused)
    }
}
