//! The routes: each parses, makes one store call, answers.

mod agents;
mod articles;
mod connections;
mod control;
mod crawl;
mod deleting;
mod documents;
mod drafting;
mod folders;
mod health;
mod jobs;
mod knowledge;
mod metrics;
mod queue;
mod refresh;
mod resources;
mod review;
mod schedules;
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
        .routes(routes!(documents::list_documents, queue::queue_documents, deleting::delete_documents))
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
        .routes(routes!(review::list_drafts))
        .routes(routes!(review::approve_drafts))
        .routes(routes!(review::review_draft))
        .routes(routes!(review::approve_draft))
        .routes(routes!(review::dismiss_draft))
        .routes(routes!(review::list_audit))
        .routes(routes!(articles::list_articles, articles::create_article))
        .routes(routes!(articles::articles_by_id))
        .routes(routes!(articles::update_article, articles::delete_article))
        .routes(routes!(articles::move_article))
        .routes(routes!(drafting::draft_article))
        .routes(routes!(drafting::publish_draft))
        .routes(routes!(drafting::list_versions))
        .routes(routes!(drafting::restore_version))
        .routes(routes!(folders::get_tree, folders::create_folder))
        .routes(routes!(folders::update_folder, folders::delete_folder))
        .routes(routes!(folders::move_folder))
        .routes(routes!(folders::assign_folders))
        .routes(routes!(agents::list_agents, agents::create_agent))
        .routes(routes!(agents::rename_agent, agents::delete_agent))
        .routes(routes!(knowledge::generate_knowledge))
        .routes(routes!(knowledge::generate_many))
        .routes(routes!(knowledge::knowledge_jobs))
        .routes(routes!(schedules::list_schedules, schedules::set_schedule))
        .routes(routes!(schedules::remove_schedule))
        .routes(routes!(metrics::metrics))
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(docs::openapi))
}
