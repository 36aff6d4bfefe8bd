//! Queueing documents.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use model::WorkspaceId;
use store::{Queueing, WebBatch};

use crate::auth::Writer;
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::idempotency::{self, Call, IdempotencyKey};
use crate::openapi::{Bodied, Protected};
use crate::queueing;
use crate::state::App;
use crate::wire::{QueueRequest, Queued};

/// Queue documents
///
/// Queues a run for each item and returns at once. Web pages need no registration: name their URLs. Spellings of one page
/// (fragment, tracking parameters, default port) are one document; a page that is known already is refreshed; a document that
/// already waits or runs gets no second job. The call is atomic: when it is refused, nothing has changed.
///
/// Then poll `GET /v2/documents/public/{id}`, or list with `linkedJobStatus`. Every run ends in `COMPLETED` or `FAILED`.
///
/// Send an `Idempotency-Key` to make a call safe to repeat: the same key and body give the first answer again for 24 hours.
#[utoipa::path(
    post, path = "/v2/documents/public", operation_id = "queue_documents", tag = "documents",
    security(("key" = ["write"])),
    params(IdempotencyKey),
    request_body(content = QueueRequest, description = "What to queue. Fields not named here are ignored."),
    responses(
        (status = 200, description = "The runs are queued.", body = Queued),
        (status = 400, description = "The body is malformed or names something that cannot be queued; the message lists the items.",
            body = ErrorBody, examples(
                ("id_instead_of_url" = (summary = "IDs where web imports take URLs", value = json!(ErrorBody::new(StatusCode::BAD_REQUEST, 
                    "documentIdsToAdd[0] \"5d9f67a8-d853-4af4-b7ce-23ebba1245e5\" is an ID; web imports take URLs such as https://example.com/page, not IDs")))),
                ("wrong_type" = (summary = "A field of the wrong type", value = json!(ErrorBody::new(StatusCode::BAD_REQUEST, 
                    "documentIdsToAdd[3] must be a string, got a number")))),
                ("nothing_named" = (summary = "Nothing to queue", value = json!(ErrorBody::new(StatusCode::BAD_REQUEST, 
                    "name at least one item in documentIdsToAdd or documentIdsToRefresh")))),
            )),
        (status = 409, description = "The Idempotency-Key came with another body before.", body = ErrorBody,
            example = json!(idempotency::reused().body())),
        Bodied,
        Protected,
    ),
)]
pub async fn queue_documents(
    app: App,
    Writer(workspace): Writer,
    key: IdempotencyKey,
    JsonBody(body): JsonBody,
) -> Result<impl IntoResponse, Error> {
    let batch = queueing::read(&body, &app)?;
    let answer = queue(&app, workspace, batch, key.with(&body)).await?;
    Ok(([(CONTENT_TYPE, "application/json")], answer))
}

/// Queues the batch, with the calls that come at the same time or, where it must be remembered, by itself.
async fn queue(app: &App, workspace: WorkspaceId, batch: WebBatch, call: Option<Call>) -> Result<String, Error> {
    match call {
        None => answer(app.store.queue_web(workspace, batch).await?),
        Some(call) => queue_once(app, workspace, &batch, &call).await,
    }
}

/// Queues the batch in one transaction with its answer, or finds the answer that the same call got before.
async fn queue_once(app: &App, workspace: WorkspaceId, batch: &WebBatch, call: &Call) -> Result<String, Error> {
    let now = app.store.now();
    let mut write = app.store.write().await?;
    if let Some(answer) = call.recall(&mut write, workspace, now).await? {
        return Ok(answer);
    }
    let answer = answer(write.queue_web(workspace, batch, now).await?)?;
    call.save(&mut write, workspace, &answer).await?;
    write.commit().await?;
    app.store.bell().ring(now);
    Ok(answer)
}

fn answer(queueing: Queueing) -> Result<String, Error> {
    match queueing {
        Queueing::Unknown(urls) => Err(queueing::unknown(&urls)),
        Queueing::Queued { added, updated } => Ok(Queued::new(&added, &updated).to_json()),
    }
}
