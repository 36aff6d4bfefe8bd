//! What a crawl found as it goes out, and the body that asks for one.

use model::crawl::{CrawlReport, Found, SitemapRead};
use model::{CrawlOutcome, WebUrl};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::CrawlOutcomeWord;

/// Where to look for pages.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct CrawlRequest {
    /// Where to begin. A crawl stays on the hosts of these and their `www.` twins.
    #[schema(min_items = 1, max_items = 100, example = json!(["https://help.example.com"]))]
    links: Vec<String>,
    /// The most pages to return.
    #[schema(required = false, minimum = 1, maximum = 5000, default = 250)]
    limit: Option<i64>,
    /// Only pages whose path matches one of these: `*` stands for anything within a segment, `**` for anything, `?` for a character.
    #[schema(required = false, max_items = 50, example = json!(["/help/**"]))]
    include_paths: Option<Vec<String>>,
    /// No pages whose path matches one of these.
    #[schema(required = false, max_items = 50, example = json!(["/help/archive/**"]))]
    exclude_paths: Option<Vec<String>>,
    /// How many links away from `links` a page may be. What a sitemap lists is one away.
    #[schema(required = false, minimum = 0, maximum = 5, default = 5)]
    max_depth: Option<i64>,
    /// Whether to return a report of every address that was seen.
    #[schema(required = false, default = false)]
    report: Option<bool>,
}

/// What a crawl found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Crawled {
    /// The pages that were found, without those that the crawl began at.
    #[schema(example = json!(["https://help.example.com/articles/returns"]))]
    pub data: Vec<String>,
    /// Whether the crawl went to its end, and if not, why.
    #[schema(example = "Successfully crawled parent URLs")]
    pub message: String,
    /// What became of every address; only where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<CrawlDetails>,
}

/// What became of every address that a crawl has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CrawlDetails {
    /// Each address once, in the order in which they were seen.
    pub urls: Vec<CrawledUrl>,
    /// The sitemaps that were asked for.
    pub sitemaps: Vec<CrawledSitemap>,
    /// Why there may be more than this; empty when everything was looked at.
    #[schema(example = json!([]))]
    pub gaps: Vec<String>,
}

/// An address that a crawl has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CrawledUrl {
    /// The address.
    #[schema(example = "https://help.example.com/articles/returns")]
    pub url: String,
    /// What became of it.
    #[schema(value_type = CrawlOutcomeWord)]
    pub outcome: String,
    /// Why, in a sentence.
    #[schema(example = "listed in https://help.example.com/sitemap.xml; not read")]
    pub reason: String,
    /// The address of which it is another one; null unless the outcome is `duplicate_of`.
    #[schema(required = true, example = json!(null))]
    pub duplicate_of: Option<String>,
    /// How many links it is away from where the crawl began.
    #[schema(example = 1)]
    pub depth: u32,
    /// How it came to be known first.
    #[schema(example = "listed in https://help.example.com/sitemap.xml")]
    pub found: String,
    /// Whether the crawl began at it.
    #[schema(example = false)]
    pub seed: bool,
    /// Whether its page was read.
    #[schema(example = false)]
    pub read: bool,
    /// When its page changed last, as its sitemap says.
    #[schema(required = true, example = "2026-05-22")]
    pub last_modified: Option<String>,
}

/// A sitemap that a crawl has asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CrawledSitemap {
    /// Its address.
    #[schema(example = "https://help.example.com/sitemap.xml")]
    pub url: String,
    /// How many addresses it lists.
    #[schema(example = 120)]
    pub listed: usize,
    /// Why it could not be read, as `code: sentence`; empty when it could.
    #[schema(example = "")]
    pub problem: String,
}

impl Crawled {
    /// What to answer, with a report of every address or without.
    pub fn new(report: CrawlReport, with_report: bool) -> Self {
        let data = report.children().map(|found| found.url.to_string()).collect();
        let message = message(&report);
        Self { data, message, report: with_report.then(|| report.into()) }
    }
}

/// One sentence for people; the documented one when nothing is left to say.
fn message(report: &CrawlReport) -> String {
    let is_lost = |found: &&Found| {
        let works = matches!(found.outcome, CrawlOutcome::Accepted | CrawlOutcome::DuplicateOf(_));
        found.is_seed && !works
    };
    let lost = report
        .found
        .iter()
        .filter(is_lost)
        .map(|found| format!("{} ({}: {})", shown(&found.url), found.outcome, found.reason));
    let remarks: Vec<String> = lost.chain(report.gaps.iter().cloned()).collect();
    if remarks.is_empty() {
        return "Successfully crawled parent URLs".to_owned();
    }
    let what = if report.accepted().next().is_some() {
        "Crawled parent URLs in part"
    } else {
        "No parent URL could be crawled"
    };
    format!("{what}: {}", remarks.join("; "))
}

/// A query may hold a token.
fn shown(url: &WebUrl) -> &str {
    WebUrl::without_query(url.as_str())
}

impl From<CrawlReport> for CrawlDetails {
    fn from(report: CrawlReport) -> Self {
        Self {
            urls: report.found.into_iter().map(CrawledUrl::from).collect(),
            sitemaps: report.sitemaps.into_iter().map(CrawledSitemap::from).collect(),
            gaps: report.gaps,
        }
    }
}

impl From<Found> for CrawledUrl {
    fn from(found: Found) -> Self {
        Self {
            outcome: found.outcome.as_str().to_owned(),
            duplicate_of: match &found.outcome {
                CrawlOutcome::DuplicateOf(url) => Some(url.to_string()),
                _ => None,
            },
            url: found.url.to_string(),
            reason: found.reason,
            depth: found.depth,
            found: found.found_by.to_string(),
            seed: found.is_seed,
            read: found.was_read,
            last_modified: found.last_modified,
        }
    }
}

impl From<SitemapRead> for CrawledSitemap {
    fn from(sitemap: SitemapRead) -> Self {
        Self { url: sitemap.url.to_string(), listed: sitemap.listed, problem: sitemap.problem }
    }
}
