//! Child programs that never outlive the command that started them.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a child may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often an ending child is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// A program with its arguments, run in `folder`.
pub fn program(name: impl AsRef<Path>, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(name.as_ref());
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs a program, its output going where ours goes. Fails when it does.
pub async fn run(command: Command) -> Result<()> {
    let (mut child, shown) = start(command)?;
    let status = child.wait().await?;
    ensure!(status.success(), "`{shown}` ended with {status}");
    Ok(())
}

/// Runs a program and hands over each line it prints to standard output.
pub async fn lines(mut command: Command, mut each: impl FnMut(&str)) -> Result<ExitStatus> {
    command.stdout(Stdio::piped());
    let (mut child, _) = start(command)?;
    let output = child.stdout.take().context("standard output was piped a moment ago")?;
    let mut output = BufReader::new(output);
    let read = async {
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line).await? > 0 {
            each(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
        anyhow::Ok(())
    };
    let end = async {
        let status = child.wait().await;
        // What the program left running holds the pipe open and would keep us reading for ever.
        child.signal(Signal::SIGKILL);
        status
    };
    let (read, status) = tokio::join!(read, end);
    read.and(Ok(status?))
}

/// Runs a program without a word and returns what it printed. On failure the error carries what it complained of.
pub async fn output(mut command: Command) -> Result<String> {
    let shown = shown(&command);
    let output = command.kill_on_drop(true).output().await.with_context(|| format!("could not start `{shown}`"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`{shown}` ended with {}\n{}", output.status, complaint.trim_end());
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` printed what is not UTF-8"))
}

/// A child in a process group of its own: one signal reaches all that it started, and a Ctrl-C in the terminal
/// reaches us first, so that we decide what ends in which order.
pub struct Guard {
    child: Child,
    group: Option<Pid>,
    ending: Signal,
}

impl Guard {
    /// Starts `command`; when dropped it is asked to end by `ending`.
    pub fn start(mut command: Command, ending: Signal) -> Result<Self> {
        let shown = shown(&command);
        let child = command.process_group(0).spawn().with_context(|| format!("could not start `{shown}`"))?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        Ok(Self { child, group, ending })
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // An error means that there is nobody left, which is what was wanted.
            let _ = killpg(group, signal);
        }
    }

    fn has_ended_by(&mut self, deadline: Instant) -> bool {
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                return false;
            }
            thread::sleep(GLANCE);
        }
        true
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal(self.ending);
            self.has_ended_by(Instant::now() + PATIENCE);
            self.signal(Signal::SIGKILL);
            self.has_ended_by(Instant::now() + PATIENCE);
        }
    }
}

impl Deref for Guard {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.child
    }
}

impl DerefMut for Guard {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.child
    }
}

fn start(command: Command) -> Result<(Guard, String)> {
    let shown = shown(&command);
    eprintln!("+ {shown}");
    Ok((Guard::start(command, Signal::SIGTERM)?, shown))
}

fn shown(command: &Command) -> String {
    let command = command.as_std();
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        program("sh", Path::new("/"), &["-c", script])
    }

    #[tokio::test]
    async fn lines_end_with_the_program_whatever_it_leaves_running() {
        let mut found = Vec::new();
        let script = "echo one; printf two; sleep 600 & exit 3";
        let status = lines(shell(script), |line| found.push(line.to_owned())).await.unwrap();
        assert_eq!((found, status.code()), (vec!["one".to_owned(), "two".to_owned()], Some(3)));
    }

    #[tokio::test]
    async fn a_dropped_guard_ends_the_whole_group() {
        let mut command = shell("sleep 600 & sleep 600");
        command.stdout(Stdio::piped());
        let mut guard = Guard::start(command, Signal::SIGTERM).unwrap();
        let mut output = BufReader::new(guard.stdout.take().unwrap());
        drop(guard);
        // Both sleepers hold the pipe open; only when neither lives does it end.
        assert_eq!(output.read_line(&mut String::new()).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn a_failure_says_what_the_program_complained_of() {
        let error = output(shell("echo no such cluster >&2; exit 1")).await.unwrap_err().to_string();
        assert!(error.contains("no such cluster"), "{error}");
        assert_eq!(output(shell("printf yes")).await.unwrap(), "yes");
    }
}
