//! Sitemaps: what a site lists of itself, by the protocol of sitemaps.org: XML, an index of others, or plain text; gzip or not.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use model::{Failure, FailureCode, WebUrl};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// The most bytes of a sitemap, unpacked; the protocol's own limit.
pub const MOST_BYTES: u64 = 50 * 1_024 * 1_024;
/// The most addresses in one; the protocol's own limit.
pub const MOST_ENTRIES: usize = 50_000;
/// Sitemaps are three elements deep, with those of extensions a few more.
const DEEPEST: usize = 32;
/// A longer text is no date.
const LONGEST_DATE: usize = 40;

/// What a sitemap lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sitemap {
    /// Pages, each with the date of its last change where one is told.
    pub pages: Vec<(WebUrl, Option<String>)>,
    /// Other sitemaps.
    pub sitemaps: Vec<WebUrl>,
    /// Whether it lists more than the protocol allows, or ends in the middle; the rest was left out.
    pub is_cut: bool,
}

/// Reads a sitemap. What is wrong in it is skipped; a file that is none at all is a failure.
///
/// ```
/// use connect::sitemap;
///
/// let file = b"<urlset><url><loc>https://a.example/x?a=1&amp;b=2</loc><lastmod>2026-05-03</lastmod></url></urlset>";
/// let found = sitemap::read(file).unwrap();
/// assert_eq!(found.pages[0].0.as_str(), "https://a.example/x?a=1&b=2");
/// assert_eq!(found.pages[0].1.as_deref(), Some("2026-05-03"));
/// ```
pub fn read(bytes: &[u8]) -> Result<Sitemap, Failure> {
    let mut unpacked = Vec::new();
    let mut is_broken = false;
    let bytes = if bytes.starts_with(b"\x1f\x8b") {
        is_broken = MultiGzDecoder::new(bytes).take(MOST_BYTES).read_to_end(&mut unpacked).is_err();
        is_broken |= unpacked.len() as u64 == MOST_BYTES;
        &unpacked
    } else {
        bytes
    };
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    let found = if text.starts_with('<') { xml(text) } else { lines(text) };
    let none = || Failure::new(FailureCode::ParseFailed, "it is no sitemap: neither XML nor a list of addresses");
    found.map(|found| Sitemap { is_cut: found.is_cut || is_broken, ..found }).ok_or_else(none)
}

/// One address a line.
fn lines(text: &str) -> Option<Sitemap> {
    let mut found = Sitemap::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match WebUrl::parse(line) {
            Ok(_) if found.pages.len() == MOST_ENTRIES => found.is_cut = true,
            Ok(url) => found.pages.push((url, None)),
            // A page of words is no list.
            Err(_) if found.pages.is_empty() => return None,
            Err(_) => {}
        }
    }
    (!found.pages.is_empty()).then_some(found)
}

fn xml(text: &str) -> Option<Sitemap> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut state = Xml::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => state.open(start.local_name().as_ref()),
            Ok(Event::End(end)) => state.close(end.local_name().as_ref()),
            Ok(Event::Text(words)) => state.text(&words.into_inner()),
            Ok(Event::CData(words)) => state.text(&words.into_inner()),
            // Entities of a document's own are never expanded: that is how a billion laughs are told.
            Ok(Event::GeneralRef(name)) => {
                state.text(&unescape(&format!("&{};", &*name)).map(std::borrow::Cow::into_owned).unwrap_or_default());
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                state.found.is_cut = true;
                break;
            }
        }
        if state.found.is_cut {
            break;
        }
    }
    state.is_sitemap.then_some(state.found)
}

/// Where the reader is.
#[derive(Default)]
struct Xml {
    found: Sitemap,
    is_sitemap: bool,
    /// The names of the open elements; the addresses of images and videos lie deeper than those of pages.
    open: Vec<String>,
    location: String,
    date: String,
}

impl Xml {
    fn open(&mut self, name: &str) {
        self.is_sitemap |= self.open.is_empty() && matches!(name, "urlset" | "sitemapindex");
        if self.open.len() == 1 {
            self.location.clear();
            self.date.clear();
        }
        self.found.is_cut |= self.open.len() == DEEPEST;
        self.open.push(name.to_owned());
    }

    fn text(&mut self, text: &str) {
        match self.open.get(1..).unwrap_or_default() {
            [_, field] if field == "loc" => self.location.push_str(text),
            [_, field] if field == "lastmod" => self.date.push_str(text),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open == name) else { return };
        self.open.truncate(at);
        if at != 1 || !self.is_sitemap {
            return;
        }
        if self.found.pages.len() + self.found.sitemaps.len() == MOST_ENTRIES {
            self.found.is_cut = true;
            return;
        }
        let Ok(url) = WebUrl::parse(self.location.trim()) else { return };
        match name {
            "url" => {
                let date = self.date.trim();
                let is_date = date.starts_with(|c: char| c.is_ascii_digit()) && date.len() <= LONGEST_DATE;
                self.found.pages.push((url, is_date.then(|| date.to_owned())));
            }
            "sitemap" => self.found.sitemaps.push(url),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
