//! `gleaner schedule`: what is refreshed by itself.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::ensure;
use model::schedule::BOUNDS;
use model::{Coverage, DocumentId, Schedule, ScheduleId, Source, WorkspaceId};
use serde_json::json;
use store::Store;
use web::wire::schedules::Schedule as Shown;

use crate::args::schedule::ScheduleCommand;
use crate::duration::Span;
use crate::output;
use crate::settings::Settings;
use crate::setup;
use crate::table::table;

pub async fn run(settings: &Settings, command: ScheduleCommand) -> anyhow::Result<ExitCode> {
    let store = setup::known_store(settings).await?;
    let workspace = setup::known_workspace(&store, settings).await?;
    match command {
        ScheduleCommand::List { json } => list(&store, workspace, json).await?,
        ScheduleCommand::Set { every, source, document, now } => {
            set(&store, workspace, every.0, scope(source, document), now).await?;
        }
        ScheduleCommand::Remove { schedule } => remove(&store, workspace, schedule).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn scope(source: Option<Source>, document: Option<DocumentId>) -> Coverage {
    match (source, document) {
        (Some(source), _) => Coverage::Source(source),
        (None, Some(document)) => Coverage::Document(document),
        (None, None) => Coverage::All,
    }
}

fn told(scope: Coverage) -> String {
    match scope {
        Coverage::All => "every document".to_owned(),
        Coverage::Source(source) => format!("documents from {}", source.title()),
        Coverage::Document(document) => format!("document {document}"),
    }
}

async fn list(store: &Store, workspace: WorkspaceId, as_json: bool) -> anyhow::Result<()> {
    let schedules = store.glance().await?.schedules(workspace).await?;
    if as_json {
        let schedules: Vec<Shown> = schedules.into_iter().map(Shown::from).collect();
        return output::line(serde_json::to_string_pretty(&json!({ "schedules": schedules }))?);
    }
    if schedules.is_empty() {
        return output::line("nothing is refreshed by itself; `gleaner schedule set --every 24h` changes that");
    }
    let mut rows = table(["WHAT", "EVERY", "NEXT ROUND", "LAST ROUND", "QUEUED", "ID"]);
    for schedule in schedules {
        rows.add_row([
            told(schedule.scope),
            Span(schedule.every).to_string(),
            schedule.next_at.to_string(),
            schedule.last_at.map(|at| at.to_string()).unwrap_or_default(),
            schedule.last_queued.to_string(),
            schedule.id.to_string(),
        ]);
    }
    output::line(rows)
}

async fn set(
    store: &Store,
    workspace: WorkspaceId,
    every: Duration,
    scope: Coverage,
    at_once: bool,
) -> anyhow::Result<()> {
    ensure!((BOUNDS.0..=BOUNDS.1).contains(&every), "--every must be from {} to {}", Span(BOUNDS.0), Span(BOUNDS.1));
    let mut write = store.write().await?;
    if let Coverage::Document(document) = scope {
        let owner = write.owner(document).await?;
        ensure!(owner == Some(workspace), "no document has the ID {document}; `gleaner list` shows those there are");
    }
    let now = store.now();
    let (id, created_at) = (ScheduleId::new(), now);
    let schedule = Schedule { id, scope, every, next_at: now, last_at: None, last_queued: 0, created_at };
    let next_at = if at_once { now } else { schedule.after(now) };
    write.set_schedule(workspace, &Schedule { next_at, ..schedule }).await?;
    write.commit().await?;
    output::line(format_args!("{} every {}; the next round begins at {next_at}", told(scope), Span(every)))
}

async fn remove(store: &Store, workspace: WorkspaceId, schedule: ScheduleId) -> anyhow::Result<()> {
    let mut write = store.write().await?;
    let was_there = write.remove_schedule(workspace, schedule).await?;
    ensure!(was_there, "there is no schedule {schedule}; `gleaner schedule list` shows those there are");
    write.commit().await?;
    Ok(())
}
