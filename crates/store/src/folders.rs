//! The tree of folders of a workspace.

use model::folder::DEEPEST;
use model::{Action, Folder, FolderId, Subject, Timestamp, WorkspaceId};
use serde_json::json;

use crate::audit::Deed;
use crate::backend::{Sql, Touched, run, statements};
use crate::columns::id;
use crate::{Error, Read, Write};

statements! {
    ALL = Sql::same(
        "SELECT id, parent_id, title, description, active, created_at, updated_at FROM folders
         WHERE workspace_id = $1 ORDER BY created_at, id"
    );
    ONE = Sql::same(
        "SELECT id, parent_id, title, description, active, created_at, updated_at FROM folders
         WHERE workspace_id = $1 AND id = $2"
    );
    // The tree changes under one lock, so that two moves cannot make a ring.
    LOCK = Sql::split(
        "SELECT id FROM workspaces WHERE id = $1",
        "SELECT id FROM workspaces WHERE id = $1 FOR NO KEY UPDATE",
    );
    OWNER = Sql::same("SELECT workspace_id FROM folders WHERE id = $1");
    ADD = Sql::same(
        "INSERT INTO folders (id, workspace_id, parent_id, title, description, active, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"
    );
    CHANGE = Sql::same(
        "UPDATE folders SET parent_id = $3, title = $4, description = $5, active = $6, updated_at = $7
         WHERE workspace_id = $1 AND id = $2"
    );
    REMOVE = Sql::same("DELETE FROM folders WHERE workspace_id = $1 AND id = $2");
    UNASSIGN = Sql::same("DELETE FROM agent_folders WHERE workspace_id = $1 AND folder_id = $2");
    HOLDS = Sql::same(
        "SELECT EXISTS (SELECT 1 FROM articles WHERE folder_id = $1)
             OR EXISTS (SELECT 1 FROM drafts WHERE folder_id = $1 AND state = 'open')"
    );
}

type Row = (String, Option<String>, String, String, bool, i64, i64);

fn folder((folder, parent, title, description, active, created_at, updated_at): Row) -> Result<Folder, Error> {
    Ok(Folder {
        id: id(&folder)?,
        parent: parent.as_deref().map(id).transpose()?,
        title,
        description,
        active,
        created_at: Timestamp::from_micros(created_at),
        updated_at: Timestamp::from_micros(updated_at),
    })
}

/// Why the tree cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TreeRefusal {
    /// The parent is not there.
    #[error("the parent folder does not exist")]
    NoParent,
    /// It would be in itself.
    #[error("a folder cannot be moved into itself or into a folder below it")]
    Ring,
    /// It would be too deep.
    #[error("folders can be {DEEPEST} deep at most")]
    TooDeep,
    /// There is something in it.
    #[error("the folder holds folders, articles or drafts; move or delete them first, or delete it with cascade=true")]
    Full,
}

impl Read {
    /// Every folder of a workspace, oldest first.
    pub async fn folders(&mut self, workspace: WorkspaceId) -> Result<Vec<Folder>, Error> {
        let rows: Vec<Row> = run!(&mut self.tx, query_as::<Row>(ALL), [workspace.to_string()], fetch_all)?;
        rows.into_iter().map(folder).collect()
    }

    /// A folder of a workspace.
    pub async fn folder(&mut self, workspace: WorkspaceId, folder_id: FolderId) -> Result<Option<Folder>, Error> {
        let binds = (workspace.to_string(), folder_id.to_string());
        let row: Option<Row> = run!(&mut self.tx, query_as::<Row>(ONE), [&binds.0, &binds.1], fetch_optional)?;
        row.map(folder).transpose()
    }

    /// The workspace that owns a folder.
    pub async fn folder_owner(&mut self, folder: FolderId) -> Result<Option<WorkspaceId>, Error> {
        let row: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(OWNER), [folder.to_string()], fetch_optional)?;
        row.map(|(workspace,)| id(&workspace)).transpose()
    }
}

impl Write {
    /// Keeps a folder: a new one, or one that is there with other words, state or parent.
    pub async fn keep_folder(&mut self, deed: Deed<'_>, folder: &Folder) -> Result<Result<(), TreeRefusal>, Error> {
        self.lock_tree(deed.workspace).await?;
        let all = self.folders(deed.workspace).await?;
        if let Err(refusal) = fits(&all, folder) {
            return Ok(Err(refusal));
        }
        let known = all.iter().find(|known| known.id == folder.id);
        let statement = if known.is_some() { CHANGE } else { ADD };
        let parent = folder.parent.map(|parent| parent.to_string());
        let (own, workspace) = (folder.id.to_string(), deed.workspace.to_string());
        // A new one is named before its workspace.
        let (first, second) = if known.is_some() { (workspace, own) } else { (own, workspace) };
        let _: Touched = run!(
            &mut self.tx,
            query(statement),
            [&first, &second, &parent, &folder.title, &folder.description, folder.active, deed.at.as_micros()],
            execute
        )?;
        if known.is_some_and(|known| known.parent != folder.parent) {
            let subject = (Subject::Folder, folder.id.to_string());
            self.note(deed, Action::Move, (subject.0, &subject.1), &json!({ "parentFolderId": parent })).await?;
        }
        Ok(Ok(()))
    }

    /// Deletes a folder of a workspace; with `cascade`, with all that is in it. The drafts in it are decided against.
    pub async fn delete_folder(
        &mut self,
        deed: Deed<'_>,
        folder: FolderId,
        cascade: bool,
    ) -> Result<Result<(), TreeRefusal>, Error> {
        self.lock_tree(deed.workspace).await?;
        let all = self.folders(deed.workspace).await?;
        let doomed = below(&all, folder);
        for folder in &doomed {
            let holds: (bool,) = run!(&mut self.tx, query_as::<(bool,)>(HOLDS), [folder.to_string()], fetch_one)?;
            if !cascade && (holds.0 || doomed.len() > 1) {
                return Ok(Err(TreeRefusal::Full));
            }
        }
        // From the deepest up.
        for folder in doomed.iter().rev() {
            self.empty_folder(deed, *folder).await?;
            let binds = (deed.workspace.to_string(), folder.to_string());
            let _: Touched = run!(&mut self.tx, query(UNASSIGN), [&binds.0, &binds.1], execute)?;
            let _: Touched = run!(&mut self.tx, query(REMOVE), [&binds.0, &binds.1], execute)?;
            self.note(deed, Action::Delete, (Subject::Folder, &binds.1), &json!({ "cascade": cascade })).await?;
        }
        Ok(Ok(()))
    }

    async fn lock_tree(&mut self, workspace: WorkspaceId) -> Result<(), Error> {
        let _: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(LOCK), [workspace.to_string()], fetch_optional)?;
        Ok(())
    }
}

/// Whether a folder can stand where it wants to.
fn fits(all: &[Folder], folder: &Folder) -> Result<(), TreeRefusal> {
    let Some(parent) = folder.parent else { return Ok(()) };
    let by_id = |wanted: FolderId| all.iter().find(|known| known.id == wanted);
    let mut above = by_id(parent).ok_or(TreeRefusal::NoParent)?;
    let mut depth = 1 + height(all, folder.id);
    // No tree is deeper than it has folders.
    for _ in 0..all.len() {
        depth += 1;
        if above.id == folder.id {
            return Err(TreeRefusal::Ring);
        }
        match above.parent.and_then(by_id) {
            Some(parent) => above = parent,
            None => break,
        }
    }
    if depth > DEEPEST { Err(TreeRefusal::TooDeep) } else { Ok(()) }
}

/// A folder and all that are below it, each after the one that it is in.
fn below(all: &[Folder], folder: FolderId) -> Vec<FolderId> {
    let mut found = vec![folder];
    let mut next = 0;
    while next < found.len() {
        let above = found[next];
        found.extend(all.iter().filter(|known| known.parent == Some(above)).map(|known| known.id));
        next += 1;
    }
    found
}

/// How many levels are below a folder.
fn height(all: &[Folder], folder: FolderId) -> usize {
    let (mut level, mut height) = (vec![folder], 0);
    loop {
        level = all
            .iter()
            .filter(|known| known.parent.is_some_and(|parent| level.contains(&parent)))
            .map(|known| known.id)
            .collect();
        if level.is_empty() || height > DEEPEST {
            return height;
        }
        height += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain of folders, each in the one before.
    fn chain(length: usize) -> Vec<Folder> {
        let mut folders: Vec<Folder> = Vec::new();
        for number in 0..length {
            let parent = folders.last().map(|folder| folder.id);
            let (title, description, at) = (number.to_string(), String::new(), Timestamp::default());
            let id = FolderId::new();
            folders.push(Folder { id, parent, title, description, active: true, created_at: at, updated_at: at });
        }
        folders
    }

    #[test]
    fn the_tree_has_no_rings_and_a_bottom() {
        let folders = chain(DEEPEST);
        let moved = |place: usize, under: Option<FolderId>| Folder { parent: under, ..folders[place].clone() };
        let new = |under| Folder { id: FolderId::new(), ..moved(0, Some(under)) };
        assert_eq!(fits(&folders, &moved(0, None)), Ok(()));
        assert_eq!(fits(&folders, &moved(0, Some(folders[0].id))), Err(TreeRefusal::Ring));
        assert_eq!(fits(&folders, &moved(2, Some(folders[5].id))), Err(TreeRefusal::Ring));
        assert_eq!(fits(&folders, &moved(5, Some(folders[0].id))), Ok(()));
        assert_eq!(fits(&folders, &new(folders[DEEPEST - 2].id)), Ok(()));
        assert_eq!(fits(&folders, &new(folders[DEEPEST - 1].id)), Err(TreeRefusal::TooDeep));
        assert_eq!(fits(&folders, &new(FolderId::new())), Err(TreeRefusal::NoParent));
        assert_eq!(below(&folders, folders[7].id).len(), DEEPEST - 7);
    }
}
