//! `gleaner ingest`: queue pages, see to it that somebody works, and watch until each has ended.

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use comfy_table::Table;
use model::DocumentId;
use pipeline::{Ingest, Phase, Worker};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web::wire::Document;

use crate::args::IngestArgs;
use crate::backend::{Backend, QueueOptions};
use crate::output;
use crate::place;
use crate::settings::Settings;
use crate::setup;
use crate::shutdown;
use crate::table::Documents;
use crate::watch::Watch;

const LOOK_LOCALLY: Duration = Duration::from_millis(100);
const LOOK_REMOTELY: Duration = Duration::from_secs(1);
/// Between looks whether another process still works.
const LOOK_FOR_WORKERS: Duration = Duration::from_secs(5);

pub async fn run(settings: &Settings, args: IngestArgs) -> anyhow::Result<ExitCode> {
    let Named { urls, files } = named(&args.urls)?;
    let stop = shutdown::on_signal()?;
    let backend = Backend::open(settings, &args.remote).await?;
    let attempts = settings.patience_of_person().attempts;
    let options = QueueOptions { english: args.english, baser: args.baser, priority: args.priority, attempts };
    let mut ids = backend.upload(&files, options).await?;
    if !urls.is_empty() {
        ids.extend(backend.queue(&urls, options).await?);
    }
    let watch = watched(settings, &backend, ids, args.json, &stop).await?;
    if args.json {
        output::line(serde_json::to_string_pretty(&outcomes_json(&watch))?)?;
        return Ok(exit_code(&watch));
    }
    let code = report(&watch)?;
    hint(&backend).await?;
    Ok(code)
}

/// Tells that what was read awaits a decision.
pub async fn hint(backend: &Backend) -> anyhow::Result<()> {
    let Backend::Local { store, workspace } = backend else { return Ok(()) };
    match store.glance().await?.open_drafts(*workspace).await? {
        0 => Ok(()),
        1 => output::line("1 draft awaits a decision: gleaner review list"),
        drafts => output::line(format_args!("{drafts} drafts await a decision: gleaner review list")),
    }
}

/// Watches queued documents until each has ended or somebody asks to stop, and works on them where nobody else does.
pub async fn watched(
    settings: &Settings,
    backend: &Backend,
    ids: Vec<String>,
    quiet: bool,
    stop: &CancellationToken,
) -> anyhow::Result<Watch> {
    let documents = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let mut helper = Helper { settings, documents, worker: None, stop: CancellationToken::new() };
    let mut watch = Watch::new(ids, quiet);
    let watched = watch_all(backend, &mut watch, &mut helper, stop).await;
    watch.finish();
    helper.dismiss().await;
    watched.map(|()| watch)
}

/// What is to be ingested.
#[derive(Default)]
struct Named {
    urls: Vec<String>,
    files: Vec<PathBuf>,
}

/// The pages and files named, and the pages on standard input where `-` stands.
fn named(arguments: &[String]) -> anyhow::Result<Named> {
    let mut named = Named::default();
    for argument in arguments {
        if argument == "-" {
            let lines = std::io::stdin().lock().lines().collect::<Result<Vec<_>, _>>().context("standard input")?;
            named.urls.extend(lines.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()));
        } else if Path::new(argument).is_file() {
            named.files.push(argument.into());
        } else if argument.contains("://") {
            named.urls.push(argument.clone());
        } else {
            bail!("there is no file {argument:?} here, and it is no URL, which starts with https:// or http://");
        }
    }
    if named.urls.is_empty() && named.files.is_empty() {
        bail!("there is no URL to ingest");
    }
    Ok(named)
}

/// Looks again and again until every document has ended or somebody asks to stop.
async fn watch_all(
    backend: &Backend,
    watch: &mut Watch,
    helper: &mut Helper<'_>,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let mut next_look_for_workers = tokio::time::Instant::now();
    loop {
        if tokio::time::Instant::now() >= next_look_for_workers {
            helper.step_in(backend).await?;
            next_look_for_workers += LOOK_FOR_WORKERS;
        }
        for id in watch.unfinished() {
            let document = backend.document(&id).await?;
            let phase = helper.phase(&document);
            watch.update(document, phase);
        }
        if watch.unfinished().is_empty() {
            return Ok(());
        }
        let pause = if matches!(backend, Backend::Local { .. }) { LOOK_LOCALLY } else { LOOK_REMOTELY };
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// A worker of our own, for the documents we wait for and no others: those were queued with other settings. It steps in when
/// nobody works on the local store.
struct Helper<'a> {
    settings: &'a Settings,
    documents: Vec<DocumentId>,
    worker: Option<(Worker<Ingest>, JoinHandle<()>)>,
    stop: CancellationToken,
}

impl Helper<'_> {
    /// Starts our own worker if there is no other.
    async fn step_in(&mut self, backend: &Backend) -> anyhow::Result<()> {
        let Backend::Local { store, .. } = backend else { return Ok(()) };
        if self.worker.is_some() || pipeline::alive(store).await? {
            return Ok(());
        }
        let patience = self.settings.patience_of_person();
        let only = Some(self.documents.clone());
        let worker = setup::worker(store, self.settings, patience, only)?;
        worker.sign_on().await?;
        let (runner, stop) = (worker.clone(), self.stop.clone());
        let running = tokio::spawn(async move { runner.run(stop).await });
        self.worker = Some((worker, running));
        Ok(())
    }

    fn phase(&self, document: &Document) -> Option<&'static str> {
        let (worker, _) = self.worker.as_ref()?;
        let id = document.id.parse().ok()?;
        if document.linked_job_status.as_deref() != Some("IN_PROGRESS") {
            return None;
        }
        worker.phase(id).map(|phase| match phase {
            Phase::Fetching => "fetching",
            Phase::Extracting => "extracting",
        })
    }

    async fn dismiss(self) {
        self.stop.cancel();
        if let Some((_, running)) = self.worker {
            let _ = running.await;
        }
    }
}

/// How the documents ended, and which did not.
pub fn outcomes_json(watch: &Watch) -> serde_json::Value {
    let ended: Vec<&Document> = watch.documents.iter().filter_map(|watched| watched.ended.as_ref()).collect();
    serde_json::json!({ "documents": ended, "unfinished": watch.unfinished() })
}

/// Success only if every document completed.
pub fn exit_code(watch: &Watch) -> ExitCode {
    let has_completed = |ended: &Document| place::has_completed(ended);
    let all_completed = watch.documents.iter().all(|watched| watched.ended.as_ref().is_some_and(has_completed));
    if all_completed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints how the documents ended.
pub fn report(watch: &Watch) -> anyhow::Result<ExitCode> {
    output::line(outcomes(watch))?;
    let mut ended = watch.documents.iter().filter_map(|watched| watched.ended.as_ref());
    if let Some(document) = ended.find(|document| place::has_completed(document)) {
        output::line(format_args!("Read the text: gleaner show {}", document.id))?;
    }
    let unfinished = watch.unfinished().len();
    if unfinished > 0 {
        output::line(format_args!("{unfinished} still queued; `gleaner work` or `gleaner serve` goes on with them"))?;
    }
    Ok(exit_code(watch))
}

fn outcomes(watch: &Watch) -> Table {
    let mut table = Documents::new(["STATUS", "PARAGRAPHS", "TIME"]);
    for watched in &watch.documents {
        let Some(document) = &watched.ended else {
            table.add(["PENDING", "", ""], "", &watched.unfinished(), &watched.id);
            continue;
        };
        let status = document.linked_job_status.as_deref().unwrap_or("");
        let paragraphs =
            if place::has_completed(document) { document.paragraphs.len().to_string() } else { String::new() };
        let took = format!("{:.1} s", watched.took.as_secs_f64());
        table.add([status, &paragraphs, &took], &document.title, &document.error, &document.id);
    }
    table.finish()
}
