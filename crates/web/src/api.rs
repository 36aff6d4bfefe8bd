//! The routes: each parses, makes one store call, answers.

mod connections;
mod control;
mod crawl;
mod documents;
mod health;
mod jobs;
mod metrics;
mod queue;
mod refresh;
mod resources;
mod sites;
mod syncs;
mod uploads;

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
        .routes(routes!(documents::list_revisions))
        .routes(routes!(refresh::refresh_documents))
        .routes(routes!(uploads::upload_files))
        .routes(routes!(crawl::crawl_links))
        .routes(routes!(resources::list_resources, resources::register_resources))
        .routes(routes!(connections::list_connections, connections::connect))
        .routes(routes!(connections::disconnect))
        .routes(routes!(connections::test_connection))
        .routes(routes!(syncs::sync_connection))
        .routes(routes!(syncs::list_syncs))
        .routes(routes!(syncs::get_sync))
        .routes(routes!(syncs::list_sync_items))
        .routes(routes!(jobs::list_jobs))
        .routes(routes!(jobs::cancel_jobs))
        .routes(routes!(jobs::retry_jobs))
        .routes(routes!(jobs::get_job))
        .routes(routes!(jobs::cancel_job))
        .routes(routes!(jobs::retry_job))
        .routes(routes!(control::get_queue))
        .routes(routes!(control::pause_queue))
        .routes(routes!(control::resume_queue))
        .routes(routes!(sites::list_sites, sites::set_site))
        .routes(routes!(sites::forget_site))
        .routes(routes!(metrics::metrics))
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(docs::openapi))
}
