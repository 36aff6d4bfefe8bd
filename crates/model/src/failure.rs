//! Why a run failed: one stable code, whether it may be tried again, and a sentence for a person.

use std::time::Duration;

use crate::word::words;

words!(
    /// The reasons a run can fail. Stable names: clients match on them.
    FailureCode {
        /// robots.txt forbids the page.
        RobotsDisallowed = "robots_disallowed",
        /// The site wants a login (401).
        AuthRequired = "auth_required",
        /// The site refuses (403).
        Forbidden = "forbidden",
        /// There is no such page (404).
        NotFound = "not_found",
        /// The page was removed for good (410).
        Gone = "gone",
        /// More bytes than allowed, before or after decompression.
        TooLarge = "too_large",
        /// A kind of content that no extractor reads.
        UnsupportedType = "unsupported_type",
        /// Fetched and read, but no usable text in it.
        EmptyContent = "empty_content",
        /// The address is private, reserved or otherwise out of bounds.
        BlockedAddress = "blocked_address",
        /// A redirect loops, is too long, or leads nowhere.
        BadRedirect = "bad_redirect",
        /// The site took too long.
        Timeout = "timeout",
        /// The name does not resolve.
        Dns = "dns",
        /// No trusted encrypted connection.
        Tls = "tls",
        /// No connection, or it broke.
        Connect = "connect",
        /// The site asked for fewer requests (429).
        RateLimited = "rate_limited",
        /// The site failed (5xx).
        ServerError = "server_error",
        /// The provider connection is missing or broken.
        ProviderDisconnected = "provider_disconnected",
        /// The provider connection may not read this item.
        ProviderPermission = "provider_permission",
        /// The bytes are damaged.
        ParseFailed = "parse_failed",
        /// Reading the bytes took more memory or time than allowed.
        ResourceLimit = "resource_limit",
        /// A person cancelled the run.
        Cancelled = "cancelled",
        /// A fault of ours.
        Internal = "internal",
    }
);

impl FailureCode {
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
    /// A failure without a `Retry-After`. What came from outside may hold NUL, which no database keeps.
    pub fn new(code: FailureCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into().replace('\0', "\u{fffd}"), retry_after: None }
    }

    /// The same failure with what the other side asked for.
    #[must_use]
    pub fn after(self, retry_after: Option<Duration>) -> Self {
        Self { retry_after, ..self }
    }
}
