//! Measures a process with all its children: processor time, the most memory, and how it ended.
//!
//! A process of its own starts the program, becomes the parent of whatever the program leaves behind, and waits for all of it,
//! so that the system's account is complete. Memory is what all processes have at one moment, looked at every few milliseconds; it
//! is never told lower than the most that one of them has had by the system's own account.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use serde::{Deserialize, Serialize};

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(4);

/// Longer than the program itself lets any reading last, unless others have the processor.
const PATIENCE: Duration = Duration::from_mins(10);

/// As much of what is said as tells how it ended.
const MOST_SAID: usize = 4_096;

/// What reading a file took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cost {
    /// Seconds on the clock.
    pub wall_secs: f64,
    /// Seconds of processor time of all processes, the system's work for them included.
    pub cpu_secs: f64,
    /// The most memory of all processes together, in KiB.
    pub peak_kib: u64,
    /// Bytes of text.
    pub text: u64,
    /// The exit status, if the program ended by itself.
    pub status: Option<i32>,
    /// What it said beside the text: warnings, or the reason for having none.
    pub said: String,
}

/// Has a file read, and says what that took.
pub fn of(program: &Path, file: &Path) -> Result<Cost> {
    let me = std::env::current_exe()?;
    let mut command = Command::new(me);
    command.args(["measure", "--"]).arg(program).args(["extract", "--url", &address(file)]).arg(file);
    let output = command.stderr(Stdio::inherit()).output().context("could not start the measuring process")?;
    ensure!(output.status.success(), "measuring {} ended with {}", file.display(), output.status);
    serde_json::from_slice(&output.stdout).context("the measuring process said something else than a measure")
}

/// An address that ends as the file does: the reader looks at both.
fn address(file: &Path) -> String {
    format!("https://example.com/{}", file.file_name().unwrap_or_default().display())
}

/// Runs a command with all its children, and measures them.
pub fn watched(command: &[String]) -> Result<Cost> {
    let (program, arguments) = command.split_first().context("there is no command to measure")?;
    prctl::set_child_subreaper(true)?;
    let folder = tempfile::tempdir()?;
    let (text, said) = (folder.path().join("text"), folder.path().join("said"));
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(fs::File::create(&text)?)
        .stderr(fs::File::create(&said)?)
        .spawn()
        .with_context(|| format!("could not start {program}"))?;
    let mut peak = 0;
    let status = loop {
        peak = peak.max(held_below(std::process::id()));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        ensure!(started.elapsed() < PATIENCE, "{program} has not ended after {} s", PATIENCE.as_secs());
        std::thread::sleep(LOOK);
    };
    let wall_secs = started.elapsed().as_secs_f64();
    await_orphans()?;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = Duration::from_micros((usage.user_time() + usage.system_time()).num_microseconds().unsigned_abs());
    let largest = usage.max_rss().unsigned_abs();
    let mut beginning = String::new();
    fs::File::open(&said)?.take(MOST_SAID as u64).read_to_string(&mut beginning)?;
    Ok(Cost {
        wall_secs,
        cpu_secs: cpu.as_secs_f64(),
        peak_kib: peak.max(largest),
        text: fs::metadata(&text)?.len(),
        status: status.code(),
        said: beginning,
    })
}

/// Waits for what the program has left behind, which is told to end with it.
fn await_orphans() -> Result<()> {
    let started = Instant::now();
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Err(Errno::ECHILD) => return Ok(()),
            Ok(WaitStatus::StillAlive) => {
                ensure!(started.elapsed() < PATIENCE, "the program has left a child behind that does not end");
                std::thread::sleep(LOOK);
            }
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The memory of all processes below one, in KiB.
fn held_below(parent: u32) -> u64 {
    let (mut open, mut held) = (children(parent), 0);
    while let Some(process) = open.pop() {
        held += resident(process).unwrap_or(0);
        open.extend(children(process));
    }
    held
}

fn children(process: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()).collect()
}

/// In KiB; nothing for a process that has just ended.
fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Cost {
        watched(&["/bin/sh", "-c", script].map(str::to_owned)).unwrap()
    }

    #[test]
    fn what_children_take_counts() {
        let cost = shell("echo text; echo a reason >&2; exit 3");
        assert_eq!((cost.status, cost.text, cost.said.as_str()), (Some(3), 5, "a reason\n"));
        let spin = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        let (alone, twice) = (shell(spin), shell(&format!("({spin}) & {spin}; wait")));
        assert!(twice.cpu_secs > alone.cpu_secs * 1.3, "{} {}", alone.cpu_secs, twice.cpu_secs);
        let left_behind = shell(&format!("({spin}) >/dev/null 2>&1 &"));
        assert!(left_behind.cpu_secs > alone.cpu_secs * 0.3, "{} {}", alone.cpu_secs, left_behind.cpu_secs);
    }
}
