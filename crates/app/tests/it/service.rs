//! A running service: its process, its log, and the signals a test sends it.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::Child;
use tokio::time::timeout;

/// A service that is ended with its value. A test that fails shows what it logged.
pub struct Service {
    child: Child,
    pid: Pid,
    out: PathBuf,
    err: PathBuf,
    ended: bool,
}

impl Service {
    pub fn new(child: Child, out: PathBuf, err: PathBuf) -> Self {
        let id = child.id().expect("it was just started");
        Self { child, pid: Pid::from_raw(id.cast_signed()), out, err, ended: false }
    }

    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// What it has printed.
    pub fn printed(&self) -> String {
        std::fs::read_to_string(&self.out).unwrap()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.err).unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        kill(self.pid, signal).unwrap();
    }

    /// kill -9, and waits until the process is gone.
    pub async fn kill(mut self) {
        self.signal(Signal::SIGKILL);
        self.ended().await;
    }

    /// SIGTERM, and waits until the process is gone.
    pub async fn stop(mut self) -> ExitStatus {
        self.signal(Signal::SIGTERM);
        self.ended().await
    }

    /// Waits until it ends by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let waiting = timeout(Duration::from_secs(30), self.child.wait());
        let status = waiting.await.expect("the process does not end").unwrap();
        self.ended = true;
        status
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.ended = self.ended || self.child.try_wait().unwrap().is_some();
        self.ended
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if !self.ended {
            // It may have ended this very moment.
            let _ = self.child.start_kill();
        }
        if std::thread::panicking() {
            let log = std::fs::read_to_string(&self.err).unwrap_or_default();
            let told = |line: &&str| !line.contains("DEBUG") && !line.contains("TRACE") && !line.contains(" request{");
            let mut tail: Vec<&str> = log.lines().rev().filter(told).take(60).collect();
            tail.reverse();
            eprintln!("--- the log of process {} ends so:\n{}\n---", self.pid, tail.join("\n"));
        }
    }
}
