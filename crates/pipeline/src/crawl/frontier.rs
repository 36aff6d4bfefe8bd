//! The addresses of one site: what is known of each, which is looked at next, and what becomes of those that never are.

use std::collections::{HashMap, HashSet, VecDeque};

use model::crawl::{CrawlPlan, Found, FoundBy, site};
use model::{CrawlOutcome, WebUrl};

/// The most addresses that are kept of a site: a calendar without end must not fill the memory.
const MOST: usize = 100_000;
/// Canonical addresses lead to each other at most so often.
const LONGEST_CHAIN: usize = 10;
/// The names of files that are no pages.
const NO_PAGES: &[&str] = &[
    "7z", "avi", "bmp", "bz2", "css", "csv", "dmg", "doc", "docx", "eot", "epub", "exe", "gif", "gz", "ico", "iso",
    "jpeg", "jpg", "js", "json", "m4a", "mov", "mp3", "mp4", "msi", "ods", "odt", "ogg", "pdf", "png", "ppt", "pptx",
    "rar", "rss", "svg", "tar", "ttf", "wav", "webm", "webp", "woff", "woff2", "xls", "xlsx", "xml", "zip",
];

/// The place of an address among those of its site.
pub(super) type Place = usize;

/// What was seen of a site.
pub(super) struct Frontier<'p> {
    plan: &'p CrawlPlan,
    site: String,
    entries: Vec<Entry>,
    places: HashMap<WebUrl, Place>,
    queue: VecDeque<Place>,
    /// Addresses behind links that ask not to be followed, and the first page with such a link.
    closed: Vec<(WebUrl, u32, WebUrl)>,
    closed_seen: HashSet<WebUrl>,
    accepted: usize,
    waiting: usize,
    read: usize,
    /// Addresses beyond the most that are kept.
    forgotten: usize,
}

struct Entry {
    url: WebUrl,
    depth: u32,
    found_by: FoundBy,
    is_seed: bool,
    was_read: bool,
    last_modified: Option<String>,
    verdict: Option<(CrawlOutcome, String)>,
}

impl<'p> Frontier<'p> {
    /// A site of which the seeds are known.
    pub(super) fn new(plan: &'p CrawlPlan, seeds: &[WebUrl]) -> Self {
        let site = seeds.first().map(site).unwrap_or_default();
        let mut frontier = Self {
            plan,
            site,
            entries: Vec::new(),
            places: HashMap::new(),
            queue: VecDeque::new(),
            closed: Vec::new(),
            closed_seen: HashSet::new(),
            accepted: 0,
            waiting: 0,
            read: 0,
            forgotten: 0,
        };
        for seed in seeds {
            frontier.add(seed, 0, FoundBy::Seed, true, None);
        }
        frontier
    }

    /// Takes in an address; its place, unless there is no more room. What is known already keeps what is known of it.
    pub(super) fn discover(
        &mut self,
        url: &WebUrl,
        depth: u32,
        found_by: FoundBy,
        last_modified: Option<String>,
    ) -> Option<Place> {
        self.add(url, depth, found_by, false, last_modified)
    }

    /// Takes in where an address leads by itself: as far away as that one, and a seed if that is one.
    pub(super) fn discover_other(&mut self, of: Place, url: &WebUrl, found_by: FoundBy) -> Option<Place> {
        let (depth, is_seed) = (self.entries[of].depth, self.entries[of].is_seed);
        let place = self.add(url, depth, found_by, is_seed, None)?;
        if is_seed && !self.entries[place].is_seed {
            self.make_seed(place);
        }
        Some(place)
    }

    /// A seed by another name counts for nothing.
    fn make_seed(&mut self, place: Place) {
        let entry = &mut self.entries[place];
        entry.is_seed = true;
        self.waiting -= usize::from(entry.verdict.is_none());
        self.accepted -= usize::from(matches!(entry.verdict, Some((CrawlOutcome::Accepted, _))));
    }

    /// Takes in an address behind a link that asks not to be followed.
    pub(super) fn discover_closed(&mut self, url: WebUrl, depth: u32, page: &WebUrl) {
        if self.closed.len() < MOST && self.closed_seen.insert(url.clone()) {
            self.closed.push((url, depth, page.clone()));
        }
    }

    fn add(
        &mut self,
        url: &WebUrl,
        depth: u32,
        found_by: FoundBy,
        is_seed: bool,
        last_modified: Option<String>,
    ) -> Option<Place> {
        if let Some(place) = self.places.get(url).copied() {
            self.come_nearer(place, depth, &found_by);
            return Some(place);
        }
        if self.entries.len() == MOST {
            self.forgotten += 1;
            return None;
        }
        let place = self.entries.len();
        let verdict = if is_seed { None } else { self.verdict_unread(url, depth) };
        if verdict.is_none() {
            self.queue.push_back(place);
            self.waiting += usize::from(!is_seed);
        }
        self.places.insert(url.clone(), place);
        let url = url.clone();
        self.entries.push(Entry { url, depth, found_by, is_seed, was_read: false, last_modified, verdict });
        Some(place)
    }

    /// What was too far away may be near by another way.
    fn come_nearer(&mut self, place: Place, depth: u32, found_by: &FoundBy) {
        let entry = &mut self.entries[place];
        if depth <= self.plan.max_depth && matches!(entry.verdict, Some((CrawlOutcome::TooDeep, _))) {
            (entry.depth, entry.found_by, entry.verdict) = (depth, found_by.clone(), None);
            self.queue.push_back(place);
            self.waiting += 1;
        }
    }

    /// What an address tells by itself.
    fn verdict_unread(&self, url: &WebUrl, depth: u32) -> Option<(CrawlOutcome, String)> {
        if !self.is_ours(url) {
            return Some((CrawlOutcome::OffScope, format!("it is on another host than {}", self.site)));
        }
        if let Some(reason) = self.plan.paths.refusal(url) {
            return Some((CrawlOutcome::OffScope, reason));
        }
        if let Some(ending) = ending(url) {
            return Some((CrawlOutcome::NotHtml, format!("its name ends in .{ending}")));
        }
        let most = self.plan.max_depth;
        (depth > most)
            .then(|| (CrawlOutcome::TooDeep, format!("it is {depth} links away; at most {most} are followed")))
    }

    /// Whether an address is on this site.
    pub(super) fn is_ours(&self, url: &WebUrl) -> bool {
        site(url) == self.site
    }

    /// Whether nothing more needs to be read.
    pub(super) fn is_enough(&self) -> bool {
        let unread = if self.plan.reads_all { 0 } else { self.waiting };
        self.accepted + unread >= self.plan.limit
    }

    /// The next address to look at.
    pub(super) fn next(&mut self) -> Option<Place> {
        std::iter::from_fn(|| self.queue.pop_front()).find(|place| self.entries[*place].verdict.is_none())
    }

    pub(super) fn url(&self, place: Place) -> &WebUrl {
        &self.entries[place].url
    }

    pub(super) fn depth(&self, place: Place) -> u32 {
        self.entries[place].depth
    }

    pub(super) fn is_open(&self, place: Place) -> bool {
        self.entries[place].verdict.is_none()
    }

    /// The addresses that are still to be judged.
    pub(super) fn open(&self) -> impl Iterator<Item = &WebUrl> {
        self.entries.iter().filter(|entry| entry.verdict.is_none()).map(|entry| &entry.url)
    }

    /// How many pages were read, addresses seen, and addresses accepted.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        (self.read, self.entries.len(), self.accepted)
    }

    /// Says what becomes of an address that was looked at.
    pub(super) fn judge(&mut self, place: Place, outcome: CrawlOutcome, reason: String) {
        let entry = &mut self.entries[place];
        if entry.verdict.is_some() {
            return;
        }
        self.waiting -= usize::from(!entry.is_seed);
        self.accepted += usize::from(!entry.is_seed && outcome == CrawlOutcome::Accepted);
        entry.verdict = Some((outcome, reason));
    }

    /// Notes that the page of an address was read.
    pub(super) fn note_read(&mut self, place: Place) {
        self.entries[place].was_read = true;
        self.read += 1;
    }

    /// Judges whatever was not looked at. `leave` says what the site's robots.txt makes of an address, and `None` when it may be read.
    pub(super) fn settle(&mut self, leave: impl Fn(&WebUrl) -> Option<(CrawlOutcome, String)>) {
        for place in 0..self.entries.len() {
            if !self.is_open(place) {
                continue;
            }
            let entry = &self.entries[place];
            let (outcome, reason) = match leave(&entry.url) {
                Some(refusal) => refusal,
                None if entry.is_seed || self.accepted < self.plan.limit => {
                    (CrawlOutcome::Accepted, format!("{}; not read", entry.found_by))
                }
                None => (CrawlOutcome::Limit, self.beyond()),
            };
            self.judge(place, outcome, reason);
        }
        self.settle_duplicates();
    }

    fn beyond(&self) -> String {
        format!("{} addresses were accepted before it, which is the limit", self.plan.limit)
    }

    /// A page whose canonical address came to nothing is a page all the same.
    fn settle_duplicates(&mut self) {
        for place in 0..self.entries.len() {
            let Some((CrawlOutcome::DuplicateOf(other), _)) = &self.entries[place].verdict else { continue };
            if !self.entries[place].was_read || self.is_page_in_the_end(other) {
                continue;
            }
            let reason = format!("read; what it calls its canonical address, {other}, is no page");
            let is_within = self.entries[place].is_seed || self.accepted < self.plan.limit;
            self.accepted += usize::from(is_within && !self.entries[place].is_seed);
            let beyond = (CrawlOutcome::Limit, self.beyond());
            self.entries[place].verdict = Some(if is_within { (CrawlOutcome::Accepted, reason) } else { beyond });
        }
    }

    /// Whether an address is accepted, or another one in its place. One beyond the limit would be.
    fn is_page_in_the_end(&self, url: &WebUrl) -> bool {
        let mut url = url;
        for _ in 0..LONGEST_CHAIN {
            let verdict = self.places.get(url).and_then(|place| self.entries[*place].verdict.as_ref());
            match verdict {
                Some((CrawlOutcome::DuplicateOf(next), _)) => url = next,
                Some((CrawlOutcome::Accepted | CrawlOutcome::Limit, _)) => return true,
                _ => return false,
            }
        }
        false
    }

    /// Everything that was seen, and how many addresses were not kept.
    pub(super) fn finish(mut self) -> (Vec<Found>, usize) {
        for (url, depth, page) in std::mem::take(&mut self.closed) {
            if !self.places.contains_key(&url) {
                let verdict =
                    self.verdict_unread(&url, depth).filter(|(outcome, _)| *outcome == CrawlOutcome::OffScope);
                let asked = || (CrawlOutcome::Robots, "its link asks not to be followed (rel=nofollow)".to_owned());
                let verdict = Some(verdict.unwrap_or_else(asked));
                let (found_by, last_modified) = (FoundBy::Link(page), None);
                let entry = Entry { url, depth, found_by, is_seed: false, was_read: false, last_modified, verdict };
                self.entries.push(entry);
            }
        }
        let found = self.entries.into_iter().map(Entry::found).collect();
        (found, self.forgotten)
    }
}

impl Entry {
    fn found(self) -> Found {
        let unjudged = || (CrawlOutcome::Limit, "it was not looked at in time".to_owned());
        let (outcome, reason) = self.verdict.unwrap_or_else(unjudged);
        let Self { url, depth, found_by, is_seed, was_read, last_modified, .. } = self;
        Found { url, outcome, reason, depth, found_by, is_seed, was_read, last_modified }
    }
}

/// The ending of a file that is no page.
fn ending(url: &WebUrl) -> Option<&'static str> {
    let name = url.as_url().path_segments()?.next_back()?;
    let (_, own) = name.rsplit_once('.')?;
    NO_PAGES.iter().copied().find(|ending| own.eq_ignore_ascii_case(ending))
}

#[cfg(test)]
mod tests;
