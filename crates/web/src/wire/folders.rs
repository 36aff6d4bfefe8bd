//! Folders and agents as they go out, and the bodies that name them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A folder of articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Folder {
    /// Its ID.
    #[schema(format = Uuid, example = "0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b")]
    pub id: String,
    /// Its title.
    #[schema(example = "Billing")]
    pub title: String,
    /// What is in it.
    #[schema(example = "")]
    pub description: String,
    /// The folder it lies in; null at the top.
    #[schema(format = Uuid, example = json!(null))]
    pub parent_folder_id: Option<String>,
    /// Whether agents may answer from what is in it.
    #[schema(example = true)]
    pub active: bool,
    /// When it was made.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub created_at: String,
    /// When it last changed.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub updated_at: String,
}

/// The tree as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tree {
    /// The workspace's ID: there is one tree of it.
    #[schema(format = Uuid, example = "8a4bb11a-0ef2-45df-9956-631e41e6cf16")]
    pub id: String,
    /// When its oldest folder was made.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub created_at: String,
    /// When the tree was read: it is never stale.
    #[schema(format = DateTime, example = "2026-05-22T06:10:58.710Z")]
    pub updated_at: String,
    /// The folders at the top.
    pub snapshot_obj_v2: Vec<Node>,
}

/// A folder with what is in it, or an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Its ID.
    #[schema(format = Uuid, example = "0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b")]
    pub id: String,
    /// `folder` or `article`.
    #[serde(rename = "type")]
    #[schema(example = "folder")]
    pub kind: String,
    /// Its title.
    #[schema(example = "Billing")]
    pub title: String,
    /// What is in it; empty for an article.
    #[schema(example = "")]
    pub description: String,
    /// Whether agents may answer from it.
    #[schema(example = true)]
    pub active: bool,
    /// What is in it: folders first, then articles. Empty for an article.
    #[schema(no_recursion)]
    pub children: Vec<Node>,
}

/// A new folder.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct CreateFolderRequest {
    /// Its title.
    #[schema(example = "Billing")]
    title: String,
    /// What is in it; may be empty.
    #[schema(example = "")]
    description: String,
    /// The folder it lies in; leave it out for one at the top.
    #[schema(required = false, format = Uuid)]
    parent_folder_id: Option<String>,
}

/// A folder with other words.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct UpdateFolderRequest {
    /// Its title.
    #[schema(example = "Billing")]
    title: String,
    /// What is in it; may be empty.
    #[schema(example = "")]
    description: String,
    /// Whether agents may answer from what is in it.
    #[schema(example = true)]
    active: bool,
}

/// Which folders to give to which agents, and which to take away.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct JunctionsRequest {
    /// In this order, all or none.
    #[schema(min_items = 1)]
    junctions: Vec<Junction>,
}

/// A folder and an agent.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct Junction {
    /// The folder. What is below it is given with it.
    #[schema(format = Uuid, example = "0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b")]
    folder_id: String,
    /// The agent.
    #[schema(format = Uuid, example = "4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3")]
    bot_id: String,
    /// `ADD` or `DELETE`.
    #[schema(example = "ADD")]
    action: String,
}

/// It is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// Always true.
    #[schema(example = true)]
    pub status: bool,
}

/// An agent, which answers from the folders that it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    /// Its ID.
    #[schema(format = Uuid, example = "4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3")]
    pub id: String,
    /// Its name.
    #[schema(example = "Support Agent")]
    pub name: String,
    /// When it was made.
    #[schema(format = DateTime, example = "2026-05-20T12:34:56.789Z")]
    pub created_at: String,
}

/// How an agent is to be called.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct AgentRequest {
    /// Its name.
    #[schema(example = "Support Agent")]
    name: String,
}

impl From<model::Folder> for Folder {
    fn from(folder: model::Folder) -> Self {
        Self {
            id: folder.id.to_string(),
            title: folder.title,
            description: folder.description,
            parent_folder_id: folder.parent.map(|parent| parent.to_string()),
            active: folder.active,
            created_at: folder.created_at.to_string(),
            updated_at: folder.updated_at.to_string(),
        }
    }
}

impl From<model::Agent> for Agent {
    fn from(agent: model::Agent) -> Self {
        Self { id: agent.id.to_string(), name: agent.name, created_at: agent.created_at.to_string() }
    }
}
