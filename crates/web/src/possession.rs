//! Finds articles, drafts, folders and agents of the caller; what is another workspace's is told apart from what is nowhere.

use model::{AgentId, Article, ArticleId, Draft, DraftId, Folder, FolderId, Refusal, WorkspaceId};
use store::{Read, TreeRefusal};

use crate::authoring::as_draft;
use crate::error::Error;
use crate::query::refused;

/// An article or a draft, which share one kind of ID on the wire.
pub enum Piece {
    /// A live article.
    Live(Box<Article>),
    /// A draft, decided or not.
    Draft(Box<Draft>),
}

/// The article or the draft of that ID.
pub async fn piece(read: &mut Read, workspace: WorkspaceId, id: ArticleId) -> Result<Piece, Error> {
    if let Some(article) = read.article(workspace, id).await? {
        return Ok(Piece::Live(Box::new(article)));
    }
    if let Some(draft) = read.draft(workspace, as_draft(id)?).await? {
        return Ok(Piece::Draft(Box::new(draft)));
    }
    Err(no_article(read, id).await?)
}

/// The draft of that ID.
pub async fn draft(read: &mut Read, workspace: WorkspaceId, id: DraftId) -> Result<Draft, Error> {
    match read.draft(workspace, id).await? {
        Some(draft) => Ok(draft),
        None => Err(no_draft(read, id).await?),
    }
}

/// The folder of that ID.
pub async fn folder(read: &mut Read, workspace: WorkspaceId, id: FolderId) -> Result<Folder, Error> {
    match read.folder(workspace, id).await? {
        Some(folder) => Ok(folder),
        None => Err(no_folder(read, id).await?),
    }
}

/// The refusal of an article's ID that names none of the caller's.
pub async fn no_article(read: &mut Read, id: ArticleId) -> Result<Error, Error> {
    let is_foreign = read.article_owner(id).await?.is_some() || read.draft_owner(as_draft(id)?).await?.is_some();
    Ok(refusal(is_foreign, "article", &id))
}

/// The refusal of a draft's ID that names none of the caller's.
pub async fn no_draft(read: &mut Read, id: DraftId) -> Result<Error, Error> {
    Ok(refusal(read.draft_owner(id).await?.is_some(), "draft", &id))
}

/// The refusal of a folder's ID that names none of the caller's.
pub async fn no_folder(read: &mut Read, id: FolderId) -> Result<Error, Error> {
    Ok(refusal(read.folder_owner(id).await?.is_some(), "folder", &id))
}

/// The refusal of an agent's ID that names none of the caller's.
pub async fn no_agent(read: &mut Read, id: AgentId) -> Result<Error, Error> {
    Ok(refusal(read.agent_owner(id).await?.is_some(), "agent", &id))
}

fn refusal(is_foreign: bool, what: &str, id: &impl ToString) -> Error {
    let id = id.to_string();
    if is_foreign {
        Error::Foreign(format!("{what} {id}"))
    } else {
        Error::NotFound(format!("there is no {what} {id}"))
    }
}

/// The refusal of a cursor that names nothing of the caller's.
pub fn no_cursor(error: Error, what: &str, id: &impl ToString) -> Error {
    match error {
        Error::Foreign(_) | Error::NotFound(_) => {
            refused("cursor", &format!("the ID of {what} in this workspace"), &id.to_string())
        }
        other => other,
    }
}

/// What a refused decision is answered with.
pub fn conflict(refusal: &Refusal) -> Error {
    Error::Conflict(refusal.to_string())
}

/// What a refused change of the tree is answered with.
pub fn tree_refusal(refusal: TreeRefusal) -> Error {
    match refusal {
        TreeRefusal::NoParent => Error::NotFound(refusal.to_string()),
        TreeRefusal::Ring | TreeRefusal::TooDeep | TreeRefusal::Full => Error::NotAcceptable(refusal.to_string()),
    }
}
