//! What is wrong with a setting that the operator gave.

/// A setting that cannot be used. There is one thing to do about it, so there is one shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {reason}")]
pub struct ConfigError {
    /// The name of the setting.
    pub setting: &'static str,
    /// What was wrong and the mend. Never the value of a secret.
    pub reason: String,
}

impl ConfigError {
    pub(crate) fn new(setting: &'static str, reason: impl Into<String>) -> Self {
        Self { setting, reason: reason.into() }
    }
}
