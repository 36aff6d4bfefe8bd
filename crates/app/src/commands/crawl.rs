//! `gleaner crawl`: find the pages of a site, say what became of every address, and import them if that is wanted.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};
use model::crawl::{CrawlPlan, CrawlProgress, Paths};
use model::{CrawlOutcome, WebUrl};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use web::wire::crawl::{CrawlDetails, Crawled, CrawledUrl};

use crate::args::crawl::CrawlArgs;
use crate::backend::{Backend, QueueOptions};
use crate::commands::ingest;
use crate::output;
use crate::settings::Settings;
use crate::setup;
use crate::shutdown;
use crate::table::table;

pub async fn run(settings: &Settings, args: CrawlArgs) -> anyhow::Result<ExitCode> {
    let plan = plan(&args)?;
    let stop = shutdown::on_signal()?;
    let backend = Backend::open(settings, &args.remote).await?;
    let found = tokio::select! {
        found = crawled(settings, &backend, &plan) => found?,
        () = stop.cancelled() => bail!("stopped; what was found so far is lost"),
    };
    tell(&found);
    let pages: Vec<String> = accepted(&found).map(|found| found.url.clone()).collect();
    if args.ingest && !pages.is_empty() {
        return import(settings, &backend, &stop, &args, &found, &pages).await;
    }
    print(&found, &args)?;
    Ok(if pages.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn plan(args: &CrawlArgs) -> anyhow::Result<CrawlPlan> {
    let seed = |text: &String| WebUrl::parse(text).map_err(|refusal| anyhow!("{text:?} {refusal}"));
    Ok(CrawlPlan {
        seeds: args.urls.iter().map(seed).collect::<anyhow::Result<_>>()?,
        paths: Paths { include: args.include.clone(), exclude: args.exclude.clone() },
        limit: usize::try_from(args.limit).unwrap_or(CrawlPlan::MOST),
        max_depth: args.depth,
        time: args.time.0,
        reads_all: !args.quick,
    })
}

async fn crawled(settings: &Settings, backend: &Backend, plan: &CrawlPlan) -> anyhow::Result<CrawlDetails> {
    match backend {
        Backend::Local { store, .. } => {
            let crawler = setup::crawler(store, settings)?;
            let bar = progress();
            let seen = |progress: &CrawlProgress<'_>| {
                let CrawlProgress { here, read, found, accepted } = *progress;
                bar.set_message(format!("{read} pages read, {found} addresses seen, {accepted} accepted  {here}"));
            };
            let report = crawler.crawl(plan, &seen).await;
            bar.finish_and_clear();
            Ok(report?.into())
        }
        Backend::Server(api) => {
            let texts = |globs: &[model::crawl::Glob]| globs.iter().map(ToString::to_string).collect::<Vec<_>>();
            let body = json!({
                "links": plan.seeds.iter().map(WebUrl::as_str).collect::<Vec<_>>(),
                "limit": plan.limit,
                "maxDepth": plan.max_depth,
                "includePaths": texts(&plan.paths.include),
                "excludePaths": texts(&plan.paths.exclude),
                "report": true,
            });
            let answer: Crawled =
                serde_json::from_value(api.post("v2/documents/public/deep-crawl/links", Some(&body)).await?)?;
            answer.report.ok_or_else(|| anyhow!("the server gave no report; it may be older than this program"))
        }
    }
}

fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    // `wide_msg` is cut at the width of the terminal; a longer line could not be drawn over.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// The pages to import, the ones that the crawl began at included.
fn accepted(found: &CrawlDetails) -> impl Iterator<Item = &CrawledUrl> {
    found.urls.iter().filter(|found| found.outcome == CrawlOutcome::Accepted.as_str())
}

/// Says on standard error how many addresses came to what, and what was not looked at.
fn tell(found: &CrawlDetails) {
    let counts = CrawlOutcome::words().filter_map(|word| {
        let count = found.urls.iter().filter(|found| found.outcome == word).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    eprintln!("gleaner: {} addresses: {}", found.urls.len(), counts.collect::<Vec<_>>().join(", "));
    for seed in
        found.urls.iter().filter(|found| found.seed && !matches!(found.outcome.as_str(), "accepted" | "duplicate_of"))
    {
        eprintln!("gleaner: {}: {}: {}", seed.url, seed.outcome, seed.reason);
    }
    for gap in &found.gaps {
        eprintln!("gleaner: not everything was looked at: {gap}");
    }
}

fn print(found: &CrawlDetails, args: &CrawlArgs) -> anyhow::Result<()> {
    if args.json {
        return output::line(serde_json::to_string_pretty(&json!({ "report": found }))?);
    }
    if !args.all {
        return accepted(found).try_for_each(|found| output::line(&found.url));
    }
    let mut rows = table(["OUTCOME", "URL", "REASON"]);
    for found in &found.urls {
        rows.add_row([&found.outcome, &found.url, &found.reason]);
    }
    output::line(rows)
}

async fn import(
    settings: &Settings,
    backend: &Backend,
    stop: &CancellationToken,
    args: &CrawlArgs,
    found: &CrawlDetails,
    pages: &[String],
) -> anyhow::Result<ExitCode> {
    let attempts = settings.patience_of_person().attempts;
    let options = QueueOptions { english: None, baser: None, priority: None, attempts };
    let ids = backend.queue(pages, options).await?;
    let watch = ingest::watched(settings, backend, ids, args.json, stop).await?;
    if args.json {
        let mut report = ingest::outcomes_json(&watch);
        report["report"] = json!(found);
        output::line(serde_json::to_string_pretty(&report)?)?;
        return Ok(ingest::exit_code(&watch));
    }
    ingest::report(&watch)
}
