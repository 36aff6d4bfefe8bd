//! The crawl of one site, from its sitemaps to its last link.

use std::collections::{HashMap, HashSet, VecDeque};

use connect::{Page, sitemap};
use extract::Links;
use model::crawl::{CrawlPlan, CrawlProgress, CrawlReport, FoundBy, SitemapRead};
use model::{CrawlOutcome, Failure, FailureCode, WebUrl};
use tokio::time::{Instant, timeout_at};

use super::frontier::{Frontier, Place};
use super::gear::Gear;
use super::load::{Loader, bytes_of, is_html, links_of};

/// So many sitemaps of a site are read.
const MOST_SITEMAPS: usize = 500;
/// More bytes than the protocol allows a sitemap are not read.
const MOST_SITEMAP_BYTES: usize = 50 * 1_024 * 1_024;

/// The crawl of one site.
pub(super) struct Survey<'a> {
    plan: &'a CrawlPlan,
    seeds: Vec<WebUrl>,
    deadline: Instant,
    loader: Loader<'a>,
    frontier: Frontier<'a>,
    sitemaps: Vec<SitemapRead>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(gear: &'a Gear, plan: &'a CrawlPlan, seeds: Vec<WebUrl>, deadline: Instant) -> Self {
        let (loader, frontier) = (Loader::new(gear), Frontier::new(plan, &seeds));
        Self { plan, seeds, deadline, loader, frontier, sitemaps: Vec::new() }
    }

    pub(super) async fn run(mut self, seen: &(dyn Fn(&CrawlProgress<'_>) + Sync)) -> Result<CrawlReport, Failure> {
        let deadline = self.deadline;
        let is_late = match timeout_at(deadline, self.look(seen)).await {
            Ok(looked) => looked.map(|()| false)?,
            Err(_) => true,
        };
        let (mut gaps, host) = (Vec::new(), self.seeds.first().map(WebUrl::lane).unwrap_or_default());
        if is_late {
            let (read, found, _) = self.frontier.counts();
            gaps.push(format!("the time was up at {host} after {read} pages and {found} addresses"));
        }
        self.frontier.settle(|url| self.loader.leave(url));
        let (found, forgotten) = self.frontier.finish();
        if !is_late && found.iter().any(|found| found.outcome == CrawlOutcome::Limit) {
            gaps.push(format!("the limit of {} pages was reached at {host}", self.plan.limit));
        }
        if forgotten > 0 {
            gaps.push(format!("{host} has at least {forgotten} more addresses than are looked at"));
        }
        Ok(CrawlReport { found, sitemaps: self.sitemaps, gaps })
    }

    async fn look(&mut self, seen: &(dyn Fn(&CrawlProgress<'_>) + Sync)) -> Result<(), Failure> {
        self.read_sitemaps().await?;
        while !self.frontier.is_enough() {
            let Some(place) = self.frontier.next() else { break };
            let (read, found, accepted) = self.frontier.counts();
            seen(&CrawlProgress { here: self.frontier.url(place), read, found, accepted });
            // Whoever drops this in the middle finds the address unjudged.
            self.visit(place).await?;
        }
        self.ask_leave().await
    }

    /// Sees to it that robots.txt is known for whatever is to be judged unread: a sitemap may list pages of the `www.` twin.
    async fn ask_leave(&mut self) -> Result<(), Failure> {
        let mut origins: HashMap<String, WebUrl> = HashMap::new();
        for url in self.frontier.open() {
            origins.entry(url.origin()).or_insert_with(|| url.clone());
        }
        for url in origins.into_values() {
            match self.loader.rules(&url).await {
                Err(failure) if failure.code == FailureCode::Internal => return Err(failure),
                // What went wrong there is remembered.
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads the sitemaps that robots.txt names, else the one in the usual place, and those that they name.
    async fn read_sitemaps(&mut self) -> Result<(), Failure> {
        let mut queue: VecDeque<WebUrl> = VecDeque::new();
        let mut origins = HashSet::new();
        for seed in self.seeds.clone() {
            if !origins.insert(seed.origin()) {
                continue;
            }
            let named: Vec<WebUrl> = match self.loader.rules(&seed).await {
                Ok(rules) => rules.sitemaps().iter().filter_map(|text| seed.join(text).ok()).collect(),
                Err(failure) if failure.code == FailureCode::Internal => return Err(failure),
                // Nothing of this origin may be asked for; its addresses will say so.
                Err(_) => continue,
            };
            let usual = named.is_empty().then(|| seed.join("/sitemap.xml").ok()).flatten();
            queue.extend(named.into_iter().chain(usual));
        }
        let mut known: HashSet<WebUrl> = HashSet::new();
        while let Some(url) = queue.pop_front() {
            if known.len() < MOST_SITEMAPS && !self.has_all_it_needs() && known.insert(url.clone()) {
                queue.extend(self.read_sitemap(url).await?);
            }
        }
        Ok(())
    }

    /// Whether sitemaps have told enough already. Where each page is read they may have told of duplicates, so all are read then.
    fn has_all_it_needs(&self) -> bool {
        !self.plan.reads_all && self.frontier.is_enough()
    }

    /// Reads one sitemap; the others that it names.
    async fn read_sitemap(&mut self, url: WebUrl) -> Result<Vec<WebUrl>, Failure> {
        let loaded = self.loader.load(&url, |_| true).await?;
        let read = match loaded {
            Ok(page) => bytes_of(page, MOST_SITEMAP_BYTES).await.and_then(|bytes| sitemap::read(&bytes)),
            Err((outcome, reason)) => {
                let problem = format!("{outcome}: {reason}");
                self.sitemaps.push(SitemapRead { url, listed: 0, problem });
                return Ok(Vec::new());
            }
        };
        let (listed, problem, others) = match read {
            Ok(found) => {
                let listed = found.pages.len() + found.sitemaps.len();
                for (page, date) in found.pages {
                    self.frontier.discover(&page, 1, FoundBy::Sitemap(url.clone()), date);
                }
                let cut = "too_large: it lists more than a sitemap may, or ends in the middle; the rest was left out";
                (listed, if found.is_cut { cut.to_owned() } else { String::new() }, found.sitemaps)
            }
            Err(failure) => (0, failure.to_string(), Vec::new()),
        };
        self.sitemaps.push(SitemapRead { url, listed, problem });
        Ok(others)
    }

    async fn visit(&mut self, place: Place) -> Result<(), Failure> {
        let url = self.frontier.url(place).clone();
        let frontier = &self.frontier;
        let page = match self.loader.load(&url, |to| frontier.is_ours(to)).await? {
            Ok(page) => page,
            Err((outcome, reason)) => {
                self.frontier.judge(place, outcome, reason);
                return Ok(());
            }
        };
        let Some(place) = self.arrive(place, &page) else { return Ok(()) };
        if !is_html(page.content_type.as_deref()) {
            let kind = page.content_type.as_deref().unwrap_or_default();
            self.frontier.judge(place, CrawlOutcome::NotHtml, format!("the site sends it as {kind}"));
            return Ok(());
        }
        let here = page.url.clone();
        match links_of(page).await {
            Ok(links) => self.take_in(place, &here, links),
            Err(failure) if failure.code == FailureCode::Internal => return Err(failure),
            Err(failure) => self.frontier.judge(place, CrawlOutcome::Failed(failure.code), failure.text),
        }
        Ok(())
    }

    /// The place of the page that was reached, if it is still to be judged; whatever redirected to it is a duplicate.
    fn arrive(&mut self, place: Place, page: &Page) -> Option<Place> {
        let from = self.frontier.url(place).clone();
        if page.url == from {
            return Some(place);
        }
        let reason = format!("it redirects to {}", page.url);
        let there = self.frontier.discover_other(place, &page.url, FoundBy::Redirect(from));
        self.frontier.judge(place, CrawlOutcome::DuplicateOf(page.url.clone()), reason);
        there.filter(|there| self.frontier.is_open(*there))
    }

    fn take_in(&mut self, place: Place, here: &WebUrl, links: Links) {
        self.frontier.note_read(place);
        let depth = self.frontier.depth(place) + 1;
        for link in links.links {
            let Ok(url) = WebUrl::parse(&link.url) else { continue };
            if links.is_closed || link.is_closed {
                self.frontier.discover_closed(url, depth, here);
            } else {
                self.frontier.discover(&url, depth, FoundBy::Link(here.clone()), None);
            }
        }
        let canonical = links.canonical.and_then(|url| WebUrl::parse(&url).ok()).filter(|url| url != here);
        let (outcome, reason) = match canonical {
            _ if links.is_unlisted => {
                (CrawlOutcome::Robots, "the page asks not to be listed (meta robots: noindex)".to_owned())
            }
            Some(url) if self.frontier.is_ours(&url) => {
                self.frontier.discover_other(place, &url, FoundBy::Canonical(here.clone()));
                let reason = format!("it calls {url} its canonical address");
                (CrawlOutcome::DuplicateOf(url), reason)
            }
            Some(url) => (CrawlOutcome::Accepted, format!("read; its canonical address {url} is on another host")),
            None => (CrawlOutcome::Accepted, "read".to_owned()),
        };
        self.frontier.judge(place, outcome, reason);
    }
}
