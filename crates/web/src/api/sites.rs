//! Sites: what their owner says of their pages.

use axum::Json;
use axum::http::StatusCode;

use crate::auth::{Reader, Writer};
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::openapi::{Bodied, Protected};
use crate::selecting;
use crate::state::App;
use crate::wire::sites::{ForgetSiteRequest, SetSiteRequest, Site, Sites};

/// List sites
///
/// Returns what was said of the workspace's sites. Sites of which nothing was said are read by themselves and are not listed.
#[utoipa::path(
    get, path = "/v2/sites/public", operation_id = "list_sites", tag = "sites", security(("key" = ["read"])),
    responses((status = 200, description = "The sites.", body = Sites), Protected),
)]
pub async fn list_sites(app: App, Reader(workspace): Reader) -> Result<Json<Sites>, Error> {
    let sites = app.store.glance().await?.sites(workspace).await?;
    Ok(Json(Sites { sites: sites.into_iter().map(Site::from).collect() }))
}

/// Say what is content on a site
///
/// Replaces what was said of the host before. It holds for pages that are read from now on: refresh the documents that are to
/// be read again. A page on which `keep` matches nothing is read without it, with a warning.
#[utoipa::path(
    post, path = "/v2/sites/public", operation_id = "set_site", tag = "sites", security(("key" = ["write"])),
    request_body(content = SetSiteRequest, description = "The host and at least one selector. Other fields are refused."),
    responses(
        (status = 200, description = "It is kept.", body = Site),
        (status = 400, description = "The body is malformed, or a selector cannot be read.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "name at least one selector in keep or drop"))),
        Bodied,
        Protected,
    ),
)]
pub async fn set_site(app: App, Writer(workspace): Writer, JsonBody(body): JsonBody) -> Result<Json<Site>, Error> {
    let site = selecting::said(&body, app.store.now())?;
    let mut write = app.store.write().await?;
    write.set_site(workspace, &site).await?;
    write.commit().await?;
    Ok(Json(site.into()))
}

/// Forget what was said of a site
///
/// Its pages are read by themselves from now on. Returns what is still said of the workspace's other sites.
#[utoipa::path(
    post, path = "/v2/sites/public/forget", operation_id = "forget_site", tag = "sites", security(("key" = ["write"])),
    request_body(content = ForgetSiteRequest, description = "The host. Other fields are refused."),
    responses(
        (status = 200, description = "It is forgotten.", body = Sites),
        (status = 400, description = "The body is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the body must be a JSON object, got null"))),
        (status = 404, description = "Nothing was said of this host.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "nothing was said of \"docs.example.com\""))),
        Bodied,
        Protected,
    ),
)]
pub async fn forget_site(app: App, Writer(workspace): Writer, JsonBody(body): JsonBody) -> Result<Json<Sites>, Error> {
    let host = selecting::forgotten(&body)?;
    let mut write = app.store.write().await?;
    if !write.forget_site(workspace, &host).await? {
        return Err(Error::NotFound(format!("nothing was said of {host:?}")));
    }
    let sites = write.sites(workspace).await?;
    write.commit().await?;
    Ok(Json(Sites { sites: sites.into_iter().map(Site::from).collect() }))
}
