//! `gleaner jobs`: the runs of documents.

use std::process::ExitCode;

use store::JobsPage;
use web::wire::jobs::Job;

use crate::args::queue::{JobsCommand, ListJobsArgs, ShowJobArgs};
use crate::backend::Backend;
use crate::output;
use crate::settings::Settings;
use crate::table::table;

pub async fn run(settings: &Settings, command: JobsCommand) -> anyhow::Result<ExitCode> {
    match command {
        JobsCommand::List(args) => list(settings, &args).await?,
        JobsCommand::Show(args) => show(settings, &args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(settings: &Settings, args: &ListJobsArgs) -> anyhow::Result<()> {
    let backend = Backend::known(settings, &args.remote).await?;
    let page = backend.jobs(&JobsPage { state: args.state, limit: args.limit, after: args.after }).await?;
    if args.json {
        return output::line(serde_json::to_string_pretty(&page)?);
    }
    let mut rows = table(["STATE", "PRIORITY", "ATTEMPT", "ADDRESS", "REASON", "ID"]);
    for job in &page.jobs {
        let reason = job.waiting.as_ref().map(|waiting| format!("{}: {}", waiting.code, waiting.text));
        let priority = job.priority.as_deref().unwrap_or_default();
        let attempt = attempts(job);
        rows.add_row([&job.state, priority, &attempt, &job.external_id, &reason.unwrap_or_default(), &job.id]);
    }
    output::line(rows)?;
    if let (true, Some(last)) = (page.has_more, page.jobs.last()) {
        output::line(format_args!("There are more: add --after {}", last.id))?;
    }
    Ok(())
}

async fn show(settings: &Settings, args: &ShowJobArgs) -> anyhow::Result<()> {
    let job = Backend::known(settings, &args.remote).await?.job(args.id).await?;
    if args.json {
        return output::line(serde_json::to_string_pretty(&job)?);
    }
    output::line(&job.external_id)?;
    output::line(format_args!("{} · attempt {} · document {}", job.state, attempts(&job), job.document_id))?;
    if let Some(waiting) = &job.waiting {
        output::line(format_args!("waits since {} ({}): {}", waiting.since, waiting.code, waiting.text))?;
    }
    if !job.error.is_empty() {
        output::line(&job.error)?;
    }
    let moments = [
        ("queued", Some(&job.created_at)),
        ("started", job.started_at.as_ref()),
        ("next attempt", job.next_attempt_at.as_ref()),
        ("ended", job.finished_at.as_ref()),
    ];
    for (what, at) in moments.into_iter().filter_map(|(what, at)| Some((what, at?))) {
        output::line(format_args!("{what} {at}"))?;
    }
    Ok(())
}

fn attempts(job: &Job) -> String {
    job.max_attempts.map_or_else(|| job.attempt.to_string(), |most| format!("{} of {most}", job.attempt))
}
