//! robots.txt as RFC 9309 reads it, for one crawler: which rule decides a path, and where it stands in the file.

use std::time::Duration;

use model::WebUrl;

use super::pattern::{self, Pattern};
use crate::http::PRODUCT_TOKEN;

/// The most that is read of a file; the standard asks for at least this much.
pub const MOST_BYTES: usize = 500 * 1_024;

/// Common slips of the pen for `Disallow`. What the site wants is plain, so it gets it.
const DISALLOW: [&str; 6] = ["disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"];
/// More sitemaps than that nobody has.
const MOST_SITEMAPS: usize = 100;
const USER_AGENT: [&str; 3] = ["user-agent", "useragent", "user agent"];

/// The rules of a file that speak to us.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    paths: Vec<Rule>,
    crawl_delay: Option<Duration>,
    sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allow: bool,
    pattern: Pattern,
    text: String,
    line: usize,
}

/// Whether a page may be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Allowed,
    /// It may not.
    Disallowed {
        /// The rule that forbids it, such as `Disallow: /private (line 7)`.
        rule: String,
    },
}

impl Rules {
    /// Reads a file. Nothing in it is an error: what is not understood is skipped.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut groups = Groups::default();
        for (index, line) in lines(bounded(bytes)).enumerate() {
            if let Some((key, value)) = key_and_value(line) {
                groups.take(&key, value, index + 1);
            }
        }
        let rules = if groups.named { groups.ours.rules } else { groups.everyone.rules };
        Self { sitemaps: groups.sitemaps, ..rules }
    }

    /// Whether a page may be fetched: the most specific rule decides, and between equals `Allow`.
    pub fn verdict(&self, url: &WebUrl) -> Verdict {
        let url = url.as_url();
        let mut path = url.path().to_owned();
        if path == "/robots.txt" {
            return Verdict::Allowed;
        }
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(query);
        }
        let path = pattern::normal(path.as_bytes());
        let matching = self.paths.iter().filter(|rule| rule.pattern.matches(&path));
        // Of equals the last wins in `max_by_key`; reversed, that is the first in the file.
        match matching.rev().max_by_key(|rule| (rule.pattern.weight(), rule.allow)) {
            Some(rule) if !rule.allow => {
                Verdict::Disallowed { rule: format!("Disallow: {} (line {})", rule.text, rule.line) }
            }
            _ => Verdict::Allowed,
        }
    }

    /// How long the site wants us to wait between two pages; the longest, when it says several.
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// The addresses of the sitemaps that the file names, as they are written: they belong to no group.
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    fn add(&mut self, allow: bool, value: &[u8], line: usize) {
        if let Some(pattern) = Pattern::parse(value) {
            let text = String::from_utf8_lossy(value).chars().take(200).collect();
            self.paths.push(Rule { allow, pattern, text, line });
        }
    }
}

/// What of a file counts. A line cut in two would say something else, so the last one goes when the file is too long.
pub(super) fn bounded(bytes: &[u8]) -> &[u8] {
    let Some(kept) = bytes.get(..MOST_BYTES).filter(|_| bytes.len() > MOST_BYTES) else { return bytes };
    let end = kept.iter().rposition(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(0);
    &kept[..end]
}

/// The reader's state: whom the lines that follow speak to.
#[derive(Default)]
struct Groups {
    ours: Group,
    everyone: Group,
    /// Whether any group names us; then the groups for everyone do not count, even if ours is empty.
    named: bool,
    /// Whether a rule was read since the last `User-agent`: the next one starts a new group.
    in_rules: bool,
    sitemaps: Vec<String>,
}

#[derive(Default)]
struct Group {
    rules: Rules,
    /// Whether the lines being read speak to it.
    open: bool,
}

impl Groups {
    fn take(&mut self, key: &str, value: &[u8], line: usize) {
        let is = |words: &[&str]| words.iter().any(|word| key.starts_with(word));
        if is(&USER_AGENT) {
            self.address(value);
        } else if is(&["allow"]) {
            self.rule(true, value, line);
        } else if is(&DISALLOW) {
            self.rule(false, value, line);
        } else if key == "crawl-delay" {
            self.delay(value);
        } else if key == "sitemap" && self.sitemaps.len() < MOST_SITEMAPS {
            self.sitemaps.push(String::from_utf8_lossy(value).into_owned());
        }
    }

    fn address(&mut self, agent: &[u8]) {
        if self.in_rules {
            (self.in_rules, self.ours.open, self.everyone.open) = (false, false, false);
        }
        match agent {
            [b'*'] => self.everyone.open = true,
            [b'*', next, ..] if next.is_ascii_whitespace() => self.everyone.open = true,
            _ => {
                let is_token = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
                let end = agent.iter().position(|byte| !is_token(byte)).unwrap_or(agent.len());
                // `Gleaner/1.0` means us as well as `Gleaner` does.
                if agent[..end].eq_ignore_ascii_case(PRODUCT_TOKEN.as_bytes()) {
                    (self.ours.open, self.named) = (true, true);
                }
            }
        }
    }

    fn rule(&mut self, allow: bool, value: &[u8], line: usize) {
        self.in_rules = true;
        for rules in self.addressed() {
            rules.add(allow, value, line);
        }
    }

    /// A delay is part of its group, as its writers mean it, although the standard does not know it.
    fn delay(&mut self, value: &[u8]) {
        self.in_rules = true;
        let seconds = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
        let delay = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        for rules in self.addressed() {
            rules.crawl_delay = rules.crawl_delay.max(delay);
        }
    }

    fn addressed(&mut self) -> impl Iterator<Item = &mut Rules> {
        [&mut self.ours, &mut self.everyone].into_iter().filter(|group| group.open).map(|group| &mut group.rules)
    }
}

/// The lines, whichever way they end, without a byte order mark.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
            rest = None;
            return Some(text);
        };
        let skip = if text[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = Some(&text[end + skip..]);
        Some(&text[..end])
    })
}

/// A line's key in lower case and its value, the comment gone; white space may stand for a forgotten colon.
fn key_and_value(line: &[u8]) -> Option<(String, &[u8])> {
    let line = line.split(|byte| *byte == b'#').next().unwrap_or_default().trim_ascii();
    let at = line.iter().position(|byte| *byte == b':').or_else(|| {
        let gap = line.iter().position(u8::is_ascii_whitespace)?;
        let one_word = !line[gap..].trim_ascii().iter().any(u8::is_ascii_whitespace);
        one_word.then_some(gap)
    })?;
    let key = String::from_utf8_lossy(line[..at].trim_ascii()).to_ascii_lowercase();
    Some((key, line[at + 1..].trim_ascii()))
}
