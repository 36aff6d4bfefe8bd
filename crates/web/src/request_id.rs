//! The name of one request: the caller's when it is sound, else a new one.

use std::fmt;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header that carries it, in both directions.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken from a caller.
const LONGEST: usize = 128;

/// Visible ASCII, so that it can stand in a log and in a header as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id that the request brought, if it is short and visible ASCII; else a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        let sound = |value: &&HeaderValue| {
            !value.is_empty() && value.len() <= LONGEST && value.as_bytes().iter().all(u8::is_ascii_graphic)
        };
        headers.get(HEADER).filter(sound).cloned().map_or_else(Self::new, Self)
    }

    fn new() -> Self {
        let text = Uuid::new_v4().to_string();
        Self(HeaderValue::try_from(text).expect("a UUID is visible ASCII"))
    }

    /// The id as the answer's header carries it.
    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_id_is_kept_and_another_replaced() {
        let long = "a".repeat(LONGEST + 1);
        for (given, kept) in [("abc-1", true), ("", false), ("a b", false), ("\u{e9}", false), (long.as_str(), false)] {
            let value = HeaderValue::from_bytes(given.as_bytes()).unwrap();
            let id = RequestId::of(&HeaderMap::from_iter([(HEADER, value)])).to_string();
            assert_eq!(id == given, kept, "{given}");
            assert!(kept || Uuid::parse_str(&id).is_ok(), "{given}");
        }
        assert_ne!(RequestId::of(&HeaderMap::new()), RequestId::of(&HeaderMap::new()));
    }
}
