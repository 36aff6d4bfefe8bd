//! The canonical form of a web address: one document per page, however it was spelt.

use std::fmt;

use url::{Host, Url};

/// The longest address that is taken, in characters, as sent and in canonical form (where other scripts are encoded).
pub const MAX_LENGTH: usize = 2_048;

/// Parameters that say where a visitor came from and change nothing on the page.
const TRACKING: [&str; 4] = ["gclid", "fbclid", "mc_cid", "mc_eid"];
const TRACKING_PREFIX: &str = "utm_";

/// An absolute http or https address in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WebUrl(Url);

/// Why a text is no address that can be imported. The text says the mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlRefusal {
    /// Not `http://…` or `https://…`.
    #[error("is not an absolute http or https URL; web imports take URLs such as https://example.com/page")]
    NotHttp,
    /// A document ID where a URL belongs.
    #[error("is an ID; web imports take URLs such as https://example.com/page, not IDs")]
    Id,
    /// More than [`MAX_LENGTH`] characters.
    #[error("is longer than 2,048 characters (counted after percent-encoding)")]
    TooLong,
    /// `user:password@`.
    #[error("contains a user name or password; remove everything before the @")]
    UserInfo,
    /// Spaces or control characters inside.
    #[error("contains a line break, a tab or another control character; remove it")]
    Control,
    /// The WHATWG rules refuse it.
    #[error("is not a valid URL")]
    Invalid,
}

impl WebUrl {
    /// Reads and canonicalises: WHATWG rules; no fragment, default port, tracking parameter or empty query.
    pub fn parse(text: &str) -> Result<Self, UrlRefusal> {
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
        if text.chars().nth(MAX_LENGTH).is_some() {
            return Err(UrlRefusal::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(UrlRefusal::Control);
        }
        if uuid::Uuid::try_parse(text).is_ok() {
            return Err(UrlRefusal::Id);
        }
        if !has_http_scheme(text) {
            return Err(UrlRefusal::NotHttp);
        }
        Url::parse(text).map_err(|_| UrlRefusal::Invalid).and_then(Self::from_url)
    }

    /// Where a redirect or a link found on this page leads.
    pub fn join(&self, reference: &str) -> Result<Self, UrlRefusal> {
        self.0.join(reference).map_err(|_| UrlRefusal::Invalid).and_then(Self::from_url)
    }

    fn from_url(mut url: Url) -> Result<Self, UrlRefusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlRefusal::NotHttp);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlRefusal::UserInfo);
        }
        if url.host().is_none() {
            return Err(UrlRefusal::Invalid);
        }
        url.set_fragment(None);
        let kept = url.query().map(without_tracking);
        url.set_query(kept.as_deref().filter(|query| !query.is_empty()));
        if url.as_str().len() > MAX_LENGTH {
            return Err(UrlRefusal::TooLong);
        }
        Ok(Self(url))
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// An address as logs may show it: a query can hold a signature or a token.
    pub fn without_query(address: &str) -> &str {
        address.split(['?', '#']).next().unwrap_or_default()
    }

    /// The parsed address.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// The host, as the parser normalised it.
    pub fn host(&self) -> Host<&str> {
        self.0.host().unwrap_or(Host::Domain(""))
    }

    /// The port that is connected to.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(80)
    }

    /// Scheme, host and port: whose robots.txt governs this page.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The lane of a host as people write it, such as `Docs.example.com` or `docs.example.com:8080`; `None` where it is no host.
    pub fn lane_named(host: &str) -> Option<String> {
        let host = host.trim();
        let is_bare = !host.is_empty() && !host.contains(['/', '?', '#', '@', '\\']);
        is_bare.then(|| Self::parse(&format!("https://{host}/")).ok())?.map(|url| url.lane())
    }

    /// Whose turn this page takes: the host, with its port where that is not the default. http and https share a lane.
    pub fn lane(&self) -> String {
        let host = self.0.host_str().unwrap_or_default().trim_end_matches('.');
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

fn has_http_scheme(text: &str) -> bool {
    let starts = |scheme: &str| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    starts("http://") || starts("https://")
}

fn without_tracking(query: &str) -> String {
    let kept = query.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.starts_with(TRACKING_PREFIX) && !TRACKING.contains(&name)
    });
    kept.collect::<Vec<_>>().join("&")
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_left_out_of_logs() {
        for (address, shown) in [
            ("https://example.com/a?token=s3cret#part", "https://example.com/a"),
            ("https://example.com/a#part?x", "https://example.com/a"),
            ("https://example.com/a", "https://example.com/a"),
            ("", ""),
        ] {
            assert_eq!(WebUrl::without_query(address), shown, "{address}");
        }
    }

    #[test]
    fn spellings_of_one_page_are_one() {
        let cases = [
            ("http://Example.COM", "http://example.com/"),
            ("  https://example.com:443/a#part  ", "https://example.com/a"),
            ("HTTPS://example.com/a?utm_source=x&b=2&gclid=9&a=1", "https://example.com/a?b=2&a=1"),
            ("https://example.com/a?utm_source=x", "https://example.com/a"),
            ("https://example.com/a?", "https://example.com/a"),
            ("https://example.com/a/../b", "https://example.com/b"),
            ("https://example.com:8443/", "https://example.com:8443/"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            ("http://0x7f.1/", "http://127.0.0.1/"),
            ("https://example.com/a?x=%20y&fbclid=1", "https://example.com/a?x=%20y"),
        ];
        for (given, expected) in cases {
            let url = WebUrl::parse(given).unwrap();
            assert_eq!(url.as_str(), expected, "{given}");
            assert_eq!(WebUrl::parse(url.as_str()), Ok(url.clone()), "{given} is not stable");
        }
    }

    #[test]
    fn what_is_no_page_is_refused_with_the_reason() {
        let long = format!("https://example.com/{}", "a".repeat(MAX_LENGTH));
        let cases = [
            ("5d9f67a8-d853-4af4-b7ce-23ebba1245e5", UrlRefusal::Id),
            ("ftp://example.com/", UrlRefusal::NotHttp),
            ("example.com", UrlRefusal::NotHttp),
            ("/relative", UrlRefusal::NotHttp),
            ("http:example.com", UrlRefusal::NotHttp),
            ("", UrlRefusal::NotHttp),
            ("javascript:alert(1)", UrlRefusal::NotHttp),
            ("https://user:pw@example.com/", UrlRefusal::UserInfo),
            ("https://exa\nmple.com/", UrlRefusal::Control),
            ("https://exa mple.com/", UrlRefusal::Invalid),
            ("https://", UrlRefusal::Invalid),
            (long.as_str(), UrlRefusal::TooLong),
        ];
        for (given, expected) in cases {
            assert_eq!(WebUrl::parse(given), Err(expected), "{given}");
        }
    }

    #[test]
    fn lanes_join_schemes_and_part_ports() {
        let lane = |text| WebUrl::parse(text).unwrap().lane();
        assert_eq!(lane("http://example.com/a"), lane("https://example.com/b"));
        assert_eq!(lane("http://example.com./"), "example.com");
        assert_eq!(lane("http://127.0.0.1:8080/"), "127.0.0.1:8080");
    }

    #[test]
    fn a_host_as_people_write_it_has_a_lane() {
        let cases = [
            (" Docs.Example.com ", Some("docs.example.com")),
            ("127.0.0.1:8080", Some("127.0.0.1:8080")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("https://example.com/", None),
            ("example.com/a", None),
            ("me@example.com", None),
            ("", None),
            ("a b", None),
        ];
        for (host, lane) in cases {
            assert_eq!(WebUrl::lane_named(host).as_deref(), lane, "{host:?}");
        }
    }
}
