//! One running `gleaner`, and what is done to it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Hardly a process takes longer to end, once it is told to.
const PATIENCE: Duration = Duration::from_mins(1);

/// A process that ends with its value.
#[derive(Debug)]
pub struct Process {
    child: Child,
    pid: Pid,
    out: PathBuf,
    err: PathBuf,
}

impl Process {
    /// Starts a command whose output goes to files that begin with `stem`.
    pub fn start(mut command: Command, stem: &Path) -> Result<Self> {
        let (out, err) = (stem.with_extension("out"), stem.with_extension("err"));
        command.stdin(Stdio::null()).stdout(File::create(&out)?).stderr(File::create(&err)?).kill_on_drop(true);
        let child = command.spawn().with_context(|| format!("could not start {:?}", command.as_std()))?;
        let pid = Pid::from_raw(child.id().context("it has ended already")?.cast_signed());
        Ok(Self { child, pid, out, err })
    }

    /// What it has printed.
    pub fn printed(&self) -> String {
        fs::read_to_string(&self.out).unwrap_or_default()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.err).unwrap_or_default()
    }

    /// Sends a signal. It may be gone already, which is as good.
    pub fn signal(&self, signal: Signal) {
        let _ = kill(self.pid, signal);
    }

    /// kill -9, and waits until it is gone.
    pub async fn kill(mut self) -> Result<()> {
        self.signal(Signal::SIGKILL);
        self.ended().await.map(drop)
    }

    /// SIGTERM, and waits until it is gone.
    pub async fn stop(mut self) -> Result<ExitStatus> {
        self.signal(Signal::SIGTERM);
        self.ended().await
    }

    /// The same, and what it has logged.
    pub async fn stop_with_log(mut self) -> Result<String> {
        self.signal(Signal::SIGTERM);
        self.ended().await?;
        Ok(self.log())
    }

    /// Waits until it ends.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        let ended = timeout(PATIENCE, self.child.wait()).await;
        Ok(ended.with_context(|| format!("a process does not end; it logged:\n{}", self.last_words()))??)
    }

    /// How it ended, if it has.
    pub fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// The end of its log.
    pub fn last_words(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}
