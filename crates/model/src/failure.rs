//! Why a run failed: one stable code, whether it may be tried again, and a sentence for a person.

use std::fmt;
use std::time::Duration;

/// The reasons a run can fail. Stable names: clients match on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureCode {
    /// robots.txt forbids the page.
    RobotsDisallowed,
    /// The site wants a login (401).
    AuthRequired,
    /// The site refuses (403).
    Forbidden,
    /// There is no such page (404).
    NotFound,
    /// The page was removed for good (410).
    Gone,
    /// More bytes than allowed, before or after decompression.
    TooLarge,
    /// A kind of content that no extractor reads.
    UnsupportedType,
    /// Fetched and read, but no usable text in it.
    EmptyContent,
    /// The address is private, reserved or otherwise out of bounds.
    BlockedAddress,
    /// A redirect loops, is too long, or leads nowhere.
    BadRedirect,
    /// The site took too long.
    Timeout,
    /// The name does not resolve.
    Dns,
    /// No trusted encrypted connection.
    Tls,
    /// No connection, or it broke.
    Connect,
    /// The site asked for fewer requests (429).
    RateLimited,
    /// The site failed (5xx).
    ServerError,
    /// The provider connection is missing or broken.
    ProviderDisconnected,
    /// The provider connection may not read this item.
    ProviderPermission,
    /// The bytes are damaged.
    ParseFailed,
    /// Reading the bytes took more memory or time than allowed.
    ResourceLimit,
    /// A person cancelled the run.
    Cancelled,
    /// A fault of ours.
    Internal,
}

impl FailureCode {
    /// Every code, in the order of the documentation.
    pub const ALL: [Self; 22] = [
        Self::RobotsDisallowed,
        Self::AuthRequired,
        Self::Forbidden,
        Self::NotFound,
        Self::Gone,
        Self::TooLarge,
        Self::UnsupportedType,
        Self::EmptyContent,
        Self::BlockedAddress,
        Self::BadRedirect,
        Self::Timeout,
        Self::Dns,
        Self::Tls,
        Self::Connect,
        Self::RateLimited,
        Self::ServerError,
        Self::ProviderDisconnected,
        Self::ProviderPermission,
        Self::ParseFailed,
        Self::ResourceLimit,
        Self::Cancelled,
        Self::Internal,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RobotsDisallowed => "robots_disallowed",
            Self::AuthRequired => "auth_required",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Gone => "gone",
            Self::TooLarge => "too_large",
            Self::UnsupportedType => "unsupported_type",
            Self::EmptyContent => "empty_content",
            Self::BlockedAddress => "blocked_address",
            Self::BadRedirect => "bad_redirect",
            Self::Timeout => "timeout",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::Connect => "connect",
            Self::RateLimited => "rate_limited",
            Self::ServerError => "server_error",
            Self::ProviderDisconnected => "provider_disconnected",
            Self::ProviderPermission => "provider_permission",
            Self::ParseFailed => "parse_failed",
            Self::ResourceLimit => "resource_limit",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }

    /// Whether another attempt may end better. The one table of what is retried.
    ///
    /// `tls` is transient because certificates are renewed and handshakes break like connections do. `internal` is
    /// transient because a fault of ours (a full disk, a database restart) passes; the attempt budget bounds it.
    pub const fn is_transient(self) -> bool {
        match self {
            Self::Timeout
            | Self::Dns
            | Self::Tls
            | Self::Connect
            | Self::RateLimited
            | Self::ServerError
            | Self::Internal => true,
            Self::RobotsDisallowed
            | Self::AuthRequired
            | Self::Forbidden
            | Self::NotFound
            | Self::Gone
            | Self::TooLarge
            | Self::UnsupportedType
            | Self::EmptyContent
            | Self::BlockedAddress
            | Self::BadRedirect
            | Self::ProviderDisconnected
            | Self::ProviderPermission
            | Self::ParseFailed
            | Self::ResourceLimit
            | Self::Cancelled => false,
        }
    }
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A failed run: the code, a sentence, and when the other side said to come back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {text}")]
pub struct Failure {
    /// The stable code.
    pub code: FailureCode,
    /// What happened and, where there is one, the mend.
    pub text: String,
    /// What `Retry-After` asked for.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure without a `Retry-After`.
    pub fn new(code: FailureCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), retry_after: None }
    }

    /// The same failure with what the other side asked for.
    #[must_use]
    pub fn after(self, retry_after: Option<Duration>) -> Self {
        Self { retry_after, ..self }
    }
}
