//! `gleaner workspace`: the tenants, and how the work is shared between them.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::args::queue::WorkspaceCommand;
use crate::output;
use crate::settings::Settings;
use crate::setup;
use crate::table::table;

pub async fn run(settings: &Settings, command: WorkspaceCommand) -> anyhow::Result<ExitCode> {
    let store = setup::known_store(settings).await?;
    match command {
        WorkspaceCommand::List { json } => show(&store.read().await?.weights().await?, json)?,
        WorkspaceCommand::Weight { name, weight } => {
            let mut write = store.write().await?;
            if !write.weigh_workspace(&name, weight).await? {
                drop(write);
                let known = store.read().await?.workspaces().await?;
                let known: Vec<String> = known.into_iter().map(|(_, name)| name).collect();
                return Err(setup::no_workspace(&name, &known));
            }
            write.commit().await?;
            output::line(format_args!("{name} has weight {weight} for what is queued from now on"))?;
        }
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

fn show(weights: &[(String, i64)], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let workspaces: Vec<Value> =
            weights.iter().map(|(name, weight)| json!({ "name": name, "weight": weight })).collect();
        return output::line(json!({ "workspaces": workspaces }));
    }
    let mut rows = table(["NAME", "WEIGHT"]);
    for (name, weight) in weights {
        rows.add_row([name.clone(), weight.to_string()]);
    }
    output::line(rows)
}
