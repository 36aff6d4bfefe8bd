//! The OpenAPI document and the page that shows it, with files built into the binary and nothing from elsewhere.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Router};
use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::quoted::quoted;
use crate::state::State;

/// This server and nothing else. The style sheet holds its icons as `data:` images.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// A file of the page.
struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    /// Made from the bytes when it is first asked for.
    tag: OnceLock<HeaderValue>,
}

impl Asset {
    const fn new(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Self {
        Self { name, kind, bytes, tag: OnceLock::new() }
    }
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

static PAGE: Asset = Asset::new("docs.html", "text/html; charset=utf-8", include_bytes!("../assets/docs.html"));
static ASSETS: [Asset; 5] = [
    Asset::new("swagger-ui-bundle.js", SCRIPT, include_bytes!("../assets/swagger-ui-bundle.js")),
    Asset::new("swagger-ui.css", STYLE, include_bytes!("../assets/swagger-ui.css")),
    Asset::new("docs.js", SCRIPT, include_bytes!("../assets/docs.js")),
    Asset::new("docs.css", STYLE, include_bytes!("../assets/docs.css")),
    Asset::new("icon.svg", "image/svg+xml", include_bytes!("../assets/icon.svg")),
];

/// The OpenAPI document as text, made once and given to its route.
#[derive(Clone)]
pub struct Description(pub Bytes);

/// The page, its files, and the way there from `/`.
pub fn routes() -> Router<State> {
    use axum::routing::get;
    Router::new()
        .route("/", get(async || Redirect::temporary("/docs")))
        .route("/docs", get(async |headers: HeaderMap| file(&PAGE, &headers)))
        .route("/docs/{file}", get(asset))
}

/// Describe the API
///
/// This document: OpenAPI 3.1, generated from the code that answers.
#[utoipa::path(get, path = "/openapi.json", operation_id = "openapi", tag = "docs", security(()),
    responses((status = 200, description = "The OpenAPI document.", body = serde_json::Value)))]
pub async fn openapi(Extension(Description(text)): Extension<Description>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], text)
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    let missing = || Error::NotFound(format!("there is no file {} of the documentation page", quoted(&name)));
    found.map(|asset| file(asset, &headers)).ok_or_else(missing)
}

/// The file, or word that the caller's copy is still good.
fn file(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let tag = asset.tag.get_or_init(|| etag(asset.bytes));
    let always =
        [(ETAG, tag.clone()), (CACHE_CONTROL, HeaderValue::from_static("no-cache")), (CONTENT_SECURITY_POLICY, POLICY)];
    if headers.get(IF_NONE_MATCH) == Some(tag) {
        return (StatusCode::NOT_MODIFIED, always).into_response();
    }
    (always, [(CONTENT_TYPE, asset.kind)], Bytes::from_static(asset.bytes)).into_response()
}

fn etag(bytes: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(bytes);
    let short = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    HeaderValue::try_from(format!("\"{short:016x}\"")).expect("a quoted hex number is visible ASCII")
}
