//! Decides by a document's bytes where it is read: in this process, or in a child that may be lost.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use extract::{Extracted, Hint, needs_isolation};
use model::{Failure, FailureCode};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::Semaphore;

use super::in_place;
use super::limits::{Limits, awake, too_slow};
use super::pool::Children;

/// As much of a document as its format shows in.
const HEAD: u64 = 64 * 1024;

/// Reads documents. Clones share the children, and the turns of those that are read here.
#[derive(Debug, Clone)]
pub struct Parsers {
    children: Children,
    /// Turns of their own: a page does not wait behind a book.
    turns: Arc<Semaphore>,
    limits: Limits,
}

impl Parsers {
    /// At most `size` documents at once in this process, and as many in children of `program`, each started as
    /// `program parse-child`.
    pub fn new(program: PathBuf, size: usize) -> Self {
        Self::with(program, vec!["parse-child".into()], size, Limits::default())
    }

    /// The same with other arguments and limits. The program must call [`child_main`](super::child_main).
    pub fn with(program: PathBuf, arguments: Vec<OsString>, size: usize, limits: Limits) -> Self {
        let children = Children::new(program, arguments, size, limits.clone());
        Self { children, turns: Arc::new(Semaphore::new(size.max(1))), limits }
    }

    /// Reads a document of `length` bytes. Dropping the future ends the reading.
    pub async fn extract(
        &self,
        hint: &Hint,
        mut body: impl AsyncRead + Unpin,
        length: u64,
    ) -> Result<Extracted, Failure> {
        let head = self.in_time(take(&mut body, HEAD.min(length), Vec::new())).await?;
        if length > self.limits.bytes_in_place || needs_isolation(&head, hint) {
            return self.children.extract(hint, head.as_slice().chain(body), length).await;
        }
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| Failure::new(FailureCode::Internal, "the parsers are closed"))?;
        let bytes = self.in_time(take(body, length, head)).await?;
        if needs_isolation(&bytes, hint) {
            // Its start looked like something else.
            drop(turn);
            return self.children.extract(hint, bytes.as_slice(), length).await;
        }
        self.in_time(in_place::read(bytes, hint.clone(), self.limits.cpu_in_place, turn)).await
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        awake(self.limits.wall, work).await.unwrap_or_else(|| Err(too_slow(&self.limits)))
    }

    #[cfg(test)]
    pub(super) fn children(&self) -> &Children {
        &self.children
    }
}

/// Reads on until there are `length` bytes.
async fn take(body: impl AsyncRead + Unpin, length: u64, mut bytes: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let internal = |text: String| Failure::new(FailureCode::Internal, text);
    let missing = length.saturating_sub(bytes.len() as u64);
    let read = body.take(missing).read_to_end(&mut bytes).await;
    read.map_err(|error| internal(format!("the stored document cannot be read: {error}")))?;
    match length.saturating_sub(bytes.len() as u64) {
        0 => Ok(bytes),
        left => Err(internal(format!("the body ended {left} bytes before its length of {length}"))),
    }
}

#[cfg(test)]
mod tests;
