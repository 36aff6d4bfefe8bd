//! Crawls: what is looked for on sites, and what became of every address that was seen.

pub mod glob;

use std::fmt;
use std::time::Duration;

pub use glob::{Glob, GlobRefusal};

use crate::failure::FailureCode;
use crate::web_url::WebUrl;

/// What a crawl looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrawlPlan {
    /// Where it begins. A crawl stays on the hosts of its seeds and their `www.` twins.
    pub seeds: Vec<WebUrl>,
    /// Which paths count; the seeds are read whatever these say.
    pub paths: Paths,
    /// The most addresses that are accepted beside the seeds.
    pub limit: usize,
    /// How many links away from a seed a page may be. What a sitemap lists is one away.
    pub max_depth: u32,
    /// How long it may take.
    pub time: Duration,
    /// Whether each page is read, so that it is known to be one. Otherwise reading ends once enough addresses are known.
    pub reads_all: bool,
}

impl CrawlPlan {
    /// The limit when nobody names one.
    pub const LIMIT: usize = 250;
    /// The most that a limit may be.
    pub const MOST: usize = 5_000;
    /// How far from a seed it goes at most.
    pub const DEPTH: u32 = 5;
}

/// Which paths of a site count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paths {
    /// One of these must match; with none, everything does.
    pub include: Vec<Glob>,
    /// None of these may match.
    pub exclude: Vec<Glob>,
}

impl Paths {
    /// Why an address does not count; `None` when it does.
    pub fn refusal(&self, url: &WebUrl) -> Option<String> {
        let path = url.as_url().path();
        if let Some(glob) = self.exclude.iter().find(|glob| glob.matches(path)) {
            return Some(format!("its path matches the excluded {glob}"));
        }
        let is_included = self.include.is_empty() || self.include.iter().any(|glob| glob.matches(path));
        (!is_included).then(|| "its path matches none of the included ones".to_owned())
    }
}

/// The site of an address: its host and port, `www.` aside.
pub fn site(url: &WebUrl) -> String {
    let lane = url.lane();
    lane.strip_prefix("www.").map(str::to_owned).unwrap_or(lane)
}

/// What became of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CrawlOutcome {
    /// It is a page to import, as far as anybody knows.
    Accepted,
    /// The site's robots.txt, the page or the link forbids it.
    Robots,
    /// It is on another host, or its path does not count.
    OffScope,
    /// It is another address of this page: by a redirect, or because the page says so.
    DuplicateOf(WebUrl),
    /// It is no HTML.
    NotHtml,
    /// It is more links away than allowed.
    TooDeep,
    /// Enough addresses were accepted before it, or it was not looked at in time.
    Limit,
    /// It could not be read.
    Failed(FailureCode),
}

impl CrawlOutcome {
    /// Every word that an outcome can have; those of failures come last.
    pub fn words() -> impl Iterator<Item = &'static str> {
        let own = ["accepted", "robots", "off_scope", "duplicate_of", "not_html", "too_deep", "limit"];
        own.into_iter().chain(FailureCode::ALL.iter().map(|code| code.as_str()))
    }

    /// The word on the wire.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Robots => "robots",
            Self::OffScope => "off_scope",
            Self::DuplicateOf(_) => "duplicate_of",
            Self::NotHtml => "not_html",
            Self::TooDeep => "too_deep",
            Self::Limit => "limit",
            Self::Failed(code) => code.as_str(),
        }
    }
}

impl fmt::Display for CrawlOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How an address came to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundBy {
    /// The caller named it.
    Seed,
    /// This sitemap lists it.
    Sitemap(WebUrl),
    /// This page links to it.
    Link(WebUrl),
    /// This address redirects to it.
    Redirect(WebUrl),
    /// This page names it as its canonical address.
    Canonical(WebUrl),
}

impl fmt::Display for FoundBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seed => f.write_str("named by the caller"),
            Self::Sitemap(url) => write!(f, "listed in {url}"),
            Self::Link(url) => write!(f, "linked from {url}"),
            Self::Redirect(url) => write!(f, "where {url} redirects to"),
            Self::Canonical(url) => write!(f, "the canonical address of {url}"),
        }
    }
}

/// An address that was seen. Each is in a report once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The address.
    pub url: WebUrl,
    /// What became of it.
    pub outcome: CrawlOutcome,
    /// Why, in a sentence.
    pub reason: String,
    /// How many links it is away from a seed.
    pub depth: u32,
    /// How it came to be known first.
    pub found_by: FoundBy,
    /// Whether it is a seed, or where one redirects to.
    pub is_seed: bool,
    /// Whether its page was read.
    pub was_read: bool,
    /// When its page changed last, as its sitemap says.
    pub last_modified: Option<String>,
}

/// A sitemap that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapRead {
    /// Its address.
    pub url: WebUrl,
    /// How many addresses it lists.
    pub listed: usize,
    /// Why it could not be read, as `code: sentence`; empty when it could.
    pub problem: String,
}

/// What a crawl found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CrawlReport {
    /// Every address that was seen, in the order in which they were.
    pub found: Vec<Found>,
    /// The sitemaps that were asked for.
    pub sitemaps: Vec<SitemapRead>,
    /// Why there may be more than this, a sentence each; empty when everything was looked at.
    pub gaps: Vec<String>,
}

impl CrawlReport {
    /// The pages that were accepted, without the seeds.
    pub fn children(&self) -> impl Iterator<Item = &Found> {
        self.accepted().filter(|found| !found.is_seed)
    }

    /// The pages that were accepted.
    pub fn accepted(&self) -> impl Iterator<Item = &Found> {
        self.found.iter().filter(|found| found.outcome == CrawlOutcome::Accepted)
    }
}

/// How far a crawl of a site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrawlProgress<'a> {
    /// What is read now.
    pub here: &'a WebUrl,
    /// How many pages were read.
    pub read: usize,
    /// How many addresses were seen.
    pub found: usize,
    /// How many were accepted.
    pub accepted: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> WebUrl {
        WebUrl::parse(text).unwrap()
    }

    #[test]
    fn a_site_has_its_twin_and_no_other_host() {
        assert_eq!(site(&url("https://www.example.com/a")), site(&url("http://example.com/b")));
        assert_ne!(site(&url("https://docs.example.com/")), site(&url("https://example.com/")));
        assert_ne!(site(&url("http://example.com:8080/")), site(&url("http://example.com/")));
    }

    #[test]
    fn exclusion_wins_over_inclusion() {
        let globs = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        let paths = Paths { include: globs(&["/help/**"]), exclude: globs(&["/help/old/**", "**.pdf"]) };
        let refused = |path: &str| paths.refusal(&url(&format!("https://a.example{path}"))).is_some();
        assert!(!refused("/help/a/b?c=d") && !refused("/help"));
        assert!(refused("/") && refused("/help/old/x") && refused("/help/x.pdf"));
        assert!(Paths::default().refusal(&url("https://a.example/x")).is_none());
    }

    #[test]
    fn every_outcome_has_a_word() {
        let outcomes = [
            CrawlOutcome::Accepted,
            CrawlOutcome::Robots,
            CrawlOutcome::OffScope,
            CrawlOutcome::DuplicateOf(url("https://a.example/")),
            CrawlOutcome::NotHtml,
            CrawlOutcome::TooDeep,
            CrawlOutcome::Limit,
        ];
        let failures = FailureCode::ALL.iter().map(|code| CrawlOutcome::Failed(*code));
        let words: Vec<&str> = outcomes.into_iter().chain(failures).map(|outcome| outcome.as_str()).collect();
        assert_eq!(words, CrawlOutcome::words().collect::<Vec<_>>());
    }
}
