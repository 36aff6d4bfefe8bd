//! Makes the addresses of a page absolute.

use url::Url;

/// The absolute address of a reference that a reader can follow.
pub fn address(base: Option<&Url>, reference: &str) -> Option<String> {
    let url = base.map_or_else(|| Url::parse(reference), |base| base.join(reference)).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.to_string())
}
