//! One address of a crawl: leave, turn, redirects, and what its page says.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use connect::{Page, Reply, Rules, Trail, Validators, Verdict};
use extract::{Budget, Hint, Links, links};
use model::{CrawlOutcome, Failure, FailureCode, WebUrl};

use super::gear::Gear;
use crate::manners::Manners;

/// Links beyond so many bytes of a page are not seen.
const MOST_BYTES: usize = 8 * 1_024 * 1_024;
/// How long reading the links of a page may take.
const READING: Duration = Duration::from_secs(3);

/// Asks for the addresses of one site.
pub(super) struct Loader<'a> {
    gear: &'a Gear,
    manners: Manners<'a>,
    /// What the robots.txt of each origin says, or why nobody can say.
    rules: HashMap<String, Result<Rules, Failure>>,
}

/// Why an address gives no page: what becomes of it, and why. A fault of ours ends the crawl instead.
pub(super) type Refusal = (CrawlOutcome, String);

impl<'a> Loader<'a> {
    pub(super) fn new(gear: &'a Gear) -> Self {
        let manners = Manners::afresh(&gear.store, &gear.client, &gear.settings);
        Self { gear, manners, rules: HashMap::new() }
    }

    /// The rules of an address's origin, asked for once.
    pub(super) async fn rules(&mut self, url: &WebUrl) -> Result<&Rules, Failure> {
        let origin = url.origin();
        if !self.rules.contains_key(&origin) {
            let rules = self.gear.robots.rules(url, &mut self.manners).await;
            if let Err(failure) = &rules
                && failure.code == FailureCode::Internal
            {
                return Err(failure.clone());
            }
            self.rules.insert(origin.clone(), rules);
        }
        self.rules[&origin].as_ref().map_err(Clone::clone)
    }

    /// What is known of an address without asking anybody.
    pub(super) fn leave(&self, url: &WebUrl) -> Option<Refusal> {
        match self.rules.get(&url.origin()) {
            None => {
                Some((CrawlOutcome::Limit, "the time was up before the robots.txt of its site was read".to_owned()))
            }
            Some(Err(failure)) => Some(refusal(failure.clone())),
            Some(Ok(rules)) => forbidden(rules, url),
        }
    }

    /// The page of an address, and where it is after redirects that `is_ours` follows.
    pub(super) async fn load(
        &mut self,
        url: &WebUrl,
        is_ours: impl Fn(&WebUrl) -> bool,
    ) -> Result<Result<Page, Refusal>, Failure> {
        match self.page(url, is_ours).await {
            Ok(found) => Ok(found),
            Err(failure) if failure.code == FailureCode::Internal => Err(failure),
            Err(failure) => Ok(Err(refusal(failure))),
        }
    }

    async fn page(
        &mut self,
        url: &WebUrl,
        is_ours: impl Fn(&WebUrl) -> bool,
    ) -> Result<Result<Page, Refusal>, Failure> {
        let mut trail = Trail::new(url.clone(), Trail::PAGE);
        let mut here = url.clone();
        loop {
            if let Some((outcome, reason)) = forbidden(self.rules(&here).await?, &here) {
                let reason = if here == *url { reason } else { format!("it redirects to {here}, and {reason}") };
                return Ok(Err((outcome, reason)));
            }
            match self.ask(&here).await? {
                Reply::Redirect { to, .. } if !is_ours(&to) => {
                    let reason = format!("it redirects to {to}, which is on another host");
                    return Ok(Err((CrawlOutcome::OffScope, reason)));
                }
                Reply::Redirect { to, .. } => {
                    trail.follow(to.clone())?;
                    here = to;
                }
                Reply::Page(page) => return Ok(Ok(page)),
                Reply::NotModified => {
                    let text = "the site says that the page is unchanged, but was not asked that";
                    return Err(Failure::new(FailureCode::ServerError, text));
                }
            }
        }
    }

    async fn ask(&mut self, url: &WebUrl) -> Result<Reply, Failure> {
        self.manners.wait_for_turn(url).await?;
        let started = Instant::now();
        let reply = self.gear.client.get(url, &Validators::default()).await;
        let is_slow = self.gear.latencies.note(&url.lane(), started.elapsed());
        match &reply {
            Err(failure) if Manners::is_plea(failure) => self.manners.heed(url, failure).await,
            _ if is_slow => self.manners.ease(url, None).await,
            _ => {}
        }
        reply
    }
}

fn forbidden(rules: &Rules, url: &WebUrl) -> Option<Refusal> {
    match rules.verdict(url) {
        Verdict::Allowed => None,
        Verdict::Disallowed { rule } => {
            Some((CrawlOutcome::Robots, format!("{}/robots.txt forbids it: {rule}", url.origin())))
        }
    }
}

fn refusal(failure: Failure) -> Refusal {
    (CrawlOutcome::Failed(failure.code), failure.text)
}

/// Whether a page says that it is HTML; one that says nothing may be.
pub(super) fn is_html(content_type: Option<&str>) -> bool {
    let kind = content_type.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    kind.is_none_or(|kind| matches!(kind.as_str(), "" | "text/html" | "application/xhtml+xml"))
}

/// Where an HTML page leads.
pub(super) async fn links_of(page: Page) -> Result<Links, Failure> {
    let hint = Hint { content_type: page.content_type.clone(), url: Some(page.url.to_string()), ..Hint::default() };
    let bytes = bytes_of(page, MOST_BYTES).await?;
    let read = move || {
        let began = Instant::now();
        let gone = || began.elapsed().as_secs_f64() / READING.as_secs_f64();
        links(&bytes, &hint, &Budget::counted(&gone))
    };
    let broken = |error| Failure::new(FailureCode::Internal, format!("the reader of links broke: {error}"));
    tokio::task::spawn_blocking(read).await.map_err(broken)
}

/// The bytes of a page, up to so many.
pub(super) async fn bytes_of(mut page: Page, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = page.body.chunk().await? {
        bytes.extend_from_slice(&chunk[..chunk.len().min(most - bytes.len())]);
        if bytes.len() == most {
            break;
        }
    }
    Ok(bytes)
}
