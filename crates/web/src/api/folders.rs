//! Folders: the tree, and what is given to agents.

use axum::Json;
use axum::http::StatusCode;
use model::{AgentId, Folder as Stored, FolderId, Timestamp};
use serde_json::{Map, Value};

use crate::auth::{Author, Reader};
use crate::authoring::{self, id};
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::offenders::Offenders;
use crate::openapi::{Bodied, Protected};
use crate::path_id::Id;
use crate::possession::{self, no_agent, tree_refusal};
use crate::query::Query;
use crate::state::App;
use crate::tree::tree;
use crate::wire::articles::MoveRequest;
use crate::wire::folders::{CreateFolderRequest, Done, Folder, JunctionsRequest, Tree, UpdateFolderRequest};

/// Get the tree of folders and articles
///
/// Read from the tables at each call, so it is never stale. With `botId`, only the folders that the agent was given, each with
/// all that is below it.
#[utoipa::path(
    get, path = "/v2/hc-folders/public", operation_id = "get_tree", tag = "folders", security(("key" = ["read"])),
    params(("botId" = Option<String>, Query, format = Uuid, description = "Only what this agent answers from.")),
    responses(
        (status = 200, description = "The tree.", body = Tree),
        (status = 400, description = "The parameter is unknown or no UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the query parameter botId must be the ID of an agent, got \"42\""))),
        (status = 404, description = "There is no such agent.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no agent 4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3"))),
        Protected,
    ),
)]
pub async fn get_tree(app: App, Reader(workspace): Reader, mut query: Query) -> Result<Json<Tree>, Error> {
    let agent: Option<AgentId> = query.parsed("botId", "the ID of an agent")?;
    query.nothing_else(&["botId"])?;
    let now = app.store.now();
    let mut read = app.store.read().await?;
    let given = match agent {
        None => None,
        Some(agent) if read.agents(workspace).await?.iter().any(|known| known.id == agent) => {
            Some(read.folders_of_agent(workspace, agent).await?)
        }
        Some(agent) => return Err(no_agent(&mut read, agent).await?),
    };
    let (folders, leaves) = (read.folders(workspace).await?, read.leaves(workspace).await?);
    let created_at = folders.first().map_or(now, |folder| folder.created_at);
    Ok(Json(Tree {
        id: workspace.to_string(),
        created_at: created_at.to_string(),
        updated_at: now.to_string(),
        snapshot_obj_v2: tree(&folders, leaves, given.as_deref()),
    }))
}

/// Create a folder
///
/// At the top, or in another folder.
#[utoipa::path(
    post, path = "/v2/hc-folders/public", operation_id = "create_folder", tag = "folders", security(("key" = ["write"])),
    request_body(content = CreateFolderRequest, description = "The folder."),
    responses(
        (status = 200, description = "The folder.", body = Folder),
        (status = 400, description = "The body is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "title is missing"))),
        (status = 404, description = "There is no such parent.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "the parent folder does not exist"))),
        (status = 406, description = "It would be too deep.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_ACCEPTABLE, "folders can be 10 deep at most"))),
        Bodied,
        Protected,
    ),
)]
pub async fn create_folder(app: App, author: Author, JsonBody(body): JsonBody) -> Result<Json<Folder>, Error> {
    let (title, description, parent) = authoring::new_folder(&body)?;
    let now = app.store.now();
    let id = FolderId::new();
    let folder = Stored { id, parent, title, description, active: true, created_at: now, updated_at: now };
    keep(&app, &author, folder, now).await
}

/// Update a folder
///
/// Replaces its title, its description and whether agents may answer from what is in it.
#[utoipa::path(
    put, path = "/v2/hc-folders/{id}/public", operation_id = "update_folder", tag = "folders", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The folder's ID.", example = "0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b")),
    request_body(content = UpdateFolderRequest, description = "Every field."),
    responses(
        (status = 200, description = "The folder.", body = Folder),
        (status = 400, description = "The body or the ID is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "active is missing"))),
        (status = 404, description = "There is no such folder.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no folder 0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b"))),
        Bodied,
        Protected,
    ),
)]
pub async fn update_folder(
    app: App,
    author: Author,
    Id(id): Id<FolderId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Folder>, Error> {
    let (title, description, active) = authoring::folder(&body)?;
    let known = possession::folder(&mut app.store.glance().await?, author.workspace, id).await?;
    let now = app.store.now();
    keep(&app, &author, Stored { title, description, active, updated_at: now, ..known }, now).await
}

/// Move a folder
///
/// Puts it, with all that is in it, into another folder.
#[utoipa::path(
    put, path = "/v2/hc-folders/{id}/move/public", operation_id = "move_folder", tag = "folders", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The folder's ID.", example = "0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b")),
    request_body(content = MoveRequest, description = "Where to."),
    responses(
        (status = 200, description = "The folder.", body = Folder),
        (status = 400, description = "The body or the ID is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "parentFolderId is missing"))),
        (status = 404, description = "There is no such folder or parent.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "the parent folder does not exist"))),
        (status = 406, description = "It would lie in itself, or too deep.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_ACCEPTABLE,
                "a folder cannot be moved into itself or into a folder below it"))),
        Bodied,
        Protected,
    ),
)]
pub async fn move_folder(
    app: App,
    author: Author,
    Id(id): Id<FolderId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Folder>, Error> {
    let parent = authoring::destination(&body)?;
    let known = possession::folder(&mut app.store.glance().await?, author.workspace, id).await?;
    let now = app.store.now();
    keep(&app, &author, Stored { parent: Some(parent), updated_at: now, ..known }, now).await
}

async fn keep(app: &App, author: &Author, folder: Stored, now: Timestamp) -> Result<Json<Folder>, Error> {
    let mut write = app.store.write().await?;
    write.keep_folder(author.deed(now), &folder).await?.map_err(tree_refusal)?;
    write.commit().await?;
    Ok(Json(folder.into()))
}

/// Delete a folder
///
/// A folder that holds anything is refused, unless `cascade=true` says that all of it is to go: articles are deleted and drafts
/// are decided against. Versions of articles stay.
#[utoipa::path(
    delete, path = "/v2/hc-folders/{id}/public", operation_id = "delete_folder", tag = "folders", security(("key" = ["write"])),
    params(
        ("id" = String, Path, format = Uuid, description = "The folder's ID.", example = "0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b"),
        ("cascade" = Option<bool>, Query, description = "Whether to delete what is in it."),
    ),
    responses(
        (status = 200, description = "It is gone; this is what it was.", body = Folder),
        (status = 400, description = "The ID or the parameter is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the folder ID must be a UUID, got \"42\""))),
        (status = 404, description = "There is no such folder.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no folder 0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b"))),
        (status = 406, description = "There is something in it.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_ACCEPTABLE, "the folder holds folders, articles or drafts"))),
        Protected,
    ),
)]
pub async fn delete_folder(
    app: App,
    author: Author,
    Id(id): Id<FolderId>,
    mut query: Query,
) -> Result<Json<Folder>, Error> {
    let mut write = app.store.write().await?;
    let folder = possession::folder(&mut write, author.workspace, id).await?;
    let cascade = query.flag("cascade")?.unwrap_or(false);
    query.nothing_else(&["cascade"])?;
    write.delete_folder(author.deed(app.store.now()), id, cascade).await?.map_err(tree_refusal)?;
    write.commit().await?;
    Ok(Json(folder.into()))
}

/// Give folders to agents
///
/// Gives (`ADD`) or takes away (`DELETE`), all or nothing. What lies below a folder is given with it.
#[utoipa::path(
    post, path = "/v2/hc-bot-folder-junctions/public", operation_id = "assign_folders", tag = "folders",
    security(("key" = ["write"])),
    request_body(content = JunctionsRequest, description = "What to give and to take away."),
    responses(
        (status = 200, description = "It is done.", body = Done),
        (status = 400, description = "The body is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "junctions[0].action must be ADD or DELETE"))),
        (status = 404, description = "There is no such folder or agent.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no agent 4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3"))),
        Bodied,
        Protected,
    ),
)]
pub async fn assign_folders(app: App, author: Author, JsonBody(body): JsonBody) -> Result<Json<Done>, Error> {
    let junctions = junctions(&body, app.limits.items)?;
    let mut write = app.store.write().await?;
    let agents: Vec<AgentId> = write.agents(author.workspace).await?.into_iter().map(|agent| agent.id).collect();
    for (agent, folder, is_given) in junctions {
        possession::folder(&mut write, author.workspace, folder).await?;
        if !agents.contains(&agent) {
            return Err(no_agent(&mut write, agent).await?);
        }
        write.assign_folder(author.workspace, (agent, folder), is_given).await?;
    }
    write.commit().await?;
    Ok(Json(Done { status: true }))
}

fn junctions(body: &[u8], most: usize) -> Result<Vec<(AgentId, FolderId, bool)>, Error> {
    let bad = |text: String| Error::BadRequest(text);
    let whole: Value =
        serde_json::from_slice(body).map_err(|error| bad(format!("the body is not valid JSON: {error}")))?;
    let items = whole.get("junctions").and_then(Value::as_array);
    let items = items.ok_or_else(|| bad("junctions must be an array of objects".to_owned()))?;
    if items.is_empty() || items.len() > most {
        return Err(bad(format!("junctions must hold 1 to {most} objects, it holds {}", items.len())));
    }
    let (mut offenders, mut found) = (Offenders::default(), Vec::with_capacity(items.len()));
    for (at, item) in items.iter().enumerate() {
        match item.as_object().ok_or_else(|| " must be an object".to_owned()).and_then(junction) {
            Ok(junction) => found.push(junction),
            Err(text) => offenders.add(|| format!("junctions[{at}]{text}")),
        }
    }
    offenders.refuse().map(|()| found)
}

fn junction(fields: &Map<String, Value>) -> Result<(AgentId, FolderId, bool), String> {
    let text =
        |name: &str| fields.get(name).and_then(Value::as_str).ok_or_else(|| format!(".{name} is missing or no string"));
    let (agent, folder) = (id("botId", text("botId")?), id("folderId", text("folderId")?));
    let (agent, folder) = (agent.map_err(|error| format!(".{error}"))?, folder.map_err(|error| format!(".{error}"))?);
    match text("action")? {
        "ADD" => Ok((agent, folder, true)),
        "DELETE" => Ok((agent, folder, false)),
        _ => Err(".action must be ADD or DELETE".to_owned()),
    }
}
