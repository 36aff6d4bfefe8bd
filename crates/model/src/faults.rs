//! Named places where a test build can be told to die or to misbehave; in every other build these calls are nothing.
//!
//! The feature `faults` compiles them in. Even then nothing happens until [`arm`] was called, which only `app` does.

/// The places where an armed process ends itself, as abruptly as by a power cut: no destructor runs, nothing is flushed.
pub const POINTS: [&str; 12] = [
    "enqueue.before_commit",
    "enqueue.after_commit",
    "claim.before_commit",
    "claim.after_commit",
    "run.after_fetch",
    "settle.before_commit",
    "settle.after_commit",
    "heartbeat.before_commit",
    "heartbeat.after_commit",
    "reap.before_commit",
    "reap.after_commit",
    "stop.before_handback",
];
/// The same on the way of a connection: its tokens are renewed, and everything that it has is looked at.
pub const CONNECTION_POINTS: [&str; 8] = [
    "renewal.before_exchange",
    "renewal.after_exchange",
    "renewal.before_commit",
    "renewal.after_commit",
    "sync.during_list",
    "sync.after_list",
    "sync.before_commit",
    "sync.after_commit",
];

/// The safeties that a control switches off to prove that its check can fail.
pub const SWITCHES: [&str; 4] = ["fence.off", "fsync.off", "renewal.off", "limiter.off"];

#[cfg(feature = "faults")]
pub use armed::{arm, is_on, reach, reach_for};
#[cfg(not(feature = "faults"))]
pub use unarmed::{is_on, reach, reach_for};

#[cfg(not(feature = "faults"))]
mod unarmed {
    /// A place where a test build may end itself.
    #[inline]
    pub const fn reach(_point: &str) {}

    /// The same, with what is being worked on: a test may want to die of one document only.
    #[inline]
    pub const fn reach_for(_point: &str, _subject: &str) {}

    /// Whether a safety is switched off, which it never is here.
    #[inline]
    pub const fn is_on(_switch: &str) -> bool {
        false
    }
}

#[cfg(feature = "faults")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::{CONNECTION_POINTS, POINTS, SWITCHES};

    static ARMED: OnceLock<Vec<Fault>> = OnceLock::new();

    /// One fault, as a test wants it.
    #[derive(Debug, PartialEq, Eq)]
    pub(super) struct Fault<T = Countdown> {
        pub(super) name: &'static str,
        /// Only when what is worked on contains this.
        pub(super) subject: Option<String>,
        /// How many more times the place is reached before it strikes.
        pub(super) left: T,
    }

    /// A count that several threads take from.
    #[derive(Debug)]
    pub(super) struct Countdown(AtomicU32);

    /// Arms the faults of a list such as `claim.after_commit:3,run.after_fetch@/poison,fence.off`: a place is left alone
    /// until it is reached for the third time, or counts only while a subject with `/poison` in it is worked on.
    ///
    /// Refuses names that do not exist: a test that arms nothing would pass for the wrong reason.
    pub fn arm(list: &str) -> Result<(), String> {
        let faults = list.split(',').map(parse).collect::<Result<Vec<_>, _>>()?;
        let faults = faults.into_iter().map(|Fault { name, subject, left }| Fault {
            name,
            subject,
            left: Countdown(AtomicU32::new(left)),
        });
        ARMED.set(faults.collect()).map_err(|_| "faults are armed once in the life of a process".to_owned())
    }

    /// A place where a test build may end itself.
    pub fn reach(point: &str) {
        reach_for(point, "");
    }

    /// The same, with what is being worked on: a test may want to die of one document only.
    pub fn reach_for(point: &str, subject: &str) {
        let is_known = POINTS.contains(&point) || CONNECTION_POINTS.contains(&point);
        debug_assert!(is_known, "{point} is not among the points; add it to model::faults::POINTS");
        let here = ARMED.get().into_iter().flatten().filter(|fault| fault.name == point);
        for fault in here.filter(|fault| fault.subject.as_ref().is_none_or(|wanted| subject.contains(wanted))) {
            if fault.left.0.fetch_sub(1, Ordering::SeqCst) == 1 {
                std::process::abort();
            }
        }
    }

    /// Whether a safety is switched off.
    pub fn is_on(switch: &str) -> bool {
        debug_assert!(
            SWITCHES.contains(&switch),
            "{switch} is not among the switches; add it to model::faults::SWITCHES"
        );
        ARMED.get().into_iter().flatten().any(|fault| fault.name == switch)
    }

    pub(super) fn parse(text: &str) -> Result<Fault<u32>, String> {
        let (rest, left) = match text.trim().rsplit_once(':') {
            Some((rest, count)) => (rest, count.parse().ok().filter(|count| *count > 0)),
            None => (text.trim(), Some(1)),
        };
        let left = left.ok_or_else(|| format!("{text:?} does not end in a count such as `:3`"))?;
        let (name, subject) = match rest.split_once('@') {
            Some((name, subject)) => (name, Some(subject.to_owned())),
            None => (rest, None),
        };
        let known = POINTS.iter().chain(&CONNECTION_POINTS).chain(&SWITCHES).find(|known| **known == name);
        let name = known.ok_or_else(|| {
            let known = [&POINTS[..], &CONNECTION_POINTS, &SWITCHES].concat().join(", ");
            format!("there is no fault {name:?}; there are {known}")
        })?;
        Ok(Fault { name, subject, left })
    }
}

#[cfg(all(test, feature = "faults"))]
mod tests {
    use super::armed::{Fault, parse};

    #[test]
    fn reads_what_is_to_be_armed() {
        let fault = |name, subject: Option<&str>, left| Ok(Fault { name, subject: subject.map(str::to_owned), left });
        let cases = [
            ("claim.after_commit", fault("claim.after_commit", None, 1)),
            (" claim.after_commit:3 ", fault("claim.after_commit", None, 3)),
            ("run.after_fetch@/poison", fault("run.after_fetch", Some("/poison"), 1)),
            ("run.after_fetch@/poison:2", fault("run.after_fetch", Some("/poison"), 2)),
            ("fence.off", fault("fence.off", None, 1)),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
        for text in ["", "claim", "claim.after_commit:0", "claim.after_commit:x", "fence.off:"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_strikes_before_it_is_armed() {
        super::reach("claim.after_commit");
        super::reach_for("run.after_fetch", "anything");
        assert!(!super::is_on("fence.off"));
    }
}
