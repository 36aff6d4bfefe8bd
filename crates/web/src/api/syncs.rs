//! Whole-source syncs.

use axum::Json;
use axum::http::StatusCode;
use model::{ConnectionId, SyncId, SyncOutcome, WorkspaceId};
use store::Read;

use crate::api::connections::owned;
use crate::auth::{Reader, Writer};
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::fields::Fields;
use crate::listing::limit;
use crate::openapi::{Bodied, Protected};
use crate::path_id::Id;
use crate::query::Query;
use crate::state::App;
use crate::wire::syncs::{Sync, SyncItem, SyncItems, SyncRequest, Syncs};

/// How many syncs a list shows.
const LISTED: i64 = 50;

/// Sync a connection
///
/// Looks at everything that the connection has: what is new is registered and queued, what is another version than was read last
/// is queued, and what a complete look does not show any more is marked and queued, so that its source has the last word. Returns
/// at once; poll `GET /v2/syncs/public/{id}`. A sync that waits or runs already is returned instead of a second one.
#[utoipa::path(
    post, path = "/v2/connections/public/{id}/sync", operation_id = "sync_connection", tag = "connections",
    security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The connection's ID.",
        example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")),
    request_body(content = SyncRequest, description = "How to sync. Other fields are refused."),
    responses(
        (status = 200, description = "It is asked for.", body = Sync),
        (status = 400, description = "The ID is not a UUID, or the body is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "dryRun must be a boolean, got a string"))),
        (status = 404, description = "No connection has this ID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no connection 5d9f67a8-d853-4af4-b7ce-23ebba1245e5"))),
        Bodied,
        Protected,
    ),
)]
pub async fn sync_connection(
    app: App,
    Writer(workspace): Writer,
    Id(id): Id<ConnectionId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Sync>, Error> {
    let dry = Fields::read_strictly(&body, &["dryRun"], 0)?.flag("dryRun")?.unwrap_or(false);
    let mut write = app.store.write().await?;
    let found = write.connection(id).await?;
    let connection = owned(found, workspace, id)?;
    let sync = write.ask_sync(&connection, dry, app.store.now()).await?;
    write.commit().await?;
    app.store.tell_of_sync();
    Ok(Json(sync.into()))
}

/// List syncs
///
/// Returns the latest syncs of the workspace, the newest first.
#[utoipa::path(
    get, path = "/v2/syncs/public", operation_id = "list_syncs", tag = "connections", security(("key" = ["read"])),
    responses((status = 200, description = "The syncs.", body = Syncs), Protected),
)]
pub async fn list_syncs(app: App, Reader(workspace): Reader) -> Result<Json<Syncs>, Error> {
    let syncs = app.store.read().await?.syncs(workspace, None, LISTED).await?;
    Ok(Json(Syncs { syncs: syncs.into_iter().map(Sync::from).collect() }))
}

/// Get one sync
///
/// Returns how far a sync has come. Poll it until `finishedAt` is there.
#[utoipa::path(
    get, path = "/v2/syncs/public/{id}", operation_id = "get_sync", tag = "connections", security(("key" = ["read"])),
    params(("id" = String, Path, format = Uuid, description = "The sync's ID.", example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")),
    responses(
        (status = 200, description = "The sync.", body = Sync),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the sync ID must be a UUID, got \"42\""))),
        (status = 404, description = "No sync has this ID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no sync 5d9f67a8-d853-4af4-b7ce-23ebba1245e5"))),
        Protected,
    ),
)]
pub async fn get_sync(app: App, Reader(workspace): Reader, Id(id): Id<SyncId>) -> Result<Json<Sync>, Error> {
    let mut read = app.store.read().await?;
    Ok(Json(found(&mut read, workspace, id).await?.into()))
}

/// List what a sync made of each item
///
/// Returns one page of a sync's items with their outcomes, by their names at the provider.
#[utoipa::path(
    get, path = "/v2/syncs/public/{id}/items", operation_id = "list_sync_items", tag = "connections",
    security(("key" = ["read"])),
    params(
        ("id" = String, Path, format = Uuid, description = "The sync's ID.", example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5"),
        ("outcome" = Option<String>, Query, description = "Only items of this outcome.", example = "missing"),
        ("after" = Option<String>, Query, description = "Go on after the item of this name.", example = "123456"),
        ("limit" = Option<i64>, Query, description = "How many at most, 1 to 500; 50 when left out.", example = 100),
    ),
    responses(
        (status = 200, description = "One page.", body = SyncItems),
        (status = 400, description = "The ID is not a UUID, or a parameter is out of range.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the sync ID must be a UUID, got \"42\""))),
        (status = 404, description = "No sync has this ID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no sync 5d9f67a8-d853-4af4-b7ce-23ebba1245e5"))),
        Protected,
    ),
)]
pub async fn list_sync_items(
    app: App,
    Reader(workspace): Reader,
    Id(id): Id<SyncId>,
    mut query: Query,
) -> Result<Json<SyncItems>, Error> {
    let outcome = query.word("outcome", SyncOutcome::ALL)?;
    let (after, limit) = (query.text("after")?.unwrap_or_default(), limit(&mut query)?);
    query.nothing_else(&["outcome", "after", "limit"])?;
    let mut read = app.store.read().await?;
    found(&mut read, workspace, id).await?;
    let mut items = read.sync_items(id, (outcome, &after), limit + 1).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = items.len() > most;
    items.truncate(most);
    Ok(Json(SyncItems { items: items.into_iter().map(SyncItem::from).collect(), has_more }))
}

async fn found(read: &mut Read, workspace: WorkspaceId, id: SyncId) -> Result<model::Sync, Error> {
    match read.sync(id).await? {
        Some(sync) if sync.workspace == workspace => Ok(sync),
        Some(_) => Err(Error::Foreign(format!("sync {id}"))),
        None => Err(Error::NotFound(format!("there is no sync {id}"))),
    }
}
