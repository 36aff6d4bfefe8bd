//! `gleaner key`: create, list and revoke API keys.

use std::process::ExitCode;

use anyhow::bail;
use model::{Scopes, WorkspaceId};
use serde_json::json;
use store::{KeyInfo, Store, new_key};

use crate::args::KeyCommand;
use crate::output;
use crate::settings::Settings;
use crate::setup;
use crate::table::table;

pub async fn run(settings: &Settings, command: KeyCommand) -> anyhow::Result<ExitCode> {
    let store = match &command {
        KeyCommand::Create { .. } => setup::store(settings).await?,
        KeyCommand::List { .. } | KeyCommand::Revoke { .. } => setup::known_store(settings).await?,
    };
    let workspace = match &command {
        KeyCommand::Create { .. } => setup::workspace(&store, settings).await?,
        KeyCommand::List { .. } | KeyCommand::Revoke { .. } => setup::known_workspace(&store, settings).await?,
    };
    match command {
        KeyCommand::Create { name, scopes } => create(&store, workspace, &name, scopes).await?,
        KeyCommand::List { json } => show(&store.read().await?.keys(workspace).await?, json)?,
        KeyCommand::Revoke { key } => revoke(&store, workspace, &key).await?,
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn create(store: &Store, workspace: WorkspaceId, name: &str, scopes: Scopes) -> anyhow::Result<()> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        bail!("a key's name must be a line of text, such as laptop");
    }
    let key = new_key()?;
    let mut write = store.write().await?;
    write.save_key(workspace, name, scopes, &key, store.now()).await?;
    write.commit().await?;
    output::line(key.reveal())?;
    Ok(())
}

async fn revoke(store: &Store, workspace: WorkspaceId, which: &str) -> anyhow::Result<()> {
    let mut write = store.write().await?;
    let revoked = write.revoke_keys(workspace, which, store.now()).await?;
    write.commit().await?;
    if revoked.is_empty() {
        bail!("no live key has the name, handle or ID {which:?}; `gleaner key list` shows them");
    }
    // Whoever reads that a key is revoked can rely on it, on every server.
    tokio::time::sleep(store.doubt_after_revocation()).await;
    for key in revoked {
        output::line(format_args!("revoked {} ({})", key.name, key.handle))?;
    }
    Ok(())
}

fn show(keys: &[KeyInfo], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| {
                json!({
                    "id": key.id, "name": key.name, "handle": key.handle, "scopes": key.scopes.to_string(),
                    "createdAt": key.created_at.to_string(), "revokedAt": key.revoked_at.map(|at| at.to_string()),
                })
            })
            .collect();
        return output::line(json!({ "keys": keys }));
    }
    let mut table = table(["NAME", "HANDLE", "SCOPES", "CREATED", "REVOKED"]);
    for key in keys {
        let revoked = key.revoked_at.map(|at| at.to_string()).unwrap_or_default();
        table.add_row([&key.name, &key.handle, &key.scopes.to_string(), &key.created_at.to_string(), &revoked]);
    }
    output::line(table)
}
