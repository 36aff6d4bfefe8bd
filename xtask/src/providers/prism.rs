//! Prism as a proxy before a fake: it refuses every request that the vendor would refuse, and every answer that the vendor
//! would not give, by the vendor's document.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use cluster::child::{Guard, program};
use nix::sys::signal::Signal;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::ChildStdout;
use tokio::time::timeout;

use crate::root::root;

/// It takes seconds to load a large document, and more on a busy machine.
const PATIENCE: Duration = Duration::from_secs(100);

/// A running proxy; it ends when this is dropped.
pub struct Prism {
    origin: String,
    said: Arc<Mutex<String>>,
    _guard: Guard,
}

impl Prism {
    /// Starts it before the fake at `upstream`, and waits until it listens.
    pub async fn start(prism: &Path, document: &Path, upstream: &str) -> Result<Self> {
        let port = free_port()?.to_string();
        let mut command = program(prism, root(), &["proxy", "--errors", "--host", "127.0.0.1", "--port", &port]);
        command.arg(document).arg(upstream).stdout(Stdio::piped());
        let mut guard = Guard::start(command, Signal::SIGTERM)?;
        let output = guard.stdout.take().context("standard output was piped a moment ago")?;
        let said = Arc::new(Mutex::new(String::new()));
        let mut lines = BufReader::new(output).lines();
        timeout(PATIENCE, until_it_listens(&mut lines, &said)).await.context("Prism did not start to listen")??;
        let book = Arc::clone(&said);
        tokio::spawn(async move {
            // Its pipe is read to the end, or it would stop when that is full.
            while let Ok(Some(line)) = lines.next_line().await {
                note(&book, &line);
            }
        });
        Ok(Self { origin: format!("http://127.0.0.1:{port}"), said, _guard: guard })
    }

    /// Where it listens.
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// What it has printed so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn until_it_listens(lines: &mut Lines<BufReader<ChildStdout>>, said: &Mutex<String>) -> Result<()> {
    while let Some(line) = lines.next_line().await? {
        note(said, &line);
        if line.contains("Prism is listening") {
            return Ok(());
        }
    }
    bail!("Prism ended:\n{}", said.lock().unwrap_or_else(PoisonError::into_inner))
}

fn note(said: &Mutex<String>, line: &str) {
    let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
    said.push_str(line);
    said.push('\n');
}

/// Free a moment ago: Prism cannot be told to take any.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("this machine has no free port")?;
    Ok(listener.local_addr()?.port())
}
