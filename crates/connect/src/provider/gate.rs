//! What stands between a provider and a connection.

use std::time::Duration;

use model::{Failure, Secret};

/// What stands between a provider and a connection: turns that all machines share, and tokens that one of them renews.
pub trait Gate: Send + Sync {
    /// Waits for the connection's next turn.
    fn turn(&self) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Asks the provider less often for a while, and not before it asked to be.
    fn ease(&self, asked: Option<Duration>) -> impl Future<Output = ()> + Send;

    /// What proves that we may ask. Where `refused` is what was last sent, another is got if there can be one.
    fn proof(&self, refused: Option<&Proof>) -> impl Future<Output = Result<Proof, Failure>> + Send;
}

/// What a request is sent with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Nothing.
    Anonymous,
    /// A token.
    Bearer(Secret),
    /// A name and a token.
    Basic(String, Secret),
}
