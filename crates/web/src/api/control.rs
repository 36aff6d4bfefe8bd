//! The queue of a workspace: how it stands, pause, resume.

use axum::Json;
use axum::http::StatusCode;
use model::WorkspaceId;
use store::{Pausable, Store};

use crate::auth::{Reader, Writer};
use crate::body::JsonBody;
use crate::choosing;
use crate::error::{Error, ErrorBody};
use crate::openapi::{Bodied, Protected};
use crate::state::App;
use crate::wire::queue::{PauseRequest, Queue};

/// How the queue stands
///
/// Counts the workspace's live jobs and names what holds them up. It looks at every live job: ask it now and then, not in a loop.
#[utoipa::path(
    get, path = "/v2/queue/public", operation_id = "get_queue", tag = "queue", security(("key" = ["read"])),
    responses((status = 200, description = "The queue.", body = Queue), Protected),
)]
pub async fn get_queue(app: App, Reader(workspace): Reader) -> Result<Json<Queue>, Error> {
    queue(&app.store, workspace).await.map(Json)
}

/// Pause the workspace
///
/// Lets nothing of the workspace start from now on, whoever queues it; what runs goes on to its end. Documents that wait say
/// `paused` with the reason. A second pause changes the reason alone. Returns the queue.
#[utoipa::path(
    post, path = "/v2/queue/public/pause", operation_id = "pause_queue", tag = "queue", security(("key" = ["write"])),
    request_body(content = PauseRequest, description = "Why. Other fields are refused."),
    responses(
        (status = 200, description = "It is paused.", body = Queue),
        (status = 400, description = "The body is malformed or the reason is no line of text.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "reason must be a line of text of 1 to 500 characters"))),
        Bodied,
        Protected,
    ),
)]
pub async fn pause_queue(app: App, Writer(workspace): Writer, JsonBody(body): JsonBody) -> Result<Json<Queue>, Error> {
    let reason = choosing::reason(&body)?;
    let mut write = app.store.write().await?;
    write.pause(&Pausable::Workspace(workspace), &reason, app.store.now()).await?;
    write.commit().await?;
    queue(&app.store, workspace).await.map(Json)
}

/// Resume the workspace
///
/// Ends the pause of the workspace. Its jobs go on in their old order; many thousands take some seconds to come back. Without
/// a pause nothing changes. A pause of a host is the operator's to end. Returns the queue.
#[utoipa::path(
    post, path = "/v2/queue/public/resume", operation_id = "resume_queue", tag = "queue", security(("key" = ["write"])),
    responses((status = 200, description = "It is not paused.", body = Queue), Protected),
)]
pub async fn resume_queue(app: App, Writer(workspace): Writer) -> Result<Json<Queue>, Error> {
    let mut write = app.store.write().await?;
    write.resume(&Pausable::Workspace(workspace)).await?;
    write.commit().await?;
    // Whoever is stopped in the middle leaves the rest to the workers.
    let store = app.store.clone();
    tokio::spawn(async move {
        if let Err(error) = store.release_held().await {
            tracing::warn!(%error, "not every held job could be taken up; the workers go on with them");
        }
        store.bell().ring(store.now());
    });
    queue(&app.store, workspace).await.map(Json)
}

async fn queue(store: &Store, workspace: WorkspaceId) -> Result<Queue, Error> {
    let mut read = store.read().await?;
    let counts = read.live_counts(Some(workspace)).await?;
    let pauses = read.pauses_over(workspace).await?;
    Ok(Queue::new(&counts, pauses, read.workers_alive(store.now()).await?))
}
