//! What the routes ask of sites, which this crate does not fetch: somebody else crawls.

use model::crawl::{CrawlPlan, CrawlReport};
use model::{Failure, FailureCode};

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
        Box::pin(std::future::ready(Err(Failure::new(FailureCode::Internal, "this server crawls nothing"))))
    }
}
