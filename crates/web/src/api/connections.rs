//! Connections to providers.

use axum::Json;
use axum::http::StatusCode;
use model::{ConnectionId, Sealed, WorkspaceId};

use crate::auth::{Reader, Writer};
use crate::body::JsonBody;
use crate::connecting;
use crate::error::{Error, ErrorBody};
use crate::openapi::{Bodied, Protected};
use crate::path_id::Id;
use crate::state::App;
use crate::wire::connections::{ConnectRequest, Connection, ConnectionTest, Connections};

/// List connections
///
/// Returns the providers that the workspace is connected to, without any secret.
#[utoipa::path(
    get, path = "/v2/connections/public", operation_id = "list_connections", tag = "connections",
    security(("key" = ["read"])),
    responses((status = 200, description = "The connections.", body = Connections), Protected),
)]
pub async fn list_connections(app: App, Reader(workspace): Reader) -> Result<Json<Connections>, Error> {
    Ok(Json(app.store.glance().await?.connections(workspace).await?.into()))
}

/// Connect a provider
///
/// Keeps what the provider is asked with; the credentials are sealed and never shown again. A workspace has one connection to
/// each provider: connecting again replaces its settings and credentials. Nothing is asked of the provider; test it afterwards.
#[utoipa::path(
    post, path = "/v2/connections/public", operation_id = "connect", tag = "connections", security(("key" = ["write"])),
    request_body(content = ConnectRequest, description = "The provider and what proves that we may read. Other fields are refused."),
    responses(
        (status = 200, description = "It is kept.", body = Connection),
        (status = 400, description = "The body is malformed, or does not fit the provider.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "settings: siteUrl must be an http or https URL, got \"\""))),
        Bodied,
        Protected,
    ),
)]
pub async fn connect(app: App, Writer(workspace): Writer, JsonBody(body): JsonBody) -> Result<Json<Connection>, Error> {
    let wished = connecting::read(&body)?;
    let now = app.store.now();
    let mut write = app.store.write().await?;
    let before = write.connection_to(workspace, wished.account.provider()).await?;
    let connection = model::Connection {
        id: before.as_ref().map_or_else(ConnectionId::new, |before| before.id),
        workspace,
        account: wished.account,
        proof: wished.credentials.word().to_owned(),
        problem: String::new(),
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: now,
    };
    let sealed = Sealed { credentials: wished.credentials, grant: None };
    write.connect(&connection, &sealed, wished.delay).await?;
    write.commit().await?;
    Ok(Json(connection.into()))
}

/// Test a connection
///
/// Asks the provider who we are, in a way that tells a real proof from none. The answer is 200 either way; `success` tells.
#[utoipa::path(
    post, path = "/v2/connections/public/{id}/test", operation_id = "test_connection", tag = "connections",
    security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The connection's ID.",
        example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")),
    responses(
        (status = 200, description = "How it came out.", body = ConnectionTest),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the connection ID must be a UUID, got \"42\""))),
        (status = 404, description = "No connection has this ID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no connection 5d9f67a8-d853-4af4-b7ce-23ebba1245e5"))),
        Protected,
    ),
)]
pub async fn test_connection(
    app: App,
    Writer(workspace): Writer,
    Id(id): Id<ConnectionId>,
) -> Result<Json<ConnectionTest>, Error> {
    let connection = app.store.glance().await?.connection(id).await?;
    let connection = owned(connection, workspace, id)?;
    Ok(Json(app.providers.probe(&connection).await.into()))
}

/// Disconnect a provider
///
/// Forgets the connection and its secrets. Its documents stay as they are; their next runs fail with `provider_disconnected`.
#[utoipa::path(
    delete, path = "/v2/connections/public/{id}", operation_id = "disconnect", tag = "connections",
    security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The connection's ID.",
        example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")),
    responses(
        (status = 200, description = "It is forgotten; this was it.", body = Connection),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the connection ID must be a UUID, got \"42\""))),
        (status = 404, description = "No connection has this ID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no connection 5d9f67a8-d853-4af4-b7ce-23ebba1245e5"))),
        Protected,
    ),
)]
pub async fn disconnect(
    app: App,
    Writer(workspace): Writer,
    Id(id): Id<ConnectionId>,
) -> Result<Json<Connection>, Error> {
    let mut write = app.store.write().await?;
    let found = write.connection(id).await?;
    let connection = owned(found, workspace, id)?;
    write.disconnect(id).await?;
    write.commit().await?;
    Ok(Json(connection.into()))
}

pub fn owned(
    found: Option<model::Connection>,
    workspace: WorkspaceId,
    id: ConnectionId,
) -> Result<model::Connection, Error> {
    match found {
        Some(connection) if connection.workspace == workspace => Ok(connection),
        Some(_) => Err(Error::Foreign(format!("connection {id}"))),
        None => Err(Error::NotFound(format!("there is no connection {id}"))),
    }
}
