//! What reading a document may cost.

use std::time::Duration;

/// What reading one document may take, and how long a child serves.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Address space, in bytes.
    pub memory_bytes: u64,
    /// Processor time.
    pub cpu: Duration,
    /// Time on the clock, from the start of reading; what passes while this process stands still does not count.
    pub wall: Duration,
    /// Documents after which a child is replaced, because memory fragments and readers leak.
    pub documents: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let (cpu, wall) = (Duration::from_secs(10), Duration::from_secs(15));
        Self { memory_bytes: 1024 * 1024 * 1024, cpu, wall, documents: 500 }
    }
}
