//! The parser children that a process has: started when needed, reused, replaced after any fault.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use extract::{Extracted, Hint};
use model::{Failure, FailureCode};
use tokio::io::AsyncRead;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::death;
use super::limits::{Limits, awake, too_slow};
use super::process::{Fault, Process};
use super::protocol::Request;

/// An idle child takes a request at once. One that does not, whatever the document before has done to it, keeps nobody waiting.
const READINESS: Duration = Duration::from_secs(2);

/// Reads documents in child processes. Clones share the children.
#[derive(Debug, Clone)]
pub struct Children(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
    turns: Semaphore,
    idle: Mutex<Vec<Process>>,
    /// Whether it was logged that the kernel does not confine the children.
    has_warned: AtomicBool,
}

impl Children {
    /// At most `size` children of `program`.
    pub fn new(program: PathBuf, arguments: Vec<OsString>, size: usize, limits: Limits) -> Self {
        let turns = Semaphore::new(size.max(1));
        let (idle, has_warned) = (Mutex::default(), AtomicBool::new(false));
        Self(Arc::new(Pool { program, arguments, limits, turns, idle, has_warned }))
    }

    /// Reads a document of `length` bytes. Dropping the future ends the child that was reading.
    pub async fn extract(&self, hint: &Hint, body: impl AsyncRead + Unpin, length: u64) -> Result<Extracted, Failure> {
        let pool = &self.0;
        let _turn = pool.turns.acquire().await.map_err(|_| internal("the parsers are closed"))?;
        let reading = pool.read(hint, body, length);
        awake(pool.limits.wall, reading).await.unwrap_or_else(|| Err(too_slow(&pool.limits)))
    }

    #[cfg(test)]
    pub(super) fn idle_ids(&self) -> Vec<u32> {
        self.0.idle().iter().filter_map(Process::id).collect()
    }
}

impl Pool {
    /// The child is owned by this future while it reads, so that only a child in order goes back to the others.
    async fn read(&self, hint: &Hint, body: impl AsyncRead + Unpin, length: u64) -> Result<Extracted, Failure> {
        let limits = &self.limits;
        let request =
            Request { hint: hint.clone(), length, memory_bytes: limits.memory_bytes, cpu_secs: limits.cpu.as_secs() };
        let mut process = self.ready(&request).await?;
        match process.exchange(body, length).await {
            Ok(answer) => {
                self.give_back(process);
                answer.map_err(Failure::from)
            }
            Err(Fault::Body(error)) => Err(internal(&format!("the stored document cannot be read: {error}"))),
            Err(Fault::Silence) => Err(self.post_mortem(process).await),
            Err(Fault::Nonsense(what)) => Err(death::nonsense(&what)),
        }
    }

    /// A child that has taken the request: an idle one, or a new one when the idle one turns out to be gone.
    async fn ready(&self, request: &Request) -> Result<Process, Failure> {
        let idle = self.idle().pop();
        if let Some(mut process) = idle
            && matches!(timeout(READINESS, process.announce(request)).await, Ok(Ok(())))
        {
            return Ok(process);
        }
        let started = Process::start(&self.program, &self.arguments).await;
        let mut process = started.map_err(|error| internal(&format!("cannot start a parser: {error}")))?;
        if !process.is_confined && !self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "the kernel has no seccomp for the parser processes; only limits on memory, time and files hold"
            );
        }
        match process.announce(request).await {
            Ok(()) => Ok(process),
            Err(error) => Err(internal(&format!("a new parser takes no document: {error}"))),
        }
    }

    fn give_back(&self, mut process: Process) {
        process.documents += 1;
        let is_grown = process.resident().is_some_and(|bytes| bytes > self.limits.kept_bytes);
        if process.documents < self.limits.documents && !is_grown {
            self.idle().push(process);
        }
    }

    async fn post_mortem(&self, process: Process) -> Failure {
        match process.end().await {
            Ok(Some((status, last_words))) => death::explain(status, &last_words, &self.limits),
            Ok(None) => death::nonsense("it says no more and lives on"),
            Err(error) => internal(&format!("cannot learn how the parser ended: {error}")),
        }
    }

    /// A list of idle children is in order whatever happened to a thread that held it.
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Process>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn internal(text: &str) -> Failure {
    Failure::new(FailureCode::Internal, text)
}
