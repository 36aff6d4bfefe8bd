//! How patient a run is when what failed may pass.

use std::time::Duration;

/// How often a run is tried, and how soon again.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How many attempts a run has.
    pub attempts: i64,
    /// The wait after the first.
    pub base: Duration,
}

/// A service has time: five attempts in about ten minutes.
pub const SERVICE: Patience = Patience { attempts: 5, base: Duration::from_secs(15) };
/// A person waits: three attempts in about ten seconds.
pub const PERSON: Patience = Patience { attempts: 3, base: Duration::from_secs(2) };
