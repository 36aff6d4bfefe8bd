//! Queueing documents.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use model::WorkspaceId;
use store::{KnownQueueing, Queueing};

use crate::auth::Writer;
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::idempotency::{self, Call, IdempotencyKey};
use crate::naming;
use crate::openapi::{Bodied, Protected};
use crate::queueing::{self, Asked};
use crate::state::App;
use crate::wire::{QueueRequest, Queued};

/// Queue documents
///
/// Queues a run for each item and returns at once. Web pages need no registration: name their URLs. Spellings of one page
/// (fragment, tracking parameters, default port) are one document; a page that is known already is refreshed; a document that
/// already waits or runs gets no second job. What a provider has is registered first and then named by its document ID, with the
/// provider as `source`. The call is atomic: when it is refused, nothing has changed.
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
    let asked = queueing::read(&body, &app)?;
    let answer = queue(&app, workspace, asked, key.with(&body)).await?;
    Ok(([(CONTENT_TYPE, "application/json")], answer))
}

/// Queues pages with the calls that come at the same time; what must be remembered, and what is named by its ID, by itself.
async fn queue(app: &App, workspace: WorkspaceId, asked: Asked, call: Option<Call>) -> Result<String, Error> {
    match (asked, call) {
        (Asked::Pages(batch), None) => told(app.store.queue_web(workspace, batch).await?),
        (asked, call) => queue_alone(app, workspace, &asked, call).await,
    }
}

/// Queues in one transaction with its answer, or finds the answer that the same call got before.
async fn queue_alone(app: &App, workspace: WorkspaceId, asked: &Asked, call: Option<Call>) -> Result<String, Error> {
    let now = app.store.now();
    let mut write = app.store.write().await?;
    if let Some(call) = &call
        && let Some(answer) = call.recall(&mut write, workspace, now).await?
    {
        return Ok(answer);
    }
    let answer = match asked {
        Asked::Pages(batch) => told(write.queue_web(workspace, batch, now).await?)?,
        Asked::Known(source, batch) => {
            write.connection_to(workspace, *source).await?.ok_or_else(|| queueing::not_connected(*source))?;
            told_known(write.queue_known(workspace, batch, now).await?)?
        }
    };
    if let Some(call) = &call {
        call.save(&mut write, workspace, &answer).await?;
    }
    write.commit().await?;
    app.store.bell().ring(now);
    Ok(answer)
}

fn told(queueing: Queueing) -> Result<String, Error> {
    match queueing {
        Queueing::Unknown(urls) => Err(queueing::unknown(&urls)),
        Queueing::Queued { added, updated } => Ok(Queued::new(&added, &updated).to_json()),
    }
}

fn told_known(queueing: KnownQueueing) -> Result<String, Error> {
    match queueing {
        KnownQueueing::Refused(unfit) => Err(naming::unfit("the request", &unfit)),
        KnownQueueing::Queued { added, updated } => Ok(Queued::new(&added, &updated).to_json()),
    }
}
