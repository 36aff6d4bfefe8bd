//! A temporary PostgreSQL: brought up in a folder of its own, gone when the value is dropped.

mod find;
mod install;

use std::fs::{self, OpenOptions, Permissions};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid, User};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::{sleep, timeout};

use self::find::Programs;
use crate::child::{self, Guard, program};

/// How long the server may take to answer its first connection, recovery after a crash included.
const START: Duration = Duration::from_mins(1);
/// A free port may be taken between our look and the server's start.
const PORTS_TRIED: usize = 3;
const SUPERUSER: &str = "gleaner";

/// A running server. The fields are dropped in order: first the process, then its folder.
pub struct Server {
    process: Guard,
    cluster: Cluster,
    programs: Programs,
    port: u16,
}

/// What is not as usual about a server.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where its folder is made; none for the system's temporary folder.
    pub place: Option<PathBuf>,
    /// A further address to listen on, open to who is in its network.
    pub also_on: Option<Ipv4Addr>,
    /// Settings such as `fsync=off`, which win over the usual ones.
    pub settings: Vec<String>,
}

impl Server {
    /// Finds PostgreSQL, or installs it, and starts a fresh server.
    pub async fn start() -> Result<Self> {
        Self::start_with(Options::default()).await
    }

    /// The same with options.
    pub async fn start_with(options: Options) -> Result<Self> {
        let programs = programs().await?;
        let cluster = Cluster::create(&programs, options).await?;
        Self::on(cluster, programs).await
    }

    /// Starts a server on the files of another one, wherever they were copied to, as after a power cut.
    pub async fn revive(&self, folder: &Path, settings: Vec<String>) -> Result<Self> {
        let options = Options { settings, ..Options::default() };
        let (owner, password) = (self.cluster.owner.clone(), self.cluster.password.clone());
        let folder = Folder::Foreign(folder.to_owned());
        Self::on(Cluster { folder, owner, password, options }, programs().await?).await
    }

    async fn on(cluster: Cluster, programs: Programs) -> Result<Self> {
        let mut attempt = 1;
        loop {
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
            match cluster.serve(&programs, port).await {
                Ok(process) => {
                    eprintln!("PostgreSQL {} is up on port {port}", programs.version);
                    return Ok(Self { process, cluster, programs, port });
                }
                Err(error) if attempt == PORTS_TRIED => return Err(error),
                Err(_) => attempt += 1,
            }
        }
    }

    /// The address of the superuser's database.
    pub fn url(&self) -> String {
        self.url_at(Ipv4Addr::LOCALHOST)
    }

    /// The same on another of its addresses.
    pub fn url_at(&self, address: Ipv4Addr) -> String {
        format!("postgres://{SUPERUSER}:{}@{address}:{}/postgres", self.cluster.password, self.port)
    }

    /// The folder in which it keeps everything.
    pub fn folder(&self) -> &Path {
        self.cluster.folder.path()
    }

    /// Ends it without a checkpoint, as `pg_ctl stop -m immediate` does: the next start recovers from the log.
    pub async fn crash(&mut self) -> Result<()> {
        let id = self.process.id().context("it has ended already")?;
        kill(Pid::from_raw(id.cast_signed()), Signal::SIGQUIT)?;
        self.process.wait().await?;
        Ok(())
    }

    /// Starts it again on its port, and waits until it takes connections.
    pub async fn restart(&mut self) -> Result<()> {
        self.process = self.cluster.serve(&self.programs, self.port).await?;
        Ok(())
    }

    /// Whether it has ended, by itself or by [`Server::crash`].
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.process.try_wait(), Ok(None))
    }

    /// Waits for an end that nobody asked for.
    pub async fn ended(&mut self) -> Result<()> {
        let status = self.process.wait().await?;
        bail!("PostgreSQL ended with {status}\n{}", self.cluster.last_words())
    }
}

async fn programs() -> Result<Programs> {
    if let Some(programs) = find::programs().await {
        return Ok(programs);
    }
    install::postgresql().await?;
    find::programs().await.context("PostgreSQL was installed but is not to be found")
}

/// The folder of one server, and whose it is.
struct Cluster {
    folder: Folder,
    owner: Option<User>,
    password: String,
    options: Options,
}

/// A folder that goes with its value, or one that somebody else keeps.
enum Folder {
    Own(TempDir),
    Foreign(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Own(folder) => folder.path(),
            Self::Foreign(folder) => folder,
        }
    }
}

impl Cluster {
    async fn create(programs: &Programs, options: Options) -> Result<Self> {
        let place = options.place.clone().unwrap_or_else(std::env::temp_dir);
        let only_owner = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().prefix("gleaner-postgres-").permissions(only_owner).tempdir_in(place)?;
        let cluster = Self { folder: Folder::Own(folder), owner: owner()?, password: password()?, options };
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
        if let Some(address) = cluster.options.also_on {
            let mut rules = OpenOptions::new().append(true).open(cluster.path("data/pg_hba.conf"))?;
            writeln!(rules, "host all all {address}/24 password")?;
        }
        Ok(cluster)
    }

    /// Starts the server on this port, and waits until it takes connections.
    async fn serve(&self, programs: &Programs, port: u16) -> Result<Guard> {
        // What a crash or a copy left there tells of a process that is no more.
        let _ = fs::remove_file(self.path("data/postmaster.pid"));
        let log = OpenOptions::new().create(true).append(true).open(self.path("log"))?;
        let mut server = self.program(&programs.postgres());
        server.arg("-D").arg(self.path("data")).stdout(log.try_clone()?).stderr(log);
        let also_on = self.options.also_on.map(|address| format!(",{address}")).unwrap_or_default();
        server.args(["-c", &format!("listen_addresses=127.0.0.1{also_on}"), "-c", &format!("port={port}")]);
        // fsync stays on: it is part of what is tested. No socket file: its path may be too long for the system.
        for setting in ["unix_socket_directories=", "max_connections=200", "fsync=on"] {
            server.args(["-c", setting]);
        }
        server.args(self.options.settings.iter().flat_map(|setting| ["-c", setting]));
        // An immediate shutdown: nothing of this is needed any more.
        let mut process = Guard::start(server, Signal::SIGQUIT)?;
        let ready = tokio::select! {
            ready = timeout(START, self.ready()) => ready.map_err(|_| anyhow!("was not ready within {START:?}")),
            status = process.wait() => Err(anyhow!("ended with {}", status?)),
        };
        ready.with_context(|| format!("PostgreSQL did not start\n{}", self.last_words()))?;
        Ok(process)
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
