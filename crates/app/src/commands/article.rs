//! `gleaner article`: what agents answer from, and what they answered from before.

use std::process::ExitCode;

use anyhow::Context;
use model::{Article, ArticleId, Content, Proposal, WorkspaceId};
use serde_json::json;
use store::{Behind, Deed, NewDraft, Store};
use web::wire::articles::Article as Shown;

use crate::actor;
use crate::args::review::ArticleCommand;
use crate::output;
use crate::paragraphs::harmless;
use crate::settings::Settings;
use crate::setup;
use crate::table::table;

pub async fn run(settings: &Settings, command: ArticleCommand) -> anyhow::Result<ExitCode> {
    let store = setup::known_store(settings).await?;
    let workspace = setup::known_workspace(&store, settings).await?;
    match command {
        ArticleCommand::List { limit, json } => list(&store, workspace, limit, json).await,
        ArticleCommand::Show { article, number } => show(&store, workspace, article, number).await,
        ArticleCommand::Versions { article } => versions(&store, workspace, article).await,
        ArticleCommand::Restore { article, number } => restore(&store, workspace, article, number).await,
        ArticleCommand::Delete { article } => delete(&store, workspace, article).await,
    }
    .map(|()| ExitCode::SUCCESS)
}

fn unknown(article: ArticleId) -> String {
    format!("there is no article {article}; `gleaner article list` shows those there are")
}

async fn list(store: &Store, workspace: WorkspaceId, limit: i64, as_json: bool) -> anyhow::Result<()> {
    let articles = store.glance().await?.articles(workspace, &Behind::start(), limit).await?;
    if as_json {
        let articles: Vec<Shown> = articles.into_iter().map(Shown::from).collect();
        return output::line(serde_json::to_string_pretty(&json!({ "articles": articles }))?);
    }
    if articles.is_empty() {
        return output::line("there are no articles; `gleaner review list` shows what awaits a decision");
    }
    let mut rows = table(["STATE", "VERSION", "TITLE", "CHANGED", "ID"]);
    for article in articles {
        rows.add_row([
            state(&article).to_owned(),
            article.version.to_string(),
            harmless(&article.content.title),
            article.updated_at.to_string(),
            article.id.to_string(),
        ]);
    }
    output::line(rows)
}

const fn state(article: &Article) -> &'static str {
    if article.active { "live" } else { "withdrawn" }
}

async fn show(store: &Store, workspace: WorkspaceId, id: ArticleId, number: Option<i64>) -> anyhow::Result<()> {
    let mut read = store.read().await?;
    let content = match number {
        None => read.article(workspace, id).await?.with_context(|| unknown(id))?.content,
        Some(number) => version_of(read.versions(workspace, id).await?, id, number)?.content,
    };
    print(&content)
}

fn version_of(
    versions: Vec<model::ArticleVersion>,
    id: ArticleId,
    number: i64,
) -> anyhow::Result<model::ArticleVersion> {
    let found = versions.into_iter().find(|version| version.version == number);
    found.with_context(|| format!("article {id} has no version {number}; `gleaner article versions {id}` lists them"))
}

fn print(content: &Content) -> anyhow::Result<()> {
    output::line(format_args!("# {}\n", harmless(&content.title)))?;
    output::line(harmless(content.main_knowledge.trim_end()))?;
    for (what, texts) in [("questions", &content.questions), ("keywords", &content.keywords)] {
        output::line(format_args!("\n{what}: {}", harmless(&texts.join(" · "))))?;
    }
    Ok(())
}

async fn versions(store: &Store, workspace: WorkspaceId, id: ArticleId) -> anyhow::Result<()> {
    let versions = store.glance().await?.versions(workspace, id).await?;
    anyhow::ensure!(!versions.is_empty(), unknown(id));
    let mut rows = table(["VERSION", "WHEN", "BY", "STATE", "SOURCE TEXT", "TITLE"]);
    for version in versions {
        let source = version.backing.map(|backing| format!("{} of {}", backing.revision, backing.document));
        let state = if version.active { "live" } else { "withdrawn" };
        rows.add_row([
            version.version.to_string(),
            version.created_at.to_string(),
            version.actor,
            state.to_owned(),
            source.unwrap_or_default(),
            harmless(&version.content.title),
        ]);
    }
    output::line(rows)
}

async fn restore(store: &Store, workspace: WorkspaceId, id: ArticleId, number: i64) -> anyhow::Result<()> {
    let mut write = store.write().await?;
    let live = write.article(workspace, id).await?.with_context(|| unknown(id))?;
    let version = version_of(write.versions(workspace, id).await?, id, number)?;
    let new = NewDraft {
        proposal: Proposal::Update,
        reason: format!("version {number} is to be restored"),
        article: Some((id, live.version)),
        folder: live.folder,
        backing: None,
        content: version.content,
        active: Some(version.active),
        public: Some(version.public),
        origin: None,
    };
    let actor = actor::name();
    let draft = write.add_draft(Deed { workspace, actor: &actor, at: store.now() }, &new).await?;
    write.commit().await?;
    output::line(format_args!("draft {}; `gleaner review approve {}` publishes it", draft.id, draft.id))
}

async fn delete(store: &Store, workspace: WorkspaceId, id: ArticleId) -> anyhow::Result<()> {
    let actor = actor::name();
    let mut write = store.write().await?;
    let gone = write.delete_article(Deed { workspace, actor: &actor, at: store.now() }, id).await?;
    let gone = gone.with_context(|| unknown(id))?;
    write.commit().await?;
    output::line(format_args!("deleted: “{}”; its {} versions stay", harmless(&gone.content.title), gone.version))
}
