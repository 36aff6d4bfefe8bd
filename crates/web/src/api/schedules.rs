//! Schedules: what is refreshed by itself.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use model::schedule::BOUNDS;
use model::{Coverage, DocumentId, Schedule as Stored, ScheduleId, Source, Timestamp};

use crate::auth::{Reader, Writer};
use crate::authoring::id;
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::fields::Fields;
use crate::openapi::{Bodied, Protected};
use crate::path_id::Id;
use crate::query::one_of;
use crate::quoted::quoted;
use crate::state::App;
use crate::wire::schedules::{Schedule, Schedules, SetScheduleRequest};

const EVERY: &str = "everySeconds";
const SOURCE: &str = "source";
const DOCUMENT: &str = "documentId";
const NOW: &str = "now";

/// List schedules
///
/// What is refreshed by itself, and when the next round begins.
#[utoipa::path(
    get, path = "/v2/schedules/public", operation_id = "list_schedules", tag = "schedules", security(("key" = ["read"])),
    responses((status = 200, description = "The schedules.", body = Schedules), Protected),
)]
pub async fn list_schedules(app: App, Reader(workspace): Reader) -> Result<Json<Schedules>, Error> {
    let schedules = app.store.glance().await?.schedules(workspace).await?;
    Ok(Json(Schedules { schedules: schedules.into_iter().map(Schedule::from).collect() }))
}

/// Set a schedule
///
/// Refreshes the documents of the workspace, of a kind of source, or one document, again and again, instead of what was set for
/// the same before. A round queues what has no run under way, as urgent as scheduled work is; uploaded files are left out.
#[utoipa::path(
    post, path = "/v2/schedules/public", operation_id = "set_schedule", tag = "schedules", security(("key" = ["write"])),
    request_body(content = SetScheduleRequest, description = "What, and how often. Other fields are refused."),
    responses(
        (status = 200, description = "It is set.", body = Schedule),
        (status = 400, description = "The body is malformed, or there is no such document.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "everySeconds is missing"))),
        Bodied,
        Protected,
    ),
)]
pub async fn set_schedule(
    app: App,
    Writer(workspace): Writer,
    JsonBody(body): JsonBody,
) -> Result<Json<Schedule>, Error> {
    let schedule = asked(&body, app.store.now())?;
    let mut write = app.store.write().await?;
    if let Coverage::Document(document) = schedule.scope {
        match write.owner(document).await? {
            Some(owner) if owner == workspace => {}
            Some(_) => return Err(Error::Foreign(format!("document {document}"))),
            None => return Err(Error::BadRequest(format!("{DOCUMENT} names {document}, which is no document"))),
        }
    }
    write.set_schedule(workspace, &schedule).await?;
    let kept = write.schedules(workspace).await?.into_iter().find(|kept| kept.scope == schedule.scope);
    write.commit().await?;
    Ok(Json(kept.unwrap_or(schedule).into()))
}

fn asked(body: &[u8], now: Timestamp) -> Result<Stored, Error> {
    let mut fields = Fields::read_strictly(body, &[EVERY, SOURCE, DOCUMENT, NOW], 0)?;
    let bounds = |bound: Duration| i64::try_from(bound.as_secs()).unwrap_or(i64::MAX);
    let every = fields.number(EVERY, bounds(BOUNDS.0)..=bounds(BOUNDS.1))?;
    let every = every.ok_or_else(|| Error::BadRequest(format!("{EVERY} is missing")))?;
    let every = Duration::from_secs(every.unsigned_abs());
    let source = fields.text(SOURCE)?.map(|text| source(&text)).transpose()?;
    let document = fields.text(DOCUMENT)?.map(|text| id::<DocumentId>(DOCUMENT, &text)).transpose()?;
    let scope = match (source, document) {
        (None, None) => Coverage::All,
        (Some(source), None) => Coverage::Source(source),
        (None, Some(document)) => Coverage::Document(document),
        (Some(_), Some(_)) => return Err(Error::BadRequest(format!("name {SOURCE} or {DOCUMENT}, not both"))),
    };
    let at_once = fields.flag(NOW)?.unwrap_or(false);
    let (id, created_at) = (ScheduleId::new(), now);
    let schedule = Stored { id, scope, every, next_at: now, last_at: None, last_queued: 0, created_at };
    let next_at = if at_once { now } else { schedule.after(now) };
    Ok(Stored { next_at, ..schedule })
}

fn source(text: &str) -> Result<Source, Error> {
    let words: Vec<&str> = Source::ALL.iter().map(|source| source.as_str()).collect();
    text.parse().map_err(|_| Error::BadRequest(format!("{SOURCE} must be {}, got {}", one_of(&words), quoted(text))))
}

/// Remove a schedule
///
/// What it has queued stays queued.
#[utoipa::path(
    delete, path = "/v2/schedules/public/{id}", operation_id = "remove_schedule", tag = "schedules", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The schedule's ID.", example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")),
    responses(
        (status = 200, description = "It is gone; these are left.", body = Schedules),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the schedule ID must be a UUID, got \"42\""))),
        (status = 404, description = "There is no such schedule.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no schedule 5d9f67a8-d853-4af4-b7ce-23ebba1245e5"))),
        Protected,
    ),
)]
pub async fn remove_schedule(
    app: App,
    Writer(workspace): Writer,
    Id(id): Id<ScheduleId>,
) -> Result<Json<Schedules>, Error> {
    let mut write = app.store.write().await?;
    if !write.remove_schedule(workspace, id).await? {
        let is_foreign = write.schedule_owner(id).await?.is_some();
        let refusal = if is_foreign {
            Error::Foreign(format!("schedule {id}"))
        } else {
            Error::NotFound(format!("there is no schedule {id}"))
        };
        return Err(refusal);
    }
    let left = write.schedules(workspace).await?;
    write.commit().await?;
    Ok(Json(Schedules { schedules: left.into_iter().map(Schedule::from).collect() }))
}
