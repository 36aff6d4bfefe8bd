//! Rules that can be broken on purpose, to see that the checks of the store and of the simulation notice.

/// A rule that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A settlement is taken from anybody.
    NoFence,
    /// A lane does not remember when its next turn is.
    ForgetsNextStart,
    /// A lane does not count what runs.
    ForgetsRunning,
    /// An expired job may be claimed while its attempt is not counted.
    ForgetsAttempts,
    /// What a pause has laid aside does not come back.
    ForgetsHeld,
    /// A workspace starts at the beginning of virtual time, whatever was served before.
    ForgetsServed,
    /// A worker is given any number of suspects.
    BearsSuspects,
    /// A granted job stays in the queue.
    GrantsTwice,
}
