//! Workspaces: the tenants.

use model::share::MOST_WEIGHT;
use model::{Timestamp, WorkspaceId};

use crate::backend::{Sql, Touched, run, statements};
use crate::{Error, Read, Write, documents};

statements! {
    NAMED = Sql::same("SELECT id FROM workspaces WHERE name = $1");
    ALL = Sql::same("SELECT id, name FROM workspaces ORDER BY created_at, name");
    WEIGHTS = Sql::same("SELECT name, weight FROM workspaces ORDER BY created_at, name");
    WEIGH = Sql::same("UPDATE workspaces SET weight = $2 WHERE name = $1");
    DRAFTS = Sql::same("SELECT drafting FROM workspaces WHERE id = $1");
    SET_DRAFTS = Sql::same("UPDATE workspaces SET drafting = $2 WHERE id = $1");
    ADD = Sql::same(
        "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING"
    );
}

impl Read {
    /// Whether the runs of a workspace make drafts by themselves.
    pub async fn drafting(&mut self, workspace: WorkspaceId) -> Result<bool, Error> {
        let is_on: Option<(bool,)> =
            run!(&mut self.tx, query_as::<(bool,)>(DRAFTS), [workspace.to_string()], fetch_optional)?;
        Ok(is_on.is_some_and(|(is_on,)| is_on))
    }

    /// The workspace of that name.
    pub async fn workspace_named(&mut self, name: &str) -> Result<Option<WorkspaceId>, Error> {
        let id: Option<(String,)> = run!(&mut self.tx, query_as::<(String,)>(NAMED), [name], fetch_optional)?;
        id.map(|(id,)| documents::id(&id)).transpose()
    }

    /// Every workspace, oldest first.
    pub async fn workspaces(&mut self) -> Result<Vec<(WorkspaceId, String)>, Error> {
        let rows: Vec<(String, String)> = run!(&mut self.tx, query_as::<(String, String)>(ALL), [], fetch_all)?;
        rows.into_iter().map(|(id, name)| Ok((documents::id(&id)?, name))).collect()
    }

    /// The name and the weight of every workspace, oldest first.
    pub async fn weights(&mut self) -> Result<Vec<(String, i64)>, Error> {
        Ok(run!(&mut self.tx, query_as::<(String, i64)>(WEIGHTS), [], fetch_all)?)
    }
}

impl Write {
    /// Says whether the runs of a workspace make drafts by themselves from now on.
    pub async fn set_drafting(&mut self, workspace: WorkspaceId, is_on: bool) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(SET_DRAFTS), [workspace.to_string(), is_on], execute)?;
        Ok(())
    }

    /// Gives a workspace another share of the work it queues from now on, 1 to [`model::share::MOST_WEIGHT`]; says whether
    /// there is such a workspace.
    pub async fn weigh_workspace(&mut self, name: &str, weight: i64) -> Result<bool, Error> {
        let weight = weight.clamp(1, MOST_WEIGHT);
        let weighed: Touched = run!(&mut self.tx, query(WEIGH), [name, weight], execute)?;
        Ok(weighed.0 == 1)
    }

    /// The workspace of that name, made if there is none; and whether it was made.
    pub async fn ensure_workspace(&mut self, name: &str, now: Timestamp) -> Result<(WorkspaceId, bool), Error> {
        let new = WorkspaceId::new();
        let binds = (new.to_string(), now.as_micros());
        let added: Touched = run!(&mut self.tx, query(ADD), [&binds.0, name, binds.1], execute)?;
        if added.0 == 1 {
            return Ok((new, true));
        }
        let known = self.workspace_named(name).await?;
        known.map(|id| (id, false)).ok_or_else(|| Error::Corrupt("a workspace vanished".to_owned()))
    }
}
