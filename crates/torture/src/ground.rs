//! What a scenario stands on: the program, a folder, a database, and the settings of every process.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use testkit::postgres::TestDatabase;
use tokio::process::Command;

use crate::client::Client;
use crate::process::Process;

/// A server that takes longer to start than this does not start.
const START: Duration = Duration::from_mins(1);
const GLANCE: Duration = Duration::from_millis(10);

/// Where the documents are.
#[derive(Debug)]
pub enum Database {
    /// A file in the data folder.
    Sqlite,
    /// A database that goes with its value.
    Own(TestDatabase),
    /// A database of a server that the scenario keeps.
    At(String),
}

/// The program and what all of its processes are told.
#[derive(Debug)]
pub struct Ground {
    program: PathBuf,
    folder: TempDir,
    data: PathBuf,
    database: Database,
    settings: Vec<String>,
    listen: SocketAddr,
    started: AtomicUsize,
    key: OnceLock<String>,
}

/// How one process differs from the others.
#[derive(Debug, Clone, Default)]
pub struct Twist {
    /// Further flags.
    pub flags: Vec<String>,
    /// Environment variables.
    pub environment: Vec<(String, OsString)>,
    /// The network namespace in which it runs.
    pub namespace: Option<String>,
    /// A database address of its own.
    pub database: Option<String>,
}

impl Twist {
    /// Further flags.
    pub fn flags(flags: &[&str]) -> Self {
        Self { flags: flags.iter().map(ToString::to_string).collect(), ..Self::default() }
    }

    /// Faults that are armed; only a program that was built with them takes this.
    #[must_use]
    pub fn armed(mut self, faults: &str) -> Self {
        self.environment.push(("GLEANER_FAULTS".to_owned(), faults.into()));
        self
    }
}

impl Ground {
    /// A fresh folder and a port that the server will always listen on, so that clients find it again after each crash.
    pub fn new(program: &Path, database: Database, settings: &[&str]) -> Result<Arc<Self>> {
        let folder = tempfile::Builder::new().prefix("gleaner-torture-").tempdir()?;
        let data = folder.path().join("data");
        Self::in_folder(program, database, settings, (folder, data))
    }

    /// The same with a data folder elsewhere, such as on a volume of its own.
    pub fn with_data(program: &Path, database: Database, settings: &[&str], data: &Path) -> Result<Arc<Self>> {
        let folder = tempfile::Builder::new().prefix("gleaner-torture-").tempdir()?;
        Self::in_folder(program, database, settings, (folder, data.to_owned()))
    }

    fn in_folder(
        program: &Path,
        database: Database,
        settings: &[&str],
        (folder, data): (TempDir, PathBuf),
    ) -> Result<Arc<Self>> {
        let listen = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let settings = settings.iter().map(ToString::to_string).collect();
        let (program, started, key) = (program.to_owned(), AtomicUsize::new(0), OnceLock::new());
        Ok(Arc::new(Self { program, folder, data, database, settings, listen, started, key }))
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A name for reports.
    pub const fn database_name(&self) -> &'static str {
        match self.database {
            Database::Sqlite => "sqlite",
            Database::Own(_) | Database::At(_) => "postgres",
        }
    }

    /// Makes known a key that a server on other ground has printed.
    pub fn knows_key_of(&self, other: &Self) {
        if let Some(key) = other.key.get() {
            let _ = self.key.set(key.clone());
        }
    }

    /// A client with the first key.
    pub fn client(&self) -> Result<Client> {
        Ok(Client::new(self.listen, self.key.get().context("no server has printed a key yet")?.clone()))
    }

    /// Starts `gleaner serve` and waits until it listens.
    pub async fn serve(&self, twist: &Twist) -> Result<Process> {
        let mut server = self.start(&["serve", "--listen", &self.listen.to_string()], twist)?;
        let deadline = Instant::now() + START;
        while !server.printed().contains(" listens on ") {
            if server.status().is_some() || Instant::now() > deadline {
                bail!("the server does not listen; it logged:\n{}", server.last_words());
            }
            tokio::time::sleep(GLANCE).await;
        }
        if let Some(key) = server.printed().lines().find(|line| line.starts_with("fini_")) {
            let _ = self.key.set(key.to_owned());
        }
        Ok(server)
    }

    /// Starts `gleaner work`.
    pub fn work(&self, twist: &Twist) -> Result<Process> {
        self.start(&["work"], twist)
    }

    /// Starts the program. What is said twice counts as the twist says it.
    pub fn start(&self, arguments: &[&str], twist: &Twist) -> Result<Process> {
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let mut command = Command::new(twist.namespace.as_ref().map_or(self.program.as_os_str(), |_| "ip".as_ref()));
        command.env_clear();
        if let Some(name) = &twist.namespace {
            command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").args(["netns", "exec", name]).arg(&self.program);
        }
        command.current_dir(self.folder.path()).args(arguments).args(&twist.flags).arg("--data").arg(&self.data);
        let database = match &self.database {
            Database::Sqlite => None,
            Database::Own(database) => Some(database.url()),
            Database::At(url) => Some(url.clone()),
        };
        if let Some(url) = twist.database.clone().or(database) {
            command.arg("--database").arg(url);
        }
        for setting in self.settings.chunks(2).filter(|setting| !twist.flags.contains(&setting[0])) {
            command.args(setting);
        }
        command.envs(twist.environment.iter().map(|(name, value)| (name, value)));
        Process::start(command, &self.folder.path().join(number.to_string()))
    }
}
