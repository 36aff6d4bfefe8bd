//! Uploading files.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use model::Priority;

use crate::auth::Writer;
use crate::error::{Error, ErrorBody};
use crate::openapi::{Bodied, Protected};
use crate::state::App;
use crate::uploading;
use crate::wire::{Queued, UploadRequest};

/// Upload files
///
/// Takes each file of a form as a document of its own and queues it at once. Its format is told by its bytes. An upload cannot
/// be refreshed: delete it and upload the new file.
#[utoipa::path(
    post, path = "/v2/uploads/public", operation_id = "upload_files", tag = "documents",
    security(("key" = ["write"])),
    request_body(content = UploadRequest, content_type = "multipart/form-data", description = "The files, and how to read them."),
    responses(
        (status = 200, description = "Each file is a document, and its run is queued.", body = Queued),
        (status = 400, description = "There is no file, or the form is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "send at least one file: a part of the form with a file name"))),
        Bodied,
        Protected,
    ),
)]
pub async fn upload_files(app: App, Writer(workspace): Writer, request: Request) -> Result<Json<Queued>, Error> {
    let uploaded = uploading::read(request, &app).await?;
    let priority = Priority::of_call(uploaded.files.len());
    let added = app.store.queue_uploads(workspace, &uploaded.files, priority, app.max_attempts).await?;
    Ok(Json(Queued::new(&added, &[])))
}
