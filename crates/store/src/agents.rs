//! Agents, and the folders that each of them answers from.

use model::{Agent, AgentId, FolderId, Timestamp, WorkspaceId};

use crate::backend::{Sql, Touched, run, statements};
use crate::columns::id;
use crate::{Error, Read, Write};

statements! {
    ALL = Sql::same("SELECT id, name, created_at FROM agents WHERE workspace_id = $1 ORDER BY created_at DESC, id DESC");
    OWNER = Sql::same("SELECT workspace_id FROM agents WHERE id = $1");
    ADD = Sql::same("INSERT INTO agents (id, workspace_id, name, created_at) VALUES ($1, $2, $3, $4)");
    RENAME = Sql::same("UPDATE agents SET name = $3 WHERE workspace_id = $1 AND id = $2");
    REMOVE = Sql::same("DELETE FROM agents WHERE workspace_id = $1 AND id = $2");
    UNASSIGN_ALL = Sql::same("DELETE FROM agent_folders WHERE workspace_id = $1 AND agent_id = $2");
    FOLDERS = Sql::same("SELECT folder_id FROM agent_folders WHERE workspace_id = $1 AND agent_id = $2 ORDER BY folder_id");
    ASSIGN = Sql::same(
        "INSERT INTO agent_folders (agent_id, folder_id, workspace_id)
         SELECT a.id, f.id, a.workspace_id FROM agents a JOIN folders f ON f.workspace_id = a.workspace_id
         WHERE a.workspace_id = $1 AND a.id = $2 AND f.id = $3
         ON CONFLICT (agent_id, folder_id) DO NOTHING"
    );
    UNASSIGN = Sql::same("DELETE FROM agent_folders WHERE workspace_id = $1 AND agent_id = $2 AND folder_id = $3");
}

impl Read {
    /// The agents of a workspace, the newest first.
    pub async fn agents(&mut self, workspace: WorkspaceId) -> Result<Vec<Agent>, Error> {
        type Row = (String, String, i64);
        let rows: Vec<Row> = run!(&mut self.tx, query_as::<Row>(ALL), [workspace.to_string()], fetch_all)?;
        let agent = |(agent, name, created_at): Row| {
            Ok(Agent { id: id(&agent)?, name, created_at: Timestamp::from_micros(created_at) })
        };
        rows.into_iter().map(agent).collect()
    }

    /// The workspace that owns an agent.
    pub async fn agent_owner(&mut self, agent: AgentId) -> Result<Option<WorkspaceId>, Error> {
        let row: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(OWNER), [agent.to_string()], fetch_optional)?;
        row.map(|(workspace,)| id(&workspace)).transpose()
    }

    /// The folders that an agent was given.
    pub async fn folders_of_agent(&mut self, workspace: WorkspaceId, agent: AgentId) -> Result<Vec<FolderId>, Error> {
        let binds = (workspace.to_string(), agent.to_string());
        let rows: Vec<(String,)> = run!(&mut self.tx, query_as::<(String,)>(FOLDERS), [&binds.0, &binds.1], fetch_all)?;
        rows.iter().map(|(folder,)| id(folder)).collect()
    }
}

impl Write {
    /// Makes an agent.
    pub async fn add_agent(&mut self, workspace: WorkspaceId, agent: &Agent) -> Result<(), Error> {
        let binds = (agent.id.to_string(), workspace.to_string(), agent.created_at.as_micros());
        let _: Touched = run!(&mut self.tx, query(ADD), [&binds.0, &binds.1, &agent.name, binds.2], execute)?;
        Ok(())
    }

    /// Gives an agent another name, and says whether there is such an agent.
    pub async fn rename_agent(&mut self, workspace: WorkspaceId, agent: AgentId, name: &str) -> Result<bool, Error> {
        let binds = (workspace.to_string(), agent.to_string());
        let touched: Touched = run!(&mut self.tx, query(RENAME), [&binds.0, &binds.1, name], execute)?;
        Ok(touched.0 == 1)
    }

    /// Deletes an agent, and says whether there was such an agent. Its folders stay.
    pub async fn delete_agent(&mut self, workspace: WorkspaceId, agent: AgentId) -> Result<bool, Error> {
        let binds = (workspace.to_string(), agent.to_string());
        let _: Touched = run!(&mut self.tx, query(UNASSIGN_ALL), [&binds.0, &binds.1], execute)?;
        let touched: Touched = run!(&mut self.tx, query(REMOVE), [&binds.0, &binds.1], execute)?;
        Ok(touched.0 == 1)
    }

    /// Gives a folder to an agent, or takes it away. What belongs to another workspace is left alone.
    pub async fn assign_folder(
        &mut self,
        workspace: WorkspaceId,
        (agent, folder): (AgentId, FolderId),
        is_given: bool,
    ) -> Result<(), Error> {
        let binds = (workspace.to_string(), agent.to_string(), folder.to_string());
        let statement = if is_given { ASSIGN } else { UNASSIGN };
        let _: Touched = run!(&mut self.tx, query(statement), [&binds.0, &binds.1, &binds.2], execute)?;
        Ok(())
    }
}
