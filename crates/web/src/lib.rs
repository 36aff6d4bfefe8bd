//! The HTTP API: routes, the error envelope, the OpenAPI document and its page.

mod api;
mod auth;
mod authoring;
mod body;
mod choosing;
mod connecting;
mod crawling;
pub mod crawls;
mod docs;
mod edge;
mod error;
mod fields;
mod generating;
mod idempotency;
mod listing;
mod metrics;
mod naming;
mod offenders;
mod openapi;
mod paging;
mod path_id;
mod possession;
pub mod providers;
mod query;
mod queueing;
mod quoted;
mod registering;
mod request_id;
mod selecting;
mod serve;
mod snapshot;
mod state;
mod tree;
mod uploading;
pub mod wire;
mod words;

use axum::extract::DefaultBodyLimit;
use axum::{Extension, Router};
use utoipa::openapi::OpenApi;

pub use error::ErrorBody;
pub use serve::serve;
pub use snapshot::Snapshot;
pub use state::{Limits, State};

/// Every route, ready to serve.
pub fn router(state: State) -> Router {
    let (described, document) = api::routes().split_for_parts();
    let description = docs::Description(printed(&openapi::finished(document)).into());
    let router = described
        .merge(docs::routes())
        .fallback(edge::unknown_route)
        .method_not_allowed_fallback(edge::unknown_method)
        .layer(Extension(description))
        .layer(DefaultBodyLimit::max(state.limits.body))
        .with_state(state);
    edge::around(router)
}

/// What the routes promise, made from their code.
pub fn openapi() -> OpenApi {
    openapi::finished(api::routes().split_for_parts().1)
}

/// The same as text: what `/openapi.json` sends and `docs/openapi.json` holds.
pub fn openapi_json() -> String {
    printed(&openapi())
}

fn printed(document: &OpenApi) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("the document holds texts, numbers and lists only");
    text.push('\n');
    text
}
