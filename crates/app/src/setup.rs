//! Builds the parts from the settings, once.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use connect::Client;
use model::{Clock, DocumentId, WorkspaceId};
use pipeline::parser::Parsers;
use pipeline::{Ingest, Worker};
use store::{Store, Target};

use crate::settings::Settings;

/// How patient a run is when what failed may pass.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How many attempts a run has.
    pub attempts: i64,
    /// The wait after the first.
    pub base: Duration,
}

/// A service has time: five attempts in about ten minutes.
const SERVICE: Patience = Patience { attempts: 5, base: Duration::from_secs(15) };
/// A person waits: three attempts in about ten seconds.
const PERSON: Patience = Patience { attempts: 3, base: Duration::from_secs(2) };

impl Patience {
    pub fn of_service(settings: &Settings) -> Self {
        SERVICE.with(settings)
    }

    pub fn of_person(settings: &Settings) -> Self {
        PERSON.with(settings)
    }

    fn with(self, settings: &Settings) -> Self {
        Self { attempts: settings.attempts.unwrap_or(self.attempts), base: settings.retry_base.unwrap_or(self.base) }
    }
}

/// Opens the store.
pub async fn store(settings: &Settings) -> anyhow::Result<Store> {
    Store::open(&settings.database, &settings.data, Clock::system()).await.with_context(|| {
        format!(
            "cannot open {} with the data folder {}; check --database and --data",
            settings.database,
            settings.data.display()
        )
    })
}

/// The workspace of the settings, made where there is none.
pub async fn workspace(store: &Store, settings: &Settings) -> anyhow::Result<WorkspaceId> {
    let mut write = store.write().await?;
    let (workspace, _) = write.ensure_workspace(&settings.workspace, store.now()).await?;
    write.commit().await?;
    Ok(workspace)
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
    bail!("there is no workspace {:?}; there are: {}", settings.workspace, names.join(", "))
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
    let parsers = Parsers::new(this_program()?, settings.parsers);
    let work = pipeline::Settings {
        concurrency: settings.concurrency,
        lease: settings.lease,
        pace: settings.pace,
        retry_base: patience.base,
        grace: settings.grace,
        only,
        label: format!("pid {}", std::process::id()),
        ..pipeline::Settings::default()
    };
    let work = Arc::new(work);
    let ingest = Ingest::new(store.clone(), client, parsers, Arc::clone(&work));
    Ok(Worker::new(store.clone(), ingest, work))
}

/// What the parser children run. On Linux this stays the running program even when its file is replaced by a newer one.
fn this_program() -> anyhow::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        return Ok(running.to_owned());
    }
    std::env::current_exe().context("cannot find this program to start its parsers")
}
