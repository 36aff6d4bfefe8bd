//! What the routes ask of the outside, which this crate does not know: somebody else asks, and answers in the product's words.

use std::future::Future;
use std::pin::Pin;

use model::{Connection, Failure, FailureCode, Identity, Listing};

/// An answer that takes a while.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// Asks providers on behalf of a connection.
pub trait Providers: Send + Sync {
    /// Who we are there, and whether the proof is really one.
    fn probe<'a>(&'a self, connection: &'a Connection) -> Later<'a, Identity>;

    /// Everything that can be imported.
    fn list<'a>(&'a self, connection: &'a Connection) -> Later<'a, Listing>;
}

/// A server that asks no provider.
pub struct Nobody;

impl Providers for Nobody {
    fn probe<'a>(&'a self, _: &'a Connection) -> Later<'a, Identity> {
        Box::pin(std::future::ready(Err(not_asked())))
    }

    fn list<'a>(&'a self, _: &'a Connection) -> Later<'a, Listing> {
        Box::pin(std::future::ready(Err(not_asked())))
    }
}

fn not_asked() -> Failure {
    Failure::new(FailureCode::ProviderDisconnected, "this server asks no providers")
}
