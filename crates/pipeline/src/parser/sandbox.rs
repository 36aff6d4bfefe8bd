//! What a child may ask of the kernel: memory, its three streams, and its own end. Files, sockets and processes are refused.

#[cfg(target_os = "linux")]
pub use linux::enter;

/// Where there is no such filter, only the limits of `confine` hold.
#[cfg(not(target_os = "linux"))]
pub fn enter() -> Result<(), String> {
    Err("this system has no seccomp".to_owned())
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use nix::libc;
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
        apply_filter_all_threads,
    };

    /// What reading needs, whatever the arguments. None of them names a file, a socket or another process.
    const ALLOWED: [libc::c_long; 27] = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_ppoll,
        libc::SYS_brk,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_clock_nanosleep,
        libc::SYS_getrusage,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_sigaltstack,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_restart_syscall,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];

    /// Lets this process, all its threads, call nothing else from now on; other calls fail with "not permitted".
    pub fn enter() -> Result<(), String> {
        let filter = SeccompFilter::new(
            rules().map_err(|error| error.to_string())?,
            SeccompAction::Errno(libc::EPERM.unsigned_abs()),
            SeccompAction::Allow,
            std::env::consts::ARCH.try_into().map_err(|_| "seccomp is not known on this processor".to_owned())?,
        );
        let program: BpfProgram = filter.and_then(TryInto::try_into).map_err(|error| error.to_string())?;
        apply_filter_all_threads(&program).map_err(|error| error.to_string())
    }

    fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::BackendError> {
        let equal = |argument, value| {
            let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, value)?;
            SeccompRule::new(vec![condition]).map(|rule| vec![rule])
        };
        // Memory that is written is never run.
        let not_executable = || {
            let exec = u64::from(libc::PROT_EXEC.unsigned_abs());
            let condition = SeccompCondition::new(2, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(exec), 0)?;
            SeccompRule::new(vec![condition]).map(|rule| vec![rule])
        };
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> = ALLOWED.into_iter().map(|call| (call, Vec::new())).collect();
        rules.insert(libc::SYS_mmap, not_executable()?);
        rules.insert(libc::SYS_mprotect, not_executable()?);
        // Its own limits, and an abort of its own.
        rules.insert(libc::SYS_prlimit64, equal(0, 0)?);
        rules.insert(libc::SYS_tgkill, equal(0, u64::from(std::process::id()))?);
        Ok(rules)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
