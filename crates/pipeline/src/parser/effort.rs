//! The processor time that a thread has worked since it began with a document.

use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// What the present thread does from now on. Time in which the process stood still or others had the processor does not
/// count: a document is not to blame for that.
#[derive(Debug, Clone, Copy)]
pub struct Effort(Duration);

impl Effort {
    /// Begins to count.
    pub fn begin() -> Self {
        Self(worked())
    }

    /// The share of `time` that is gone.
    pub fn share_of(self, time: Duration) -> f64 {
        worked().saturating_sub(self.0).as_secs_f64() / time.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

/// The processor time of this thread, the system's work for it included.
fn worked() -> Duration {
    let micros = getrusage(UsageWho::RUSAGE_THREAD)
        .map_or(0, |usage| usage.user_time().num_microseconds() + usage.system_time().num_microseconds());
    Duration::from_micros(micros.unsigned_abs())
}
