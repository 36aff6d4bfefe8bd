//! The limits that a child sets for itself before it reads anything foreign.

use nix::errno::Errno;
use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};

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
    lower(Resource::RLIMIT_CPU, used_secs()?.saturating_add(cpu_secs))
}

fn lower(resource: Resource, wanted: u64) -> Result<(), Errno> {
    let (_, most) = getrlimit(resource)?;
    setrlimit(resource, wanted.min(most), most)
}

fn used_secs() -> Result<u64, Errno> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    // Each is rounded up: a limit that is too early would blame the wrong document.
    let secs = usage.user_time().tv_sec() + usage.system_time().tv_sec() + 2;
    Ok(u64::try_from(secs).unwrap_or(0))
}
