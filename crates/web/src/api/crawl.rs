//! Looking for the pages of a site.

use axum::Json;
use axum::http::StatusCode;

use crate::auth::Writer;
use crate::body::JsonBody;
use crate::crawling;
use crate::error::{Error, ErrorBody};
use crate::openapi::{Bodied, Protected};
use crate::state::App;
use crate::wire::crawl::{CrawlRequest, Crawled};

/// Find the pages of a site
///
/// Reads the sitemaps of the sites, then the links of their pages, breadth first, and returns the addresses of pages that can be queued.
/// Nothing is kept or queued. robots.txt and the pauses between requests are those of ingestion, and each site is read by itself only as far
/// as it takes to know enough addresses. The answer comes within 60 s with what was found by then; `message` says when it was cut short.
#[utoipa::path(
    post, path = "/v2/documents/public/deep-crawl/links", operation_id = "crawl_links", tag = "documents",
    security(("key" = ["write"])),
    request_body(content = CrawlRequest, description = "Where to begin and how far to go. Fields not named here are ignored."),
    responses(
        (status = 200, description = "What was found.", body = Crawled),
        (status = 400, description = "The body is malformed, or names no URL to begin at.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "name at least one URL in links"))),
        Bodied,
        Protected,
    ),
)]
pub async fn crawl_links(
    app: App,
    Writer(_workspace): Writer,
    JsonBody(body): JsonBody,
) -> Result<Json<Crawled>, Error> {
    let (plan, wants_report) = crawling::read(&body)?;
    let report = app.crawls.crawl(&plan).await.map_err(|failure| Error::Crawl(failure.to_string()))?;
    Ok(Json(Crawled::new(report, wants_report)))
}
