//! What a connected provider has: discovered, and registered.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use model::{Connection, Failure, FailureCode, Source, WorkspaceId};

use crate::auth::{Reader, Writer};
use crate::body::JsonBody;
use crate::connecting::connected;
use crate::error::{Error, ErrorBody};
use crate::openapi::{Bodied, Protected};
use crate::registering;
use crate::state::{App, State};
use crate::wire::Queued;
use crate::wire::resources::{RegisterRequest, Resources};

/// Where an answer says that there may be more.
const INCOMPLETE: HeaderName = HeaderName::from_static("x-gleaner-incomplete");

/// List what a provider has
///
/// Asks the connected provider for everything that can be imported, at this moment. What was imported successfully is left out.
/// The shape is the provider's own: a flat array for Notion and Google Drive, categories with sections and articles for Zendesk,
/// spaces with pages for Confluence. Where the provider did not show everything, `X-Gleaner-Incomplete` says why.
#[utoipa::path(
    get, path = "/v2/documents/public/resources/{provider}", operation_id = "list_resources", tag = "documents",
    security(("key" = ["read"])),
    params(("provider" = String, Path, description = "`notion`, `zendesk`, `confluence` or `googledrive`.", example = "notion")),
    responses(
        (status = 200, description = "What can be imported.", body = Resources,
            headers(("x-gleaner-incomplete" = String, description = "Why there may be more than this; absent when there is not."))),
        (status = 400, description = "The provider is not supported, or not connected, or does not take us any more.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "notion is not connected in this workspace; connect it first"))),
        (status = 502, description = "The provider does not answer as it should. Try again later.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_GATEWAY, "server_error: Notion: it answered 500"))),
        Protected,
    ),
)]
pub async fn list_resources(
    app: App,
    Reader(workspace): Reader,
    Path(provider): Path<String>,
) -> Result<impl IntoResponse, Error> {
    let connection = connection(&app, workspace, &provider).await?;
    let listing = app.providers.list(&connection).await.map_err(|failure| refused(&failure))?;
    let mut headers = HeaderMap::new();
    if !listing.gaps.is_empty() {
        tracing::warn!(connection = %connection.id, gaps = ?listing.gaps, "not everything was listed");
        headers.insert(INCOMPLETE, ascii(&listing.gaps.join("; ")));
    }
    let names = listing.resources.iter().map(|resource| resource.external_id.as_str()).collect::<Vec<_>>();
    let imported = app.store.glance().await?.imported(workspace, connection.provider(), names).await?;
    Ok((headers, Json(Resources::new(connection.provider(), listing, &imported))))
}

/// Register what a provider has
///
/// Makes or brings up to date a document for each item, and queues nothing: name new IDs in `documentIdsToAdd` of
/// `POST /v2/documents/public`, and those that were there in `documentIdsToRefresh`.
#[utoipa::path(
    post, path = "/v2/documents/public/resources/{provider}", operation_id = "register_resources", tag = "documents",
    security(("key" = ["write"])),
    params(("provider" = String, Path, description = "`notion`, `zendesk`, `confluence` or `googledrive`.", example = "notion")),
    request_body(content = RegisterRequest, description = "The items. Fields not named here are ignored."),
    responses(
        (status = 200, description = "They are registered.", body = Queued),
        (status = 400, description = "The provider is not supported or not connected, or an item lacks a field; the message lists the items.",
            body = ErrorBody, example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "resources[0].mimeType is missing"))),
        Bodied,
        Protected,
    ),
)]
pub async fn register_resources(
    app: App,
    Writer(workspace): Writer,
    Path(provider): Path<String>,
    JsonBody(body): JsonBody,
) -> Result<Json<Queued>, Error> {
    let connection = connection(&app, workspace, &provider).await?;
    let registrations = registering::read(&body, &app)?;
    let mut write = app.store.write().await?;
    let registered = write.register(workspace, connection.provider(), &registrations, app.store.now()).await?;
    write.commit().await?;
    Ok(Json(Queued::new(&registered.added, &registered.updated)))
}

async fn connection(app: &State, workspace: WorkspaceId, provider: &str) -> Result<Connection, Error> {
    let provider: Source = connected(provider)?;
    let found = app.store.glance().await?.connection_to(workspace, provider).await?;
    found.ok_or_else(|| Error::BadRequest(format!("{provider} is not connected in this workspace; connect it first")))
}

/// What a provider refuses is a matter of the connection; what it cannot do now, of the provider.
fn refused(failure: &Failure) -> Error {
    match failure.code {
        FailureCode::ProviderDisconnected | FailureCode::ProviderPermission | FailureCode::BlockedAddress => {
            Error::BadRequest(failure.to_string())
        }
        _ => Error::Provider(failure.to_string()),
    }
}

fn ascii(text: &str) -> HeaderValue {
    let visible: String =
        text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).take(1_000).collect();
    HeaderValue::from_str(&visible).unwrap_or(HeaderValue::from_static("yes"))
}
