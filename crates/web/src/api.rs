//! The routes: each parses, makes one store call, answers.

mod documents;
mod health;
mod queue;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::docs;
use crate::openapi::head;
use crate::state::State;

/// Every described route with its description.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(head())
        .routes(routes!(documents::list_documents, queue::queue_documents))
        .routes(routes!(documents::get_document))
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(docs::openapi))
}
