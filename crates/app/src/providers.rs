//! How the routes reach providers and sites: the pipeline asks for them.

use std::time::Duration;

use model::{Connection, CrawlPlan, CrawlReport, Identity, Listing};
use pipeline::{Crawler, Sources};
use web::crawls::Crawls;
use web::providers::{Later, Providers};

/// How long somebody waits for a list at most: proxies and clients give up after a minute. A sync takes all the time it needs.
const LONGEST_LIST: Duration = Duration::from_secs(50);

/// Asks by way of the pipeline, in the lanes that its runs take turns in.
pub struct Asker(pub Sources);

impl Providers for Asker {
    fn probe<'a>(&'a self, connection: &'a Connection) -> Later<'a, Identity> {
        Box::pin(self.0.probe(connection))
    }

    fn list<'a>(&'a self, connection: &'a Connection) -> Later<'a, Listing> {
        Box::pin(self.0.list(connection, Some(LONGEST_LIST), &|_| {}))
    }
}

/// Crawls by way of the pipeline, in the lanes that runs take turns in.
pub struct Scout(pub Crawler);

impl Crawls for Scout {
    fn crawl<'a>(&'a self, plan: &'a CrawlPlan) -> Later<'a, CrawlReport> {
        Box::pin(self.0.crawl(plan, &|_| {}))
    }
}
