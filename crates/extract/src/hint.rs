//! What the caller knows about the bytes before anybody has read them.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::site::Site;

/// What came with the bytes, and how the text is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hint {
    /// The `Content-Type` header as it was sent.
    pub content_type: Option<String>,
    /// Where the bytes came from, after redirects.
    pub url: Option<String>,
    /// Whether English text gets English rules.
    pub english: bool,
    /// Whether paragraphs are cut into passages that stand alone.
    pub baser: bool,
    /// What is known of the site that the page belongs to; only for HTML.
    #[serde(default)]
    pub site: Site,
}

impl Hint {
    /// The media type of the header, lower case, without parameters; empty when there is none.
    pub(crate) fn media_type(&self) -> String {
        let header = self.content_type.as_deref().unwrap_or_default();
        header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The value of the header's `charset` parameter.
    pub(crate) fn charset(&self) -> Option<&str> {
        let parameters = self.content_type.as_deref()?.split(';').skip(1);
        parameters
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .map(|(_, value)| value.trim().trim_matches(['"', '\'']))
    }

    /// The address, parsed.
    pub(crate) fn url(&self) -> Option<Url> {
        self.url.as_deref().and_then(|url| Url::parse(url).ok())
    }
}
