//! One page for a person who waits: robots.txt, pauses and redirects as on any visit, but without a store.

use std::collections::HashMap;
use std::time::Duration;

use connect::robots::RobotsFetch;
use connect::{Client, Page, Reply, Rules, Trail, Validators};
use model::{Failure, FailureCode, Pace, WebUrl};
use tokio::time::{Instant, sleep_until};

use crate::robots::{obey, unreadable};

/// The bytes of a page.
#[derive(Debug)]
pub struct Fetched {
    /// Where they came from, after redirects.
    pub url: WebUrl,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Fetches one page, once. Nothing is remembered: neither its site's robots.txt nor when the site was last asked.
pub async fn fetch(client: &Client, url: WebUrl, pace: &Pace) -> Result<Fetched, Failure> {
    let mut errand = Errand { client, pace, hosts: HashMap::new(), rules: HashMap::new() };
    let mut trail = Trail::new(url.clone(), Trail::PAGE);
    let mut here = url;
    loop {
        errand.ask_leave(&here).await?;
        errand.wait_for_turn(&here).await;
        match client.get(&here, &Validators::default()).await? {
            Reply::Redirect { to, .. } => {
                trail.follow(to.clone())?;
                here = to;
            }
            Reply::Page(page) => return read(page).await,
            Reply::NotModified => {
                let text = "the site says that the page is unchanged, but was not asked that";
                return Err(Failure::new(FailureCode::ServerError, text));
            }
        }
    }
}

/// What is known of the hosts on the way.
struct Errand<'a> {
    client: &'a Client,
    pace: &'a Pace,
    /// When each may be asked next.
    hosts: HashMap<String, Host>,
    /// What each origin's robots.txt says.
    rules: HashMap<String, Rules>,
}

#[derive(Default)]
struct Host {
    asked: Option<Instant>,
    crawl_delay: Duration,
}

impl Errand<'_> {
    async fn wait_for_turn(&mut self, url: &WebUrl) {
        let host = self.hosts.entry(url.lane()).or_default();
        if let Some(asked) = host.asked {
            sleep_until(asked + self.pace.delay.max(host.crawl_delay.min(self.pace.crawl_delay_cap))).await;
        }
        host.asked = Some(Instant::now());
    }

    /// Refuses the page when its site forbids it, or when nobody can say.
    async fn ask_leave(&mut self, url: &WebUrl) -> Result<(), Failure> {
        let origin = url.origin();
        if !self.rules.contains_key(&origin) {
            let rules = self.fetch_rules(url).await.map_err(|failure| unreadable(&origin, failure))?;
            self.hosts.entry(url.lane()).or_default().crawl_delay = rules.crawl_delay().unwrap_or_default();
            self.rules.insert(origin.clone(), rules);
        }
        obey(&self.rules[&origin], url)
    }

    async fn fetch_rules(&mut self, url: &WebUrl) -> Result<Rules, Failure> {
        let mut fetch = RobotsFetch::of(url)?;
        loop {
            let next = fetch.next().clone();
            self.wait_for_turn(&next).await;
            if let Some(file) = fetch.ask(self.client).await? {
                return Ok(file.rules());
            }
        }
    }
}

async fn read(mut page: Page) -> Result<Fetched, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = page.body.chunk().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(Fetched { url: page.url, content_type: page.content_type, bytes })
}
