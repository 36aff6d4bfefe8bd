//! The OpenAPI document and the page that shows it, with files built into the binary and nothing from elsewhere.

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

/// A file of the page: its name, its media type, its bytes.
struct Asset(&'static str, &'static str, &'static [u8]);

const PAGE: Asset = Asset("docs.html", "text/html; charset=utf-8", include_bytes!("../assets/docs.html"));
const ASSETS: [Asset; 5] = [
    Asset("swagger-ui-bundle.js", SCRIPT, include_bytes!("../assets/swagger-ui-bundle.js")),
    Asset("swagger-ui.css", STYLE, include_bytes!("../assets/swagger-ui.css")),
    Asset("docs.js", SCRIPT, include_bytes!("../assets/docs.js")),
    Asset("docs.css", STYLE, include_bytes!("../assets/docs.css")),
    Asset("icon.svg", "image/svg+xml", include_bytes!("../assets/icon.svg")),
];
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

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
    let found = ASSETS.iter().find(|asset| asset.0 == name);
    let missing = || Error::NotFound(format!("there is no file {} of the documentation page", quoted(&name)));
    found.map(|asset| file(asset, &headers)).ok_or_else(missing)
}

/// The file, or word that the caller's copy is still good.
fn file(Asset(_, kind, bytes): &Asset, headers: &HeaderMap) -> Response {
    let tag = etag(bytes);
    let known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let always = [
        (ETAG, HeaderValue::try_from(tag).expect("a quoted hex number is visible ASCII")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (CONTENT_SECURITY_POLICY, POLICY),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, always).into_response();
    }
    (always, [(CONTENT_TYPE, *kind)], Bytes::from_static(bytes)).into_response()
}

fn etag(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let short = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("\"{short:016x}\"")
}
