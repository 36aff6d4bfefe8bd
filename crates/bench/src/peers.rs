//! Other queues, from the package registries: fetched into a temporary folder, run beside us, and gone afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::OnceCell;

use crate::report::{Measure, Report};

/// Our scripts for them.
const SCRIPTS: [(&str, &str); 4] = [
    ("package.json", include_str!("../peers/package.json")),
    ("lines.mjs", include_str!("../peers/lines.mjs")),
    ("graphile.mjs", include_str!("../peers/graphile.mjs")),
    ("pgboss.mjs", include_str!("../peers/pgboss.mjs")),
];
const APALIS: [(&str, &str); 2] = [
    ("Cargo.toml", include_str!("../peers/apalis/Cargo.toml")),
    ("src/main.rs", include_str!("../peers/apalis/src/main.rs")),
];

/// Why there is no peer.
#[derive(Debug, Clone)]
pub enum Absent {
    /// Somebody said so.
    LeftOut(&'static str),
    /// It could not be had.
    Failed(String),
}

impl Absent {
    /// Marks a row that needs the peer.
    pub fn mark(&self, measure: Measure, report: &mut Report) {
        match self {
            Self::LeftOut(flag) => report.left_out(measure, flag),
            Self::Failed(why) => report.missing(measure, why),
        }
    }
}

/// Where peers come from. Each kind is fetched once, when it is first asked for.
pub struct Peers {
    left_out: Option<&'static str>,
    folder: TempDir,
    node: OnceCell<Result<PathBuf, Absent>>,
    apalis: OnceCell<Result<PathBuf, Absent>>,
}

impl Peers {
    /// None are to be had when a flag left them out.
    pub fn new(left_out: Option<&'static str>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("gleaner-peers-").tempdir()?;
        Ok(Self { left_out, folder, node: OnceCell::new(), apalis: OnceCell::new() })
    }

    /// graphile-worker on an empty database: as it is installed (`default`), or tuned for numbers (`batched`).
    pub async fn graphile(&self, url: &str, mode: &str) -> Result<Peer, Absent> {
        self.script("graphile.mjs", &[url, mode]).await
    }

    /// pg-boss on an empty database.
    pub async fn pg_boss(&self, url: &str) -> Result<Peer, Absent> {
        self.script("pgboss.mjs", &[url]).await
    }

    /// apalis on an empty `postgres` database, by URL, or a new `sqlite` file.
    pub async fn apalis(&self, kind: &str, target: &str) -> Result<Peer, Absent> {
        let program = self.apalis.get_or_init(|| self.had(build_apalis)).await.clone()?;
        started(Command::new(program).args([kind, target])).await
    }

    async fn script(&self, script: &str, arguments: &[&str]) -> Result<Peer, Absent> {
        let folder = self.node.get_or_init(|| self.had(install_scripts)).await.clone()?;
        started(Command::new("node").arg(script).args(arguments).current_dir(folder)).await
    }

    async fn had(&self, make: impl AsyncFnOnce(&Path) -> Result<PathBuf>) -> Result<PathBuf, Absent> {
        match self.left_out {
            Some(flag) => Err(Absent::LeftOut(flag)),
            None => make(self.folder.path()).await.map_err(failed),
        }
    }
}

fn failed(error: anyhow::Error) -> Absent {
    eprintln!("  {error:#}");
    Absent::Failed(error.to_string())
}

async fn install_scripts(folder: &Path) -> Result<PathBuf> {
    let folder = folder.join("node");
    write(&folder, &SCRIPTS)?;
    eprintln!("  fetching graphile-worker and pg-boss");
    finished(Command::new("npm").args(["install", "--no-fund", "--no-audit", "--no-save"]).current_dir(&folder))
        .await?;
    Ok(folder)
}

async fn build_apalis(folder: &Path) -> Result<PathBuf> {
    let folder = folder.join("apalis");
    write(&folder, &APALIS)?;
    eprintln!("  fetching and building apalis; this takes some minutes");
    let target = folder.join("target");
    let mut cargo = Command::new("cargo");
    finished(cargo.args(["build", "--release", "--quiet", "--target-dir"]).arg(&target).current_dir(&folder)).await?;
    Ok(target.join("release/peer-apalis"))
}

fn write(folder: &Path, files: &[(&str, &str)]) -> Result<()> {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
        fs::write(path, text)?;
    }
    Ok(())
}

async fn finished(command: &mut Command) -> Result<()> {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    let output = output.with_context(|| format!("{program} could not be started"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(anyhow::anyhow!("{complaint}").context(format!("{program} ended with {}", output.status)));
    }
    Ok(())
}

async fn started(command: &mut Command) -> Result<Peer, Absent> {
    Peer::start(command).await.map_err(failed)
}

/// A running peer. It ends when dropped.
pub struct Peer {
    _process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    async fn start(command: &mut Command) -> Result<Self> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let input = process.stdin.take().context("the input is piped")?;
        let output = BufReader::new(process.stdout.take().context("the output is piped")?).lines();
        let mut peer = Self { _process: process, input, output };
        let ready = peer.answer().await?;
        ensure!(ready["ready"] == true, "the peer began with {ready}");
        Ok(peer)
    }

    /// Lets the peer do something, and returns its answer.
    pub async fn ask(&mut self, command: &Value) -> Result<Value> {
        self.input.write_all(format!("{command}\n").as_bytes()).await?;
        self.answer().await
    }

    /// The same, where the answer is how many a second.
    pub async fn rate(&mut self, command: &Value) -> Result<f64> {
        let answer = self.ask(command).await?;
        answer["rate"].as_f64().with_context(|| format!("no rate is in {answer}"))
    }

    async fn answer(&mut self) -> Result<Value> {
        let Some(line) = self.output.next_line().await? else { bail!("the peer ended; its words are above") };
        serde_json::from_str(&line).with_context(|| format!("the peer said {line:?}"))
    }
}
