//! The numbers for monitors.

use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::IntoResponse;

use crate::edge;
use crate::error::{Error, ErrorBody};
use crate::metrics;
use crate::state::App;

/// The numbers for monitors
///
/// The queue and this process in numbers, in the Prometheus text format. It names no customer, host or document. The numbers of
/// the queue are up to five seconds old; while the database does not answer they are left out, and `gleaner_database_up` is 0.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "health", security(()),
    responses(
        (status = 200, description = "The numbers.", body = String, content_type = "text/plain"),
        (status = 404, description = "The server was started without them.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no route \"/metrics\"; /docs lists the routes"))),
    ))]
pub async fn metrics(app: App, uri: Uri) -> Result<impl IntoResponse, Error> {
    if !app.metrics {
        return Err(edge::unknown_route(uri).await);
    }
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics::page(&app).await))
}
