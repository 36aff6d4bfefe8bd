//! What reading a document may cost.

use std::pin::pin;
use std::time::Duration;

use model::{Failure, FailureCode};
use tokio::time::timeout;

/// In how many parts the time on the clock is counted.
const PARTS: u32 = 60;

/// What reading one document may take, and how long a child serves.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The largest document that is read in this process, in bytes.
    pub bytes_in_place: u64,
    /// Processor time in this process; what was read by then is the answer.
    pub cpu_in_place: Duration,
    /// Address space of a child, in bytes.
    pub memory_bytes: u64,
    /// Processor time of a child.
    pub cpu: Duration,
    /// Time on the clock, from the start of reading; what passes while this process stands still does not count.
    pub wall: Duration,
    /// Documents after which a child is replaced, because memory fragments and readers leak.
    pub documents: usize,
    /// Memory that a child may keep between two documents, in bytes; one that has grown beyond it is replaced.
    pub kept_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // A page of this size may take some 200 MiB of this process while it is read, and several are read at once.
            bytes_in_place: 8 * 1024 * 1024,
            cpu_in_place: Duration::from_secs(3),
            // 512 MiB to read with, beside the stack, the program and its buffers.
            memory_bytes: 768 * 1024 * 1024,
            cpu: Duration::from_secs(5),
            wall: Duration::from_secs(15),
            documents: 500,
            kept_bytes: 128 * 1024 * 1024,
        }
    }
}

/// Waits for something for so long, counted in parts that this process was there to count. While it stands still, stopped or
/// starved or asleep with its machine, one part at most goes by: a page is not to blame for that.
pub async fn awake<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    for _ in 0..PARTS {
        if let Ok(done) = timeout(limit / PARTS, &mut work).await {
            return Some(done);
        }
    }
    None
}

/// The failure of a document whose time on the clock is over.
pub fn too_slow(limits: &Limits) -> Failure {
    let text = format!("reading the document took longer than {} s", limits.wall.as_secs());
    Failure::new(FailureCode::ResourceLimit, text)
}
