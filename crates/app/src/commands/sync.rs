//! `gleaner sync`: look at everything that a connection has, and queue what is new or changed.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use model::{Sync, SyncOutcome, SyncState};
use serde_json::{Value, json};
use store::{Store, SyncItem};
use tokio_util::sync::CancellationToken;

use crate::args::sync::SyncArgs;
use crate::output;
use crate::settings::Settings;
use crate::setup;
use crate::shutdown;
use crate::table::table;

/// How often the sync is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How many items one look at the report takes.
const PAGE: i64 = 1_000;

pub async fn run(settings: &Settings, args: SyncArgs) -> anyhow::Result<ExitCode> {
    let stop = shutdown::on_signal()?;
    let store = setup::known_store(settings).await?;
    let workspace = setup::known_workspace(&store, settings).await?;
    let provider = args.provider;
    let connection = store.read().await?.connection_to(workspace, provider).await?;
    let connection = connection.with_context(|| {
        format!("{} is not connected; connect it with: gleaner connect {provider}", provider.title())
    })?;
    let mut write = store.write().await?;
    let asked = write.ask_sync(&connection, args.dry_run, store.now()).await?;
    write.commit().await?;
    let ended = watched(&store, settings, &asked, &stop).await?;
    let Some(sync) = ended else {
        eprintln!("gleaner: stopped; the sync goes on where `gleaner serve` or `gleaner work` runs");
        setup::close(&store).await;
        return Ok(ExitCode::FAILURE);
    };
    report(&store, &sync, args.json).await?;
    setup::close(&store).await;
    Ok(if sync.state == SyncState::Completed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs the sync here, unless another process has it in hand, and watches it; `None` when somebody asks to stop.
async fn watched(
    store: &Store,
    settings: &Settings,
    asked: &Sync,
    stop: &CancellationToken,
) -> anyhow::Result<Option<Sync>> {
    let syncs = setup::syncs(store, settings, settings.patience_of_service())?;
    let mut ours = tokio::spawn(async move { syncs.next().await });
    let (bar, mut is_ours) = (progress(), true);
    let sync = loop {
        let sync = store.read().await?.sync(asked.id).await?.context("the sync vanished")?;
        bar.set_position(u64::try_from(sync.seen).unwrap_or(0));
        if sync.finished_at.is_some() {
            break Some(sync);
        }
        tokio::select! {
            () = stop.cancelled() => break None,
            // It is over, or another process has it in hand.
            ran = &mut ours, if is_ours => {
                ran.context("the sync broke")??;
                is_ours = false;
            }
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    };
    bar.finish_and_clear();
    Ok(sync)
}

fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} items seen, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

async fn report(store: &Store, sync: &Sync, as_json: bool) -> anyhow::Result<()> {
    let items = items(store, sync).await?;
    if as_json {
        let one = |item: &SyncItem| {
            json!({ "externalId": item.external_id, "outcome": item.outcome.as_str(), "reason": item.outcome.reason(),
                    "title": item.title, "url": item.url,
                    "missingSince": item.missing_since.map(|at| at.to_string()) })
        };
        let sync = web::wire::syncs::Sync::from(sync.clone());
        return output::line(json!({ "sync": sync, "items": items.iter().map(one).collect::<Vec<Value>>() }));
    }
    if sync.state == SyncState::Failed {
        eprintln!("gleaner: the sync failed: {}", sync.error);
    }
    for gap in &sync.gaps {
        eprintln!("gleaner: not everything was seen: {gap}");
    }
    // What stays as it is need not be read by anybody.
    let mut rows = table(["OUTCOME", "WHY", "TITLE", "URL"]);
    let mut shown = items.iter().filter(|item| sync.dry || item.outcome != SyncOutcome::Unchanged).peekable();
    if shown.peek().is_some() {
        for item in shown {
            rows.add_row([item.outcome.as_str(), item.outcome.reason(), &item.title, &item.url]);
        }
        output::line(rows)?;
    }
    let counts = sync.counts.iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(outcome, count)| format!("{count} {outcome}")).collect();
    let counts = if counts.is_empty() { "nothing was seen".to_owned() } else { counts.join(", ") };
    let end =
        if sync.dry { "; nothing was done (--dry-run)" } else { "; `gleaner queue status` shows how the runs stand" };
    output::line(format_args!("{counts}{end}"))
}

async fn items(store: &Store, sync: &Sync) -> anyhow::Result<Vec<SyncItem>> {
    let (mut items, mut after): (Vec<SyncItem>, String) = (Vec::new(), String::new());
    loop {
        let page = store.read().await?.sync_items(sync.id, (None, &after), PAGE).await?;
        match page.last() {
            None => return Ok(items),
            Some(last) => after.clone_from(&last.external_id),
        }
        items.extend(page);
    }
}
