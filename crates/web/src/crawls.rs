//! What the routes ask of sites, which this crate does not fetch: somebody else crawls.

use model::crawl::{CrawlPlan, CrawlReport};

use crate::providers::Later;

/// Crawls sites.
pub trait Crawls: Send + Sync {
    /// Looks for what the plan wants. A failure is a fault of ours.
    fn crawl<'a>(&'a self, plan: &'a CrawlPlan) -> Later<'a, CrawlReport>;
}

/// A server that crawls nothing.
pub struct Nowhere;

impl Crawls for Nowhere {
    fn crawl<'a>(&'a self, _: &'a CrawlPlan) -> Later<'a, CrawlReport> {
        let gaps = vec!["this server crawls nothing".to_owned()];
        Box::pin(std::future::ready(Ok(CrawlReport { gaps, ..CrawlReport::default() })))
    }
}
