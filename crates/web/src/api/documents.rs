//! Reading documents.

use axum::Json;
use axum::http::StatusCode;
use model::{DocumentId, WorkspaceId};
use store::Read;

use crate::auth::Reader;
use crate::error::{Error, ErrorBody};
use crate::listing::{DocumentsQuery, unknown_cursor};
use crate::openapi::Protected;
use crate::path_id::Id;
use crate::query::Query;
use crate::state::App;
use crate::wire::revisions::{Revision, Revisions};
use crate::wire::{Document, Documents};

/// How many revisions a list shows.
const LISTED_REVISIONS: i64 = 50;

/// List documents
///
/// Returns one page of the workspace's documents, newest first. To go on, send the last `id` of the page as `cursor` with
/// `direction=next`; to go back, the first `id` with `direction=previous`. The order follows `updatedAt`, which moves when a
/// document is processed: a listing taken while jobs run can skip or repeat documents.
///
/// To wait for queued documents, list with `linkedJobStatus=PENDING` and `linkedJobStatus=IN_PROGRESS` until both are empty.
#[utoipa::path(
    get, path = "/v2/documents/public", operation_id = "list_documents", tag = "documents",
    security(("key" = ["read"])),
    params(DocumentsQuery),
    responses(
        (status = 200, description = "One page.", body = Documents),
        (status = 400, description = "A parameter is unknown to its set, out of range, repeated or not decodable.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the query parameter limit must be a whole number from 1 to 500, got \"0\""))),
        Protected,
    ),
)]
pub async fn list_documents(app: App, Reader(workspace): Reader, query: Query) -> Result<Json<Documents>, Error> {
    let (filter, page) = DocumentsQuery::read(query)?.split();
    let found = app.store.glance().await?.documents(workspace, &filter, &page, app.store.now()).await?;
    match (found, page.cursor) {
        (Some(documents), _) => Ok(Json(documents.into())),
        (None, Some(cursor)) => Err(unknown_cursor(cursor)),
        (None, None) => Ok(Json(Documents { documents: Vec::new(), has_more: false })),
    }
}

/// Get one document
///
/// Returns one document. Poll it after queueing: `linkedJobStatus` goes from `PENDING` over `IN_PROGRESS` to `COMPLETED` or
/// `FAILED`; `waiting` says why it does not run yet, `error` why it failed.
#[utoipa::path(
    get, path = "/v2/documents/public/{id}", operation_id = "get_document", tag = "documents",
    security(("key" = ["read"])),
    params(("id" = String, Path, format = Uuid, description = "The document's ID, from a list or from queueing.",
        example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")),
    responses(
        (status = 200, description = "The document.", body = Document),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the document ID must be a UUID, got \"42\""))),
        (status = 404, description = "No document has this ID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no document 5d9f67a8-d853-4af4-b7ce-23ebba1245e5"))),
        Protected,
    ),
)]
pub async fn get_document(
    app: App,
    Reader(workspace): Reader,
    Id(id): Id<DocumentId>,
) -> Result<Json<Document>, Error> {
    match app.store.document(workspace, id).await? {
        Some(document) => Ok(Json(document.into())),
        None => Err(absent(&mut app.store.glance().await?, workspace, id).await),
    }
}

/// List a document's revisions
///
/// Returns the texts that a document has had, the latest first, without the texts themselves: who wrote them and when, and what
/// was left out or is doubtful.
#[utoipa::path(
    get, path = "/v2/documents/public/{id}/revisions", operation_id = "list_revisions", tag = "documents",
    security(("key" = ["read"])),
    params(("id" = String, Path, format = Uuid, description = "The document's ID, from a list or from queueing.",
        example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")),
    responses(
        (status = 200, description = "The revisions; none before the first good run.", body = Revisions),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the document ID must be a UUID, got \"42\""))),
        (status = 404, description = "No document has this ID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no document 5d9f67a8-d853-4af4-b7ce-23ebba1245e5"))),
        Protected,
    ),
)]
pub async fn list_revisions(
    app: App,
    Reader(workspace): Reader,
    Id(id): Id<DocumentId>,
) -> Result<Json<Revisions>, Error> {
    let mut read = app.store.read().await?;
    match read.owner(id).await? {
        Some(owner) if owner == workspace => {}
        _ => return Err(absent(&mut read, workspace, id).await),
    }
    let revisions = read.revisions(workspace, id, LISTED_REVISIONS).await?;
    Ok(Json(Revisions { revisions: revisions.into_iter().map(Revision::from).collect() }))
}

/// Why a document is not there for this caller.
async fn absent(read: &mut Read, workspace: WorkspaceId, id: DocumentId) -> Error {
    match read.owner(id).await {
        Err(error) => error.into(),
        Ok(Some(owner)) if owner != workspace => Error::Foreign(format!("document {id}")),
        Ok(_) => Error::NotFound(format!("there is no document {id}")),
    }
}
