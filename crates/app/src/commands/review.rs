//! `gleaner review`: what awaits a decision, and the decisions.

mod desk;
mod edit;

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::{Context, bail};
use model::{Article, Draft, DraftId, Proposal, Seen};
use serde_json::{Value, json};
use store::{Behind, DraftFilter};
use web::wire::articles::Article as Shown;
use web::wire::review::AuditEntry;

use self::desk::Desk;
use crate::actor;
use crate::args::review::{ReviewCommand, WhichDrafts};
use crate::output;
use crate::paragraphs::{harmless, shown};
use crate::question::confirm;
use crate::settings::Settings;
use crate::setup;
use crate::table::table;

/// How many drafts are read at a time.
const PAGE: i64 = 500;

pub async fn run(settings: &Settings, command: ReviewCommand) -> anyhow::Result<ExitCode> {
    let store = setup::known_store(settings).await?;
    let workspace = setup::known_workspace(&store, settings).await?;
    let desk = Desk { store, workspace, actor: actor::name() };
    let done = match command {
        ReviewCommand::List { which, limit, json } => list(&desk, filter(&which), limit, json).await,
        ReviewCommand::Show { draft, all } => show(&desk, draft, all).await.map(drop),
        ReviewCommand::Approve { draft: Some(draft), revision, yes, .. } => approve(&desk, draft, revision, yes).await,
        ReviewCommand::Approve { draft: None, which, yes, .. } => return approve_all(&desk, filter(&which), yes).await,
        ReviewCommand::Dismiss { draft, revision, reason } => dismiss(&desk, draft, revision, &reason).await,
        ReviewCommand::Edit { draft, file, editor } => {
            edit::run(&desk, draft, file.as_deref(), editor.as_deref()).await
        }
        ReviewCommand::Log { limit, json } => log(&desk, limit, json).await,
        ReviewCommand::Drafting { switch } => drafting(&desk, switch.map(|switch| switch.is_on)).await,
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn filter(which: &WhichDrafts) -> DraftFilter {
    DraftFilter { proposal: which.proposal, folder: which.folder }
}

async fn list(desk: &Desk, filter: DraftFilter, limit: i64, as_json: bool) -> anyhow::Result<()> {
    let mut read = desk.store.read().await?;
    let drafts = read.drafts(desk.workspace, filter, &Behind::start(), limit).await?;
    if as_json {
        let drafts: Vec<Shown> = drafts.into_iter().map(Shown::from).collect();
        return output::line(serde_json::to_string_pretty(&json!({ "drafts": drafts }))?);
    }
    if drafts.is_empty() {
        return output::line("nothing awaits a decision");
    }
    let all = read.open_drafts(desk.workspace).await?;
    output::line(rows(&drafts))?;
    let shown = i64::try_from(drafts.len()).unwrap_or(i64::MAX);
    if shown < all {
        output::line(format_args!("{shown} of {all} drafts"))?;
    }
    Ok(())
}

fn rows(drafts: &[Draft]) -> comfy_table::Table {
    let mut rows = table(["PROPOSAL", "REVISION", "TITLE", "WHY", "ID"]);
    for draft in drafts {
        let why =
            if draft.is_edit_behind() { format!("{}; edited before that", draft.reason) } else { draft.reason.clone() };
        rows.add_row([
            draft.proposal.to_string(),
            draft.revision.to_string(),
            harmless(&draft.shown().title),
            why,
            draft.id.to_string(),
        ]);
    }
    rows
}

/// Shows a draft, and says which revision that was.
async fn show(desk: &Desk, id: DraftId, all: bool) -> anyhow::Result<i64> {
    let (draft, live) = desk.draft(id).await?;
    let content = draft.shown();
    output::line(format_args!("{}  {}  revision {}", draft.proposal, harmless(&content.title), draft.revision))?;
    output::line(format_args!("why: {}", draft.reason))?;
    if let Some(live) = &live {
        let title = harmless(&live.content.title);
        output::line(format_args!("article: {} version {} “{title}”", live.id, live.version))?;
    }
    if let Some(backing) = draft.backing {
        output::line(format_args!("source: document {} text {}", backing.document, backing.revision))?;
    }
    if let Some(edit) = &draft.edit {
        let behind = if draft.is_edit_behind() { "; the source has said something else since" } else { "" };
        output::line(format_args!("edited by {}{behind}", harmless(&edit.by)))?;
    }
    for (what, texts) in [("questions", &content.questions), ("keywords", &content.keywords)] {
        output::line(format_args!("{what}: {}", harmless(&texts.join(" · "))))?;
    }
    let before = live.as_ref().map(|live| live.content.main_knowledge.as_str()).unwrap_or_default();
    let after = if draft.proposal == Proposal::Withdraw { "" } else { content.main_knowledge.as_str() };
    let comparison = diff::compare(&diff::paragraphs(before), &diff::paragraphs(after));
    output::line("")?;
    output::text_of(shown(&comparison, all, std::io::stdout().is_terminal()))?;
    output::line(format_args!("\n{}", comparison.summary()))?;
    Ok(draft.revision)
}

async fn approve(desk: &Desk, id: DraftId, revision: Option<i64>, yes: bool) -> anyhow::Result<()> {
    let revision = match revision {
        Some(revision) => revision,
        None if !std::io::stdin().is_terminal() => {
            bail!("say with --revision which revision of the draft was seen; `gleaner review show {id}` shows it")
        }
        None => {
            let seen = show(desk, id, false).await?;
            if !yes {
                confirm("Publish this?")?;
            }
            seen
        }
    };
    let article = desk.publish(id, revision).await?;
    output::line(told(&article))
}

fn told(article: &Article) -> String {
    let state = if article.active { "live" } else { "withdrawn" };
    format!("{state}: {} version {} “{}”", article.id, article.version, harmless(&article.content.title))
}

/// Publishes what is listed now, each draft as it is listed.
async fn approve_all(desk: &Desk, filter: DraftFilter, yes: bool) -> anyhow::Result<ExitCode> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut behind = Behind::start();
    loop {
        let page = desk.store.read().await?.drafts(desk.workspace, filter, &behind, PAGE).await?;
        let Some(last) = page.last() else { break };
        behind = Behind { at: last.updated_at, id: last.id.to_string() };
        drafts.extend(page);
    }
    drafts.retain(|draft| filter.proposal.is_some() || draft.proposal != Proposal::Nothing);
    if drafts.is_empty() {
        output::line("nothing awaits a decision")?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(rows(&drafts))?;
    if !yes {
        let what = if drafts.len() == 1 { "draft" } else { "drafts" };
        confirm(&format!("Publish {} {what}?", drafts.len()))?;
    }
    let mut refused = 0;
    for draft in &drafts {
        match desk.publish(draft.id, draft.revision).await {
            Ok(article) => output::line(told(&article))?,
            Err(error) => {
                refused += 1;
                eprintln!("gleaner: draft {}: {error:#}", draft.id);
            }
        }
    }
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn dismiss(desk: &Desk, id: DraftId, revision: Option<i64>, reason: &str) -> anyhow::Result<()> {
    let mut write = desk.store.write().await?;
    let seen = Seen { draft: revision, article: None };
    let dismissed = write.dismiss_draft(desk.deed(), id, seen, reason).await?;
    let draft =
        dismissed.with_context(|| format!("there is no draft {id}; `gleaner review list` shows those there are"))??;
    write.commit().await?;
    output::line(format_args!("dismissed: {} “{}”", draft.id, harmless(&draft.shown().title)))
}

async fn log(desk: &Desk, limit: i64, as_json: bool) -> anyhow::Result<()> {
    let entries = desk.store.glance().await?.audit(desk.workspace, None, limit).await?;
    if as_json {
        let entries: Vec<AuditEntry> = entries.into_iter().map(AuditEntry::from).collect();
        return output::line(serde_json::to_string_pretty(&json!({ "entries": entries }))?);
    }
    let mut rows = table(["WHEN", "WHO", "WHAT", "DETAIL", "ID"]);
    for entry in entries {
        let detail = entry.detail.as_object().into_iter().flatten();
        let detail: Vec<String> =
            detail.filter(|(_, value)| !value.is_null()).map(|(name, value)| told_detail(name, value)).collect();
        rows.add_row([
            entry.at.to_string(),
            entry.actor,
            format!("{} {}", entry.action, entry.subject),
            harmless(&detail.join(", ")),
            entry.subject_id,
        ]);
    }
    output::line(rows)
}

fn told_detail(name: &str, value: &Value) -> String {
    match value.as_str() {
        Some(text) => format!("{name} {text}"),
        None => format!("{name} {value}"),
    }
}

async fn drafting(desk: &Desk, switch: Option<bool>) -> anyhow::Result<()> {
    let mut write = desk.store.write().await?;
    if let Some(is_on) = switch {
        write.set_drafting(desk.workspace, is_on).await?;
    }
    let is_on = write.drafting(desk.workspace).await?;
    write.commit().await?;
    output::line(if is_on { "on: what a run finds new awaits a decision" } else { "off: runs make no drafts" })
}
