//! Refreshing documents of any source.

use axum::Json;
use axum::http::StatusCode;
use store::KnownQueueing;

use crate::auth::Writer;
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::naming;
use crate::openapi::{Bodied, Protected};
use crate::state::App;
use crate::wire::RefreshRequest;

/// Refresh documents
///
/// Queues a run for each document, whatever its source, and returns the IDs. The call is atomic: one ID that cannot be refreshed
/// refuses it. Uploaded files cannot be refreshed; delete and upload them again.
#[utoipa::path(
    post, path = "/v2/documents/public/refresh", operation_id = "refresh_documents", tag = "documents",
    security(("key" = ["write"])),
    request_body(content = RefreshRequest, description = "Which documents. Fields not named here are ignored."),
    responses(
        (status = 200, description = "The IDs whose runs are queued.", body = Vec<String>),
        (status = 400, description = "The body is malformed or names documents that do not exist or cannot be refreshed.",
            body = ErrorBody, example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "name at least one document in documentIds"))),
        Bodied,
        Protected,
    ),
)]
pub async fn refresh_documents(
    app: App,
    Writer(workspace): Writer,
    JsonBody(body): JsonBody,
) -> Result<Json<Vec<String>>, Error> {
    let batch = naming::refreshed(&body, &app)?;
    match app.store.queue_known(workspace, &batch).await? {
        KnownQueueing::Queued { .. } => {
            Ok(Json(batch.documents.iter().map(|(document, _)| document.to_string()).collect()))
        }
        KnownQueueing::Refused(unfit) => Err(naming::unfit("documentIds", &unfit)),
    }
}
