//! Reads HTML, Markdown and plain text in this process, on a thread of its own, for as much processor time as it may take.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use extract::{Budget, Extracted, Hint};
use model::{Failure, FailureCode};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::effort::Effort;
use super::protocol::{MAX_ANSWER, too_much_text};
use super::reading;

/// The readers do not recurse, but the tree that they make is dropped and written by code that does, 128 levels deep at most.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Reads a document. When the time is over, what was read by then is the answer, with a warning. Dropping the future makes
/// the thread stop at its next look at the time; the turn is given back when it has.
pub async fn read(
    bytes: Vec<u8>,
    hint: Hint,
    time: Duration,
    turn: OwnedSemaphorePermit,
) -> Result<Extracted, Failure> {
    let (tell, told) = oneshot::channel();
    let abandoned = Abandoned::default();
    let is_abandoned = Arc::clone(&abandoned.0);
    let thread = thread::Builder::new().name("reader".to_owned()).stack_size(STACK_BYTES).spawn(move || {
        let _turn = turn;
        let effort = Effort::begin();
        let gone = || if is_abandoned.load(Ordering::Relaxed) { f64::INFINITY } else { effort.share_of(time) };
        let found = reading::read(&bytes, &hint, &Budget::counted(&gone));
        drop(bytes);
        // Whoever asked may be gone.
        let _ = tell.send(found.and_then(bounded));
    });
    let internal = |text: String| Failure::new(FailureCode::Internal, text);
    thread.map_err(|error| internal(format!("cannot start a thread to read the document: {error}")))?;
    told.await.unwrap_or_else(|_| Err(internal("the thread that read the document is gone".to_owned())))
}

/// Tells the thread when nobody waits for it any more.
#[derive(Default)]
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A text may be as large as a parser child's answer.
fn bounded(found: Extracted) -> Result<Extracted, Failure> {
    let mut size = Size(0);
    match serde_json::to_writer(&mut size, &found) {
        Ok(()) if size.0 <= MAX_ANSWER => Ok(found),
        _ => Err(too_much_text()),
    }
}

/// Counts what is written to it.
struct Size(usize);

impl io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
