//! Whether the process lives and whether it can answer.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, ErrorBody, UNAVAILABLE};
use crate::state::App;

/// The process lives.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: String,
    /// The version that runs.
    #[schema(example = "0.1.0")]
    version: String,
}

/// The process can answer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Readiness {
    /// Always `ready`.
    #[schema(example = "ready")]
    status: String,
}

/// Does the process live?
///
/// Answers without looking at anything else. Restart the process when this fails.
#[utoipa::path(get, path = "/healthz", operation_id = "health", tag = "health", security(()),
    responses((status = 200, description = "It lives.", body = Health)))]
pub async fn health(app: App) -> Json<Health> {
    Json(Health { status: "ok".to_owned(), version: app.version.to_owned() })
}

/// Can it answer?
///
/// Asks the database. Send no traffic while this fails; it mends itself when the database is back.
#[utoipa::path(get, path = "/readyz", operation_id = "ready", tag = "health", security(()),
    responses(
        (status = 200, description = "It can.", body = Readiness),
        (status = 503, description = "The database does not answer.", body = ErrorBody,
            headers(("Retry-After" = i64, description = "Seconds until it is worth asking again.")),
            example = json!(ErrorBody::new(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE))),
    ))]
pub async fn ready(app: App) -> Result<Json<Readiness>, Error> {
    app.store.ready().await.map_err(Error::Unavailable)?;
    Ok(Json(Readiness { status: "ready".to_owned() }))
}
