//! Builds the parts from the settings, once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use connect::Client;
use model::{Clock, DocumentId, WorkspaceId};
use pipeline::parser::Parsers;
use pipeline::{Crawler, Ingest, Sources, Syncs, Worker};
use store::{Store, Target, Vault};

use crate::patience::Patience;
use crate::settings::Settings;

/// The most letters in the name of a workspace.
const MOST_LETTERS: usize = 64;

/// Opens the store.
pub async fn store(settings: &Settings) -> anyhow::Result<Store> {
    let store = Store::open(&settings.database, &settings.data, Clock::system()).await.map_err(|error| {
        let mend = match missing_database(&error.to_string()) {
            Some(name) => format!("make the database with: createdb {name}"),
            None => "check --database and --data".to_owned(),
        };
        let (database, data) = (&settings.database, settings.data.display());
        anyhow::Error::new(error).context(format!("cannot open {database} with the data folder {data}; {mend}"))
    })?;
    Ok(store.with_vault(vault(settings).await?))
}

/// Closes the store, but not over a renewal whose new tokens are to be kept in it.
pub async fn close(store: &Store) {
    pipeline::renewals_ended().await;
    store.close().await;
}

/// The keys to the secrets in the store: those of the settings, else the one in the data folder, which is made where there is
/// none.
async fn vault(settings: &Settings) -> anyhow::Result<Vault> {
    match &settings.secret_key {
        Some(vault) => Ok(vault.clone()),
        None => Ok(Vault::in_folder(&settings.data).await?),
    }
}

/// The name of the database that PostgreSQL says is not there.
fn missing_database(error: &str) -> Option<&str> {
    let (_, rest) = error.split_once("database \"")?;
    rest.split_once("\" does not exist").map(|(name, _)| name)
}

/// The workspace of the settings, made where there is none. One that is there already may have any name.
pub async fn workspace(store: &Store, settings: &Settings) -> anyhow::Result<WorkspaceId> {
    let known = store.read().await?.workspace_named(&settings.workspace).await?;
    if let Some(workspace) = known {
        return Ok(workspace);
    }
    workspace_name(&settings.workspace)?;
    let mut write = store.write().await?;
    let (workspace, _) = write.ensure_workspace(&settings.workspace, store.now()).await?;
    write.commit().await?;
    Ok(workspace)
}

/// A name that a new workspace may have: it is typed in shells, put into addresses and read in tables.
fn workspace_name(name: &str) -> anyhow::Result<()> {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if is_plain && (1..=MOST_LETTERS).contains(&name.len()) {
        return Ok(());
    }
    bail!(
        "a workspace cannot be named {name:?}; use 1 to {MOST_LETTERS} of the letters a to z and A to Z, digits, `-`, `_` and `.`, \
         such as --workspace acme"
    )
}

/// What to say when a workspace is not there, with the names of those that are.
pub fn no_workspace(name: &str, known: &[String]) -> anyhow::Error {
    let known = known.join(", ");
    match workspace_name(name) {
        Ok(()) => anyhow::anyhow!(
            "there is no workspace {name:?}; there are: {known}; make it with: gleaner --workspace {name} key create NAME"
        ),
        Err(_) => anyhow::anyhow!("there is no workspace {name:?}; there are: {known}"),
    }
}

/// Opens a store that must be there: who only reads has mistyped its name otherwise.
pub async fn known_store(settings: &Settings) -> anyhow::Result<Store> {
    if let Target::Sqlite(path) = &settings.database
        && !path.exists()
    {
        bail!("there is no store at {}; name it with --data, or begin with `gleaner ingest URL`", path.display());
    }
    store(settings).await
}

/// The workspace of the settings, which must be there.
pub async fn known_workspace(store: &Store, settings: &Settings) -> anyhow::Result<WorkspaceId> {
    let mut read = store.read().await?;
    if let Some(workspace) = read.workspace_named(&settings.workspace).await? {
        return Ok(workspace);
    }
    let names: Vec<String> = read.workspaces().await?.into_iter().map(|(_, name)| name).collect();
    Err(no_workspace(&settings.workspace, &names))
}

/// The client for the outside. An error here means that a setting is wrong, so commands make it before they write.
pub fn client(settings: &Settings) -> anyhow::Result<Client> {
    let fetching = connect::Config {
        allow: settings.allow_private.clone(),
        ports: settings.allow_ports.clone(),
        user_agent: connect::http::user_agent(settings.about.as_deref()),
        proxy: settings.proxy.clone(),
        first_byte: settings.first_byte,
        total: settings.fetch_time,
        max_bytes: settings.max_bytes,
        ..connect::Config::default()
    };
    Ok(Client::new(&fetching, Clock::system())?)
}

/// A worker, not yet running; for `only` some documents, or for all.
pub fn worker(
    store: &Store,
    settings: &Settings,
    patience: Patience,
    only: Option<Vec<DocumentId>>,
) -> anyhow::Result<Worker<Ingest>> {
    let client = client(settings)?;
    let parsers = parsers(settings)?;
    let work = Arc::new(pipeline::Settings { retry_base: patience.base, only, ..work(settings) });
    let ingest = Ingest::new(store.clone(), client, parsers, Arc::clone(&work));
    Ok(Worker::new(store.clone(), ingest, work))
}

/// Looks at what providers have.
pub fn sources(store: &Store, settings: &Settings) -> anyhow::Result<Sources> {
    Ok(Sources::new(store.clone(), client(settings)?, Arc::new(work(settings))))
}

/// Crawls sites.
pub fn crawler(store: &Store, settings: &Settings) -> anyhow::Result<Crawler> {
    Ok(Crawler::new(store.clone(), client(settings)?, Arc::new(work(settings))))
}

/// Whole-source syncs.
pub fn syncs(store: &Store, settings: &Settings, patience: Patience) -> anyhow::Result<Syncs> {
    Ok(Syncs::new(store.clone(), sources(store, settings)?, patience.attempts))
}

fn work(settings: &Settings) -> pipeline::Settings {
    pipeline::Settings {
        concurrency: settings.concurrency,
        lease: settings.lease,
        pace: settings.pace,
        grace: settings.grace,
        gone_after: settings.gone_after,
        label: format!("pid {}", std::process::id()),
        ..pipeline::Settings::default()
    }
}

/// Readers of documents, with as many parser processes as the settings allow.
pub fn parsers(settings: &Settings) -> anyhow::Result<Parsers> {
    Ok(Parsers::new(this_program()?, settings.parsers))
}

/// What the parser children run. On Linux this stays the running program even when its file is replaced by a newer one.
fn this_program() -> anyhow::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        return Ok(running.to_owned());
    }
    std::env::current_exe().context("cannot find this program to start its parsers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_new_workspaces_are_plain() {
        let longest = "a".repeat(MOST_LETTERS);
        for good in ["acme", "B", "a-b_c.9", &longest] {
            assert!(workspace_name(good).is_ok(), "{good}");
        }
        let too_long = "a".repeat(MOST_LETTERS + 1);
        for bad in ["", "a b/../c", "a b", "a/b", "ä", "a\n", "a'b", &too_long] {
            assert!(workspace_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_missing_database_is_recognised() {
        let told = "error returned from database: database \"no db\" does not exist";
        assert_eq!(missing_database(told), Some("no db"));
        assert_eq!(missing_database("relation \"x\" does not exist"), None);
    }
}
