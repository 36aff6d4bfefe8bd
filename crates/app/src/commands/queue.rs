//! `gleaner queue`: how it stands; pause, resume, cancel, retry.

use std::process::ExitCode;

use anyhow::bail;
use model::Timestamp;
use serde_json::json;
use store::{Pausable, Retrying, Store, Which};
use web::wire::queue::Queue;

use crate::args::queue::{CancelArgs, PauseArgs, QueueCommand, ResumeArgs, RetryArgs, StatusArgs};
use crate::backend::Backend;
use crate::control;
use crate::output;
use crate::question::confirm;
use crate::settings::Settings;
use crate::setup;
use crate::table::table;

pub async fn run(settings: &Settings, command: QueueCommand) -> anyhow::Result<ExitCode> {
    match command {
        QueueCommand::Status(args) if args.all => status_of_all(settings, args.json).await?,
        QueueCommand::Status(args) => status(settings, &args).await?,
        QueueCommand::Pause(args) => pause(settings, &args).await?,
        QueueCommand::Resume(args) => resume(settings, &args).await?,
        QueueCommand::Cancel(args) => return cancel(settings, args).await,
        QueueCommand::Retry(args) => return retry(settings, args).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn status(settings: &Settings, args: &StatusArgs) -> anyhow::Result<()> {
    let queue = Backend::known(settings, &args.remote).await?.queue_status().await?;
    if args.json {
        return output::line(serde_json::to_string_pretty(&queue)?);
    }
    show(&queue)?;
    for pause in &queue.pauses {
        let what = pause.host.as_deref().unwrap_or("the workspace");
        output::line(format_args!("{what} is paused since {}: {}", pause.since, pause.reason))?;
    }
    Ok(())
}

/// For whoever runs the machine.
async fn status_of_all(settings: &Settings, as_json: bool) -> anyhow::Result<()> {
    let store = setup::known_store(settings).await?;
    let now = store.now();
    let mut read = store.read().await?;
    let queue = Queue::new(&read.live_counts(None).await?, Vec::new(), read.workers_alive(now).await?);
    let unexplained = read.unexplained(settings.lease, now).await?;
    let (lines, pauses) = (read.lines().await?, read.pauses().await?);
    let workspaces = read.workspaces().await?;
    drop(read);
    store.close().await;
    let shown = |what: &Pausable| match what {
        Pausable::Lane(host) => ("host", host.clone()),
        Pausable::Workspace(id) => {
            let name = workspaces.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone());
            ("workspace", name.unwrap_or_else(|| id.to_string()))
        }
    };
    let pauses: Vec<(&str, String, String, Timestamp)> = pauses
        .into_iter()
        .map(|pause| {
            let (kind, name) = shown(&pause.what);
            (kind, name, pause.reason, pause.since)
        })
        .collect();
    if as_json {
        let mut json = json!(queue);
        json["pauses"] = pauses
            .iter()
            .map(|(kind, name, reason, since)| json!({ "kind": kind, "name": name, "reason": reason, "since": since.to_string() }))
            .collect();
        json["hostsWithALine"] = json!(lines);
        json["unexplained"] = json!(std::collections::BTreeMap::from(unexplained.kinds()));
        return output::line(serde_json::to_string_pretty(&json)?);
    }
    show(&queue)?;
    output::line(counted(lines, ["host has a line", "hosts have a line"]))?;
    for (kind, name, reason, since) in pauses {
        output::line(format_args!("the {kind} {name} is paused since {since}: {reason}"))?;
    }
    for (kind, documents) in unexplained.kinds().into_iter().filter(|(_, documents)| *documents > 0) {
        let documents = counted(documents, ["document waits", "documents wait"]);
        output::line(format_args!("{documents} against the rules ({kind}); please report it"))?;
    }
    Ok(())
}

fn show(queue: &Queue) -> anyhow::Result<()> {
    let mut counts = table(["READY", "IN LINE", "DELAYED", "HELD", "RUNNING"]);
    let jobs = &queue.jobs;
    counts.add_row([jobs.ready, jobs.in_line, jobs.delayed, jobs.held, jobs.running].map(|count| count.to_string()));
    output::line(counts)?;
    if let Some(since) = &queue.oldest_waiting_since {
        output::line(format_args!("the oldest that waits was queued at {since}"))?;
    }
    match queue.workers_alive {
        0 => output::line("no worker is alive; start `gleaner serve` or `gleaner work`"),
        workers => output::line(counted(workers, ["worker is alive", "workers are alive"])),
    }
}

/// A count with what is counted, in the singular or the plural.
fn counted(count: i64, [one, many]: [&str; 2]) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

async fn pause(settings: &Settings, args: &PauseArgs) -> anyhow::Result<()> {
    let reason = args.reason.trim();
    if reason.is_empty() || reason.chars().any(char::is_control) {
        bail!("--reason must be a line of text, such as \"we move the help center\"");
    }
    if let Some(host) = &args.host {
        let store = setup::known_store(settings).await?;
        control::pause(&store, &Pausable::Lane(host.clone()), reason).await?;
        store.close().await;
        return output::line(format_args!(
            "{host} is paused in every workspace; `gleaner queue resume --host {host}` ends it"
        ));
    }
    Backend::known(settings, &args.remote).await?.pause(reason).await?;
    output::line("the workspace is paused; `gleaner queue resume` ends it")
}

async fn resume(settings: &Settings, args: &ResumeArgs) -> anyhow::Result<()> {
    let was_paused = match &args.host {
        None => Backend::known(settings, &args.remote).await?.resume().await?,
        Some(host) => {
            let store: Store = setup::known_store(settings).await?;
            let was_paused = control::resume(&store, &Pausable::Lane(host.clone())).await?;
            let was_resting = control::end_rest(&store, host, &settings.pace).await?;
            store.close().await;
            if was_resting {
                output::line(format_args!("the rest that {host} had asked for is over"))?;
            }
            Some(was_paused)
        }
    };
    output::line(if was_paused == Some(false) { "it was not paused" } else { "it is not paused any more" })
}

async fn cancel(settings: &Settings, args: CancelArgs) -> anyhow::Result<ExitCode> {
    if args.all && !args.yes {
        confirm("Cancel every live job of the workspace?")?;
    }
    let backend = Backend::known(settings, &args.remote).await?;
    if !args.jobs.is_empty() {
        let mut outcome = ExitCode::SUCCESS;
        let mut cancelled = 0;
        for job in args.jobs {
            match backend.cancel_job(job).await {
                Ok(()) => cancelled += 1,
                Err(error) => outcome = refused(&error),
            }
        }
        tell("cancelled", cancelled, args.json)?;
        return Ok(outcome);
    }
    let which = match args.host {
        Some(host) => Which::Lane(host),
        None if args.all => Which::All,
        None => Which::Documents(args.document.clone()),
    };
    let cancelled = backend.cancel_jobs(&which).await?;
    let mut outcome = ExitCode::SUCCESS;
    if cancelled < args.document.len() {
        for document in &args.document {
            if let Err(error) = backend.must_exist(*document).await {
                outcome = refused(&error);
            }
        }
    }
    tell("cancelled", cancelled, args.json)?;
    Ok(outcome)
}

async fn retry(settings: &Settings, args: RetryArgs) -> anyhow::Result<ExitCode> {
    let backend = Backend::known(settings, &args.remote).await?;
    let attempts = settings.patience_of_service().attempts;
    if args.jobs.is_empty() {
        let which = Retrying {
            codes: Some(args.code).filter(|codes| !codes.is_empty()),
            host: args.host,
            limit: args.limit.and_then(|limit| usize::try_from(limit).ok()),
        };
        tell("retried", backend.retry_many(&which, attempts).await?, args.json)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut outcome = ExitCode::SUCCESS;
    let mut retried = 0;
    for job in args.jobs {
        match backend.retry_job(job, attempts).await {
            Ok(_) => retried += 1,
            Err(error) => outcome = refused(&error),
        }
    }
    tell("retried", retried, args.json)?;
    Ok(outcome)
}

fn tell(what: &str, count: usize, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return output::line(json!({ what: count }));
    }
    output::line(format_args!("{count} {what}"))
}

fn refused(error: &anyhow::Error) -> ExitCode {
    eprintln!("gleaner: {error:#}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_counted_in_the_singular() {
        let words = ["host has a line", "hosts have a line"];
        let told = [0, 1, 2].map(|count| counted(count, words));
        assert_eq!(told, ["0 hosts have a line", "1 host has a line", "2 hosts have a line"]);
    }
}
