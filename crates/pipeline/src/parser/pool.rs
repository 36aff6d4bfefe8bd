//! The parser children that a process has: started when needed, reused, replaced after any fault.

use std::ffi::OsString;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use extract::{Extracted, Hint};
use model::{Failure, FailureCode};
use tokio::io::AsyncRead;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::death;
use super::limits::Limits;
use super::process::{Fault, Process};
use super::protocol::Request;

/// In how many parts the time on the clock is counted.
const PARTS: u32 = 60;

/// Reads documents in child processes. Clones share the children.
#[derive(Debug, Clone)]
pub struct Parsers(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
    turns: Semaphore,
    idle: Mutex<Vec<Process>>,
}

impl Parsers {
    /// At most `size` children of `program`, each started as `program parse-child`.
    pub fn new(program: PathBuf, size: usize) -> Self {
        Self::with(program, vec!["parse-child".into()], size, Limits::default())
    }

    /// The same with other arguments and limits. The program must call [`child_main`](super::child_main).
    pub fn with(program: PathBuf, arguments: Vec<OsString>, size: usize, limits: Limits) -> Self {
        let turns = Semaphore::new(size.max(1));
        Self(Arc::new(Pool { program, arguments, limits, turns, idle: Mutex::default() }))
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

/// Waits for something for so long, counted in parts that this process was there to count. While it stands still, stopped or
/// starved or asleep with its machine, one part at most goes by: a page is not to blame for that.
async fn awake<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    for _ in 0..PARTS {
        if let Ok(done) = timeout(limit / PARTS, &mut work).await {
            return Some(done);
        }
    }
    None
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
            Err(Fault::Child) => Err(self.post_mortem(process).await),
        }
    }

    /// A child that has taken the request: an idle one, or a new one when the idle one turns out to be gone.
    async fn ready(&self, request: &Request) -> Result<Process, Failure> {
        let idle = self.idle().pop();
        if let Some(mut process) = idle
            && process.announce(request).await.is_ok()
        {
            return Ok(process);
        }
        let started = Process::start(&self.program, &self.arguments).await;
        let mut process = started.map_err(|error| internal(&format!("cannot start a parser: {error}")))?;
        match process.announce(request).await {
            Ok(()) => Ok(process),
            Err(error) => Err(internal(&format!("a new parser takes no document: {error}"))),
        }
    }

    fn give_back(&self, mut process: Process) {
        process.documents += 1;
        if process.documents < self.limits.documents {
            self.idle().push(process);
        }
    }

    async fn post_mortem(&self, process: Process) -> Failure {
        match process.end().await {
            (Ok(status), last_words) => death::explain(status, &last_words, &self.limits),
            (Err(error), _) => internal(&format!("cannot learn how the parser ended: {error}")),
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

fn too_slow(limits: &Limits) -> Failure {
    let text = format!("reading the document took longer than {} s", limits.wall.as_secs());
    Failure::new(FailureCode::ResourceLimit, text)
}
