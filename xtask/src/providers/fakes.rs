//! The process in which the fakes run.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;
use cluster::child::{self, Guard, program};
use nix::sys::signal::Signal;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::ChildStdin;

use crate::root::root;

/// The running fakes; they end when this is dropped.
pub struct Fakes {
    worlds: Value,
    _guard: Guard,
    /// Ends the process even when we are killed.
    _input: ChildStdin,
}

impl Fakes {
    /// Builds and starts them. The vendors' documents that are at hand go into `folder`.
    pub async fn start(folder: &Path) -> Result<Self> {
        let mut command = program(build().await?, root(), &[]);
        command.arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut guard = Guard::start(command, Signal::SIGTERM)?;
        let input = guard.stdin.take().context("standard input was piped a moment ago")?;
        let output = guard.stdout.take().context("standard output was piped a moment ago")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).await?;
        let worlds = serde_json::from_str(&line).context("the fakes did not say where they are")?;
        Ok(Self { worlds, _guard: guard, _input: input })
    }

    /// What a client needs to know of a fake, as JSON, and where the fake is.
    pub fn world(&self, name: &str) -> Result<(String, String)> {
        let world = &self.worlds[name];
        let origin = world["origin"].as_str().with_context(|| format!("there is no fake of {name}"))?;
        Ok((world.to_string(), origin.to_owned()))
    }
}

/// Builds the fakes with the packages and features that the tests are built with, so that nothing is built twice.
async fn build() -> Result<PathBuf> {
    let arguments = ["build", "--workspace", "--features", "app/faults", "--example", "fake-providers"];
    child::run(program("cargo", root(), &arguments)).await?;
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec();
    let target = metadata.context("could not read the workspace's manifests")?.target_directory;
    Ok(target.join("debug/examples/fake-providers").into())
}
