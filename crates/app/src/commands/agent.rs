//! `gleaner agent`: who answers, and from which folders.

use std::process::ExitCode;

use anyhow::ensure;
use model::{Agent, AgentId};
use store::Store;

use crate::args::review::AgentCommand;
use crate::output;
use crate::paragraphs::harmless;
use crate::settings::Settings;
use crate::setup;
use crate::table::table;

pub async fn run(settings: &Settings, command: AgentCommand) -> anyhow::Result<ExitCode> {
    let store = setup::known_store(settings).await?;
    let workspace = setup::known_workspace(&store, settings).await?;
    match command {
        AgentCommand::List => list(&store, workspace).await?,
        AgentCommand::Add { name } => {
            let agent = Agent { id: AgentId::new(), name, created_at: store.now() };
            let mut write = store.write().await?;
            write.add_agent(workspace, &agent).await?;
            write.commit().await?;
            output::line(agent.id)?;
        }
        AgentCommand::Rename { agent, name } => {
            let mut write = store.write().await?;
            ensure!(write.rename_agent(workspace, agent, &name).await?, unknown(agent));
            write.commit().await?;
        }
        AgentCommand::Delete { agent } => {
            let mut write = store.write().await?;
            ensure!(write.delete_agent(workspace, agent).await?, unknown(agent));
            write.commit().await?;
        }
        AgentCommand::Give { agent, folder } => assign(&store, workspace, (agent, folder), true).await?,
        AgentCommand::Take { agent, folder } => assign(&store, workspace, (agent, folder), false).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn unknown(agent: AgentId) -> String {
    format!("there is no agent {agent}; `gleaner agent list` shows those there are")
}

async fn list(store: &Store, workspace: model::WorkspaceId) -> anyhow::Result<()> {
    let mut read = store.read().await?;
    let folders = read.folders(workspace).await?;
    let mut rows = table(["NAME", "ANSWERS FROM", "ID"]);
    for agent in read.agents(workspace).await? {
        let given = read.folders_of_agent(workspace, agent.id).await?;
        let titles = folders.iter().filter(|folder| given.contains(&folder.id)).map(|folder| harmless(&folder.title));
        let titles: Vec<String> = titles.collect();
        let answers_from = if titles.is_empty() { "nothing yet".to_owned() } else { titles.join("\n") };
        rows.add_row([harmless(&agent.name), answers_from, agent.id.to_string()]);
    }
    output::line(rows)
}

async fn assign(
    store: &Store,
    workspace: model::WorkspaceId,
    (agent, folder): (AgentId, model::FolderId),
    is_given: bool,
) -> anyhow::Result<()> {
    let mut write = store.write().await?;
    let known = write.agents(workspace).await?.iter().any(|known| known.id == agent);
    ensure!(known, unknown(agent));
    let is_there = write.folder(workspace, folder).await?.is_some();
    ensure!(is_there, "there is no folder {folder}; `gleaner folder list` shows those there are");
    write.assign_folder(workspace, (agent, folder), is_given).await?;
    write.commit().await?;
    Ok(())
}
