//! Looks for the pages of sites: sitemaps first, then links, breadth first, as politely as any run.

mod frontier;
mod gear;
mod load;
mod survey;

use std::sync::Arc;

use connect::Client;
use futures_util::StreamExt;
use futures_util::stream;
use model::crawl::{CrawlPlan, CrawlProgress, CrawlReport, site};
use model::{CrawlOutcome, Failure, WebUrl};
use store::Store;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use self::gear::Gear;
use self::survey::Survey;
use crate::settings::Settings;

/// So many crawls run at once in a process; others wait for their turn, within their time.
const AT_ONCE: usize = 8;
/// So many sites of one crawl are looked at side by side.
const SITES_AT_ONCE: usize = 8;

/// Crawls sites, in the lanes that runs take turns in. Nothing that it finds is kept.
#[derive(Clone)]
pub struct Crawler {
    gear: Gear,
    room: Arc<Semaphore>,
}

impl Crawler {
    /// A crawler that fetches with `client`.
    pub fn new(store: Store, client: Client, settings: Arc<Settings>) -> Self {
        let room = Arc::new(Semaphore::new(AT_ONCE));
        let gear = Gear { store, client, robots: Arc::default(), latencies: Arc::default(), settings };
        Self { gear, room }
    }

    /// Looks for what the plan wants. `seen` is told of each page before it is read. A failure is a fault of ours; what goes
    /// wrong at a site is in the report.
    pub async fn crawl(
        &self,
        plan: &CrawlPlan,
        seen: &(dyn Fn(&CrawlProgress<'_>) + Sync),
    ) -> Result<CrawlReport, Failure> {
        let deadline = Instant::now() + plan.time;
        // When nobody makes room in time, each site is found to have none left.
        let room = timeout_at(deadline, self.room.acquire()).await;
        let surveys =
            by_site(&plan.seeds).into_iter().map(|seeds| Survey::new(&self.gear, plan, seeds, deadline).run(seen));
        let reports: Vec<Result<CrawlReport, Failure>> = stream::iter(surveys).buffered(SITES_AT_ONCE).collect().await;
        drop(room);
        let mut whole = CrawlReport::default();
        for report in reports {
            let report = report?;
            whole.found.extend(report.found);
            whole.sitemaps.extend(report.sitemaps);
            whole.gaps.extend(report.gaps);
        }
        keep_to_limit(&mut whole, plan.limit);
        Ok(whole)
    }
}

/// The seeds of each site, each once, in their order.
fn by_site(seeds: &[WebUrl]) -> Vec<Vec<WebUrl>> {
    let mut sites: Vec<(String, Vec<WebUrl>)> = Vec::new();
    for seed in seeds {
        let own = site(seed);
        match sites.iter_mut().find(|(known, _)| *known == own) {
            Some((_, seeds)) if seeds.contains(seed) => {}
            Some((_, seeds)) => seeds.push(seed.clone()),
            None => sites.push((own, vec![seed.clone()])),
        }
    }
    sites.into_iter().map(|(_, seeds)| seeds).collect()
}

/// Each site kept to the limit by itself; all of them keep to it together.
fn keep_to_limit(report: &mut CrawlReport, limit: usize) {
    let accepted = report.found.iter_mut().filter(|found| found.outcome == CrawlOutcome::Accepted && !found.is_seed);
    let mut is_over = false;
    for found in accepted.skip(limit) {
        found.outcome = CrawlOutcome::Limit;
        found.reason = format!("{limit} addresses were accepted before it, which is the limit");
        is_over = true;
    }
    if is_over {
        report.gaps.push(format!("the limit of {limit} pages was reached by all sites together"));
    }
}
