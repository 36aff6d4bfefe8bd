//! A temporary PostgreSQL: brought up in a folder of its own, gone when the value is dropped.

mod find;
mod install;

use std::fs::{self, File, Permissions};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::signal::Signal;
use nix::unistd::{Uid, User};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::{sleep, timeout};

use self::find::Programs;
use crate::child::{self, Guard, program};

/// How long the server may take to answer its first connection.
const START: Duration = Duration::from_mins(1);
/// A free port may be taken between our look and the server's start.
const PORTS_TRIED: usize = 3;
const SUPERUSER: &str = "gleaner";

/// A running server. The fields are dropped in order: first the process, then its folder.
pub struct Server {
    process: Guard,
    cluster: Cluster,
    url: String,
}

impl Server {
    /// Finds PostgreSQL, or installs it, and starts a fresh server.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// The same with more settings, such as `max_connections=1000`.
    pub async fn start_with(settings: &[&str]) -> Result<Self> {
        let programs = if let Some(programs) = find::programs().await {
            programs
        } else {
            install::postgresql().await?;
            find::programs().await.context("PostgreSQL was installed but is not to be found")?
        };
        let cluster = Cluster::create(&programs).await?;
        let mut attempt = 1;
        let (process, port) = loop {
            match cluster.serve(&programs, settings).await {
                Ok(running) => break running,
                Err(error) if attempt == PORTS_TRIED => return Err(error),
                Err(_) => attempt += 1,
            }
        };
        let url = format!("postgres://{SUPERUSER}:{}@{}:{port}/postgres", cluster.password, Ipv4Addr::LOCALHOST);
        eprintln!("PostgreSQL {} is up on port {port}", programs.version);
        Ok(Self { process, cluster, url })
    }

    /// The address of the superuser's database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for an end that nobody asked for.
    pub async fn ended(&mut self) -> Result<()> {
        let status = self.process.wait().await?;
        bail!("PostgreSQL ended with {status}\n{}", self.cluster.last_words())
    }
}

/// The folder of one server, and whose it is.
struct Cluster {
    folder: TempDir,
    owner: Option<User>,
    password: String,
}

impl Cluster {
    async fn create(programs: &Programs) -> Result<Self> {
        let only_owner = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().prefix("gleaner-postgres-").permissions(only_owner).tempdir()?;
        let cluster = Self { folder, owner: owner()?, password: password()? };
        let password_file = cluster.path("password");
        fs::write(&password_file, &cluster.password)?;
        if let Some(owner) = &cluster.owner {
            for path in [cluster.folder.path(), &password_file] {
                chown(path, Some(owner.uid.as_raw()), Some(owner.gid.as_raw()))?;
            }
        }
        let mut initdb = cluster.program(&programs.initdb());
        initdb.args(["--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US"]);
        // Debug builds take long over SCRAM's thousands of rounds, and this password never leaves the machine.
        initdb.args(["--auth=password", "--no-sync", "--username", SUPERUSER]);
        initdb.arg("--pwfile").arg(&password_file).arg("--pgdata").arg(cluster.path("data"));
        child::output(initdb).await.context("could not make a PostgreSQL cluster")?;
        Ok(cluster)
    }

    /// Starts the server on a free port, and waits until it takes connections.
    async fn serve(&self, programs: &Programs, settings: &[&str]) -> Result<(Guard, u16)> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = File::create(self.path("log"))?;
        let mut server = self.program(&programs.postgres());
        server.arg("-D").arg(self.path("data")).stdout(log.try_clone()?).stderr(log);
        // fsync stays on: it is part of what is tested. No socket file: its path may be too long for the system.
        let ours = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "fsync=on"];
        // Of a setting that is given twice, the later counts.
        for setting in ours.iter().chain(settings) {
            server.args(["-c", setting]);
        }
        server.args(["-c", &format!("port={port}")]);
        // An immediate shutdown: nothing of this is needed any more.
        let mut process = Guard::start(server, Signal::SIGQUIT)?;
        let ready = tokio::select! {
            ready = timeout(START, self.ready()) => ready.map_err(|_| anyhow!("was not ready within {START:?}")),
            status = process.wait() => Err(anyhow!("ended with {}", status?)),
        };
        ready.with_context(|| format!("PostgreSQL did not start\n{}", self.last_words()))?;
        Ok((process, port))
    }

    /// The server's own word: the eighth line of `postmaster.pid`, which `pg_ctl` waits for as well.
    async fn ready(&self) {
        let status = self.path("data/postmaster.pid");
        let is_ready = |text: String| text.lines().nth(7).is_some_and(|line| line.trim() == "ready");
        while !fs::read_to_string(&status).is_ok_and(is_ready) {
            sleep(Duration::from_millis(20)).await;
        }
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }

    /// A program that runs as the owner of the folder and, where the system can, ends with us even if we are killed.
    fn program(&self, path: &Path) -> Command {
        let setpriv = Path::new("/usr/bin/setpriv");
        let mut command = if setpriv.exists() {
            let mut command = program(setpriv, self.folder.path(), &["--pdeathsig", "QUIT", "--"]);
            command.arg(path);
            command
        } else {
            program(path, self.folder.path(), &[])
        };
        if let Some(owner) = &self.owner {
            command.uid(owner.uid.as_raw()).gid(owner.gid.as_raw());
        }
        command
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// PostgreSQL refuses to run as root; then somebody with fewer rights must own it.
fn owner() -> Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    bail!("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`; run as another user")
}

/// The port is open to everybody on the machine, and a superuser may run programs.
fn password() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}
