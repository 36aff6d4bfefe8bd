//! What a fake of a provider is to the server that runs it.

use super::exchange::{Reply, Request};
use super::switches::Switches;

/// A vendor's interface, without sockets.
pub trait Fake: Send + Sync + 'static {
    /// Answers one request. Switches that concern the content are asked here.
    fn answer(&self, request: &Request, switches: &Switches) -> Reply;

    /// How this vendor words a refusal that has nothing to do with the route.
    fn refuse(&self, refusal: &Refusal, request: &Request) -> Reply;
}

/// Why a request is refused before any route looked at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Too many requests. `retry_after` is the header's value, when there is to be one.
    Throttled { retry_after: Option<String>, shape: ThrottleShape },
    /// The credentials hold no more.
    Unauthorized,
    /// The service is ill: 500, 502, 503, 504, 529.
    Broken { status: u16 },
}

/// The forms in which vendors say "too many".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThrottleShape {
    /// The documented one.
    Usual,
    /// 429, but the body is plain text under whatever media type.
    PlainText,
    /// 403, told apart from a lack of rights by its body alone.
    Forbidden,
}
