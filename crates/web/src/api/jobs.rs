//! Jobs: listed, looked at, cancelled, retried.

use axum::Json;
use axum::http::StatusCode;
use model::job::Ending;
use model::{DocumentId, JobId, WorkspaceId};
use store::{JobInfo, JobStanding, Retried, Which};

use crate::auth::{Reader, Writer};
use crate::body::JsonBody;
use crate::choosing::{self, JobsQuery};
use crate::error::{Error, ErrorBody};
use crate::offenders::Offenders;
use crate::openapi::{Bodied, Protected};
use crate::path_id::Id;
use crate::query::Query;
use crate::state::App;
use crate::wire::jobs::{self as wire, CancelRequest, Cancelled, Job, Jobs, RetryRequest};

/// Why a document failed whose job was cancelled here.
const WHY: &str = "a caller of the API cancelled the run";

/// List live jobs
///
/// Returns one page of the workspace's jobs that wait or run, in the order of queueing. To go on, send the last `id` of the
/// page as `cursor`. Finished jobs are not listed: their documents say how they ended.
#[utoipa::path(
    get, path = "/v2/jobs/public", operation_id = "list_jobs", tag = "jobs", security(("key" = ["read"])),
    params(JobsQuery),
    responses(
        (status = 200, description = "One page.", body = Jobs),
        (status = 400, description = "A parameter is unknown to its set, out of range, repeated or not decodable.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST,
                "the query parameter state must be one of ready, delayed, in_line, held, running, got \"done\""))),
        Protected,
    ),
)]
pub async fn list_jobs(app: App, Reader(workspace): Reader, query: Query) -> Result<Json<Jobs>, Error> {
    let page = choosing::page(query)?;
    let (jobs, has_more) = app.store.glance().await?.jobs(workspace, &page, app.store.now()).await?;
    Ok(Json(Jobs { jobs: jobs.into_iter().map(Job::from).collect(), has_more }))
}

/// Get one job
///
/// Returns a job, live or finished. Finished jobs are remembered for 30 days.
#[utoipa::path(
    get, path = "/v2/jobs/public/{id}", operation_id = "get_job", tag = "jobs", security(("key" = ["read"])),
    params(("id" = String, Path, format = Uuid, description = "The job's ID: a document's `linkedJobId`, or from the list.",
        example = "9f347ddb-1f90-43a2-ac9f-4f77f37a2c26")),
    responses(
        (status = 200, description = "The job.", body = Job),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the job ID must be a UUID, got \"42\""))),
        (status = 404, description = "No job has this ID, or it was forgotten.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no job 9f347ddb-1f90-43a2-ac9f-4f77f37a2c26"))),
        Protected,
    ),
)]
pub async fn get_job(app: App, Reader(workspace): Reader, Id(id): Id<JobId>) -> Result<Json<Job>, Error> {
    found(&app, workspace, id).await.map(|job| Json(job.into()))
}

/// Cancel one job
///
/// Ends a job where it stands; its document becomes `FAILED` with the code `cancelled` and keeps its last good text. A run that
/// is under way is stopped within a second, and what it would have saved is not kept. Safe to repeat.
#[utoipa::path(
    post, path = "/v2/jobs/public/{id}/cancel", operation_id = "cancel_job", tag = "jobs", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The job's ID.", example = "9f347ddb-1f90-43a2-ac9f-4f77f37a2c26")),
    responses(
        (status = 200, description = "It is cancelled.", body = Job),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the job ID must be a UUID, got \"42\""))),
        (status = 404, description = "No job has this ID, or it was forgotten.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no job 9f347ddb-1f90-43a2-ac9f-4f77f37a2c26"))),
        (status = 409, description = "It has ended otherwise before.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::CONFLICT,
                "job 9f347ddb-1f90-43a2-ac9f-4f77f37a2c26 has completed already; there is nothing to cancel"))),
        Protected,
    ),
)]
pub async fn cancel_job(app: App, Writer(workspace): Writer, Id(id): Id<JobId>) -> Result<Json<Job>, Error> {
    app.store.cancel(workspace, &Which::Job(id), WHY).await?;
    let job = found(&app, workspace, id).await?;
    match &job.standing {
        JobStanding::Ended { how: Ending::Cancelled, .. } => Ok(Json(job.into())),
        JobStanding::Ended { how, .. } => {
            Err(Error::Conflict(format!("job {id} has {how} already; there is nothing to cancel")))
        }
        JobStanding::Live { .. } => {
            Err(Error::Conflict(format!("job {id} could not be cancelled just now; try again")))
        }
    }
}

/// Retry one job
///
/// Queues the document of a failed or cancelled job again, with a new job that has all its attempts ahead of it, and returns
/// that job.
#[utoipa::path(
    post, path = "/v2/jobs/public/{id}/retry", operation_id = "retry_job", tag = "jobs", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The ID of the document's latest job.",
        example = "9f347ddb-1f90-43a2-ac9f-4f77f37a2c26")),
    responses(
        (status = 200, description = "The new job.", body = Job),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the job ID must be a UUID, got \"42\""))),
        (status = 404, description = "No job has this ID, or it was forgotten.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no job 9f347ddb-1f90-43a2-ac9f-4f77f37a2c26"))),
        (status = 409, description = "It lives, completed, or is not the document's latest.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::CONFLICT,
                "job 9f347ddb-1f90-43a2-ac9f-4f77f37a2c26 completed; only what failed is retried"))),
        Protected,
    ),
)]
pub async fn retry_job(app: App, Writer(workspace): Writer, Id(id): Id<JobId>) -> Result<Json<Job>, Error> {
    let now = app.store.now();
    let mut write = app.store.write().await?;
    let retried = write.retry_job(workspace, id, app.max_attempts, now).await?;
    if let Some(refusal) = retried.refusal(id) {
        return Err(Error::Conflict(refusal));
    }
    write.commit().await?;
    let new = if let Retried::Queued(new) = retried { new } else { id };
    app.store.bell().ring(now);
    found(&app, workspace, new).await.map(|job| Json(job.into()))
}

/// Cancel many jobs
///
/// Ends the workspace's live jobs at a host, of some documents, or all of them, like cancelling each. Documents without a live
/// job are passed over.
#[utoipa::path(
    post, path = "/v2/jobs/public/cancel", operation_id = "cancel_jobs", tag = "jobs", security(("key" = ["write"])),
    request_body(content = CancelRequest, description = "Which jobs. Other fields are refused."),
    responses(
        (status = 200, description = "They are cancelled.", body = Cancelled),
        (status = 400, description = "The body is malformed, names nothing, or names documents that do not exist.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "name one of host, documentIds, or all: true"))),
        Bodied,
        Protected,
    ),
)]
pub async fn cancel_jobs(
    app: App,
    Writer(workspace): Writer,
    JsonBody(body): JsonBody,
) -> Result<Json<Cancelled>, Error> {
    let which = choosing::cancelled(&body, &app.limits)?;
    if let Which::Documents(documents) = &which {
        all_ours(&app, workspace, documents).await?;
    }
    let cancelled = app.store.cancel(workspace, &which, WHY).await?;
    Ok(Json(Cancelled { cancelled }))
}

/// Retry many documents
///
/// Queues the workspace's failed documents again: those that failed with some codes, those at a host, so many, or all. What
/// was named must all hold. Documents that wait or run already are passed over.
#[utoipa::path(
    post, path = "/v2/jobs/public/retry", operation_id = "retry_jobs", tag = "jobs", security(("key" = ["write"])),
    request_body(content = RetryRequest, description = "Which documents. Other fields are refused."),
    responses(
        (status = 200, description = "They are queued.", body = wire::Retried),
        (status = 400, description = "The body is malformed or names nothing.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST,
                "name at least one of codes, host and limit, or say all: true alone"))),
        Bodied,
        Protected,
    ),
)]
pub async fn retry_jobs(
    app: App,
    Writer(workspace): Writer,
    JsonBody(body): JsonBody,
) -> Result<Json<wire::Retried>, Error> {
    let which = choosing::retried(&body, &app.limits)?;
    let retried = app.store.retry(workspace, &which, app.max_attempts).await?;
    Ok(Json(wire::Retried { retried }))
}

/// The job, or why it is not there for this caller.
async fn found(app: &App, workspace: WorkspaceId, id: JobId) -> Result<JobInfo, Error> {
    let mut read = app.store.read().await?;
    if let Some(job) = read.job(workspace, id, app.store.now()).await? {
        return Ok(job);
    }
    match read.job_owner(id).await? {
        Some(owner) if owner != workspace => Err(Error::Foreign(format!("job {id}"))),
        _ => Err(Error::NotFound(format!("there is no job {id}; finished ones are forgotten after a while"))),
    }
}

/// Refuses documents of others, and such as do not exist.
async fn all_ours(app: &App, workspace: WorkspaceId, documents: &[DocumentId]) -> Result<(), Error> {
    let owners = app.store.glance().await?.owners(documents).await?;
    if let Some(foreign) = documents.iter().find(|id| owners.get(id).is_some_and(|owner| *owner != workspace)) {
        return Err(Error::Foreign(format!("document {foreign}")));
    }
    let mut offenders = Offenders::default();
    for (at, id) in documents.iter().enumerate().filter(|(_, id)| !owners.contains_key(id)) {
        offenders.add(|| format!("documentIds[{at}] {id} is not known in this workspace"));
    }
    offenders.refuse()
}
