//! The limits that a child sets for itself before it reads anything foreign.

use std::time::Duration;

use nix::errno::Errno;
use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};
use nix::sys::time::TimeValLike;

/// Standard input, output and error, and a few for the loader.
const OPEN_FILES: u64 = 16;

/// No core dumps, no files, hardly any descriptors.
pub fn for_good() -> Result<(), Errno> {
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    setrlimit(Resource::RLIMIT_FSIZE, 0, 0)?;
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    let open_files = OPEN_FILES.min(most);
    setrlimit(Resource::RLIMIT_NOFILE, open_files, open_files)
}

/// So much memory, and so much processor time from now on. Beyond the one an allocation fails and the process aborts;
/// beyond the other comes `SIGXCPU`.
pub fn for_document(memory_bytes: u64, cpu_secs: u64) -> Result<(), Errno> {
    lower(Resource::RLIMIT_AS, memory_bytes)?;
    lower(Resource::RLIMIT_CPU, secs_after(used()?, cpu_secs))
}

fn lower(resource: Resource, wanted: u64) -> Result<(), Errno> {
    let (_, most) = getrlimit(resource)?;
    setrlimit(resource, wanted.min(most), most)
}

/// The processor time so far.
fn used() -> Result<Duration, Errno> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(micros.unsigned_abs()))
}

/// The system counts in whole seconds. It is rounded up: a limit that is too early would blame the wrong document.
fn secs_after(used: Duration, more: u64) -> u64 {
    used.as_secs().saturating_add(u64::from(used.subsec_nanos() > 0)).saturating_add(more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_its_time_and_less_than_a_second_more() {
        for (used_ms, more, expected) in [(0, 5, 5), (1, 5, 6), (1_000, 5, 6), (2_999, 5, 8), (1, u64::MAX, u64::MAX)] {
            assert_eq!(secs_after(Duration::from_millis(used_ms), more), expected, "{used_ms} {more}");
        }
    }
}
