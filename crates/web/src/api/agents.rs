//! Agents: who answers.

use axum::Json;
use axum::http::StatusCode;
use model::{Agent as Stored, AgentId};

use crate::auth::{Author, Reader};
use crate::authoring;
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::openapi::{Bodied, Protected};
use crate::path_id::Id;
use crate::possession::no_agent;
use crate::state::App;
use crate::wire::folders::{Agent, AgentRequest, Done};

/// List agents
///
/// All of them, the newest first.
#[utoipa::path(
    get, path = "/v2/bots/public", operation_id = "list_agents", tag = "folders", security(("key" = ["read"])),
    responses((status = 200, description = "The agents.", body = [Agent]), Protected),
)]
pub async fn list_agents(app: App, Reader(workspace): Reader) -> Result<Json<Vec<Agent>>, Error> {
    let agents = app.store.glance().await?.agents(workspace).await?;
    Ok(Json(agents.into_iter().map(Agent::from).collect()))
}

/// Create an agent
///
/// It answers from nothing until it is given folders.
#[utoipa::path(
    post, path = "/v2/bots/public", operation_id = "create_agent", tag = "folders", security(("key" = ["write"])),
    request_body(content = AgentRequest, description = "Its name."),
    responses(
        (status = 200, description = "The agent.", body = Agent),
        (status = 400, description = "The body is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "name is missing"))),
        Bodied,
        Protected,
    ),
)]
pub async fn create_agent(app: App, author: Author, JsonBody(body): JsonBody) -> Result<Json<Agent>, Error> {
    let agent = Stored { id: AgentId::new(), name: authoring::name(&body)?, created_at: app.store.now() };
    let mut write = app.store.write().await?;
    write.add_agent(author.workspace, &agent).await?;
    write.commit().await?;
    Ok(Json(agent.into()))
}

/// Rename an agent
///
/// Its folders stay as they are.
#[utoipa::path(
    put, path = "/v2/bots/{id}/public", operation_id = "rename_agent", tag = "folders", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The agent's ID.", example = "4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3")),
    request_body(content = AgentRequest, description = "Its new name."),
    responses(
        (status = 200, description = "It is done.", body = Done),
        (status = 400, description = "The body or the ID is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "name is missing"))),
        (status = 404, description = "There is no such agent.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no agent 4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3"))),
        Bodied,
        Protected,
    ),
)]
pub async fn rename_agent(
    app: App,
    author: Author,
    Id(id): Id<AgentId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Done>, Error> {
    let name = authoring::name(&body)?;
    let mut write = app.store.write().await?;
    if !write.rename_agent(author.workspace, id, &name).await? {
        return Err(no_agent(&mut write, id).await?);
    }
    write.commit().await?;
    Ok(Json(Done { status: true }))
}

/// Delete an agent
///
/// Its folders stay.
#[utoipa::path(
    delete, path = "/v2/bots/{id}/public", operation_id = "delete_agent", tag = "folders", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The agent's ID.", example = "4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3")),
    responses(
        (status = 200, description = "It is gone.", body = Done),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the agent ID must be a UUID, got \"42\""))),
        (status = 404, description = "There is no such agent.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no agent 4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3"))),
        Protected,
    ),
)]
pub async fn delete_agent(app: App, author: Author, Id(id): Id<AgentId>) -> Result<Json<Done>, Error> {
    let mut write = app.store.write().await?;
    if !write.delete_agent(author.workspace, id).await? {
        return Err(no_agent(&mut write, id).await?);
    }
    write.commit().await?;
    Ok(Json(Done { status: true }))
}
