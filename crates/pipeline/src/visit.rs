//! One polite visit: robots.txt, the host's turn, the page; again for each redirect, until there are bytes to keep.

use std::time::Instant;

use connect::{Page, Reply, Trail, Validators};
use model::{Failure, WebUrl};
use store::{Blob, Store};

use crate::latency::Latencies;
use crate::manners::{Manners, ours};
use crate::robots::Robots;

/// The bytes of a page, kept.
#[derive(Debug)]
pub(crate) struct Visited {
    /// The bytes.
    pub(crate) blob: Blob,
    /// Where they came from, after redirects.
    pub(crate) url: WebUrl,
    /// The `Content-Type` header.
    pub(crate) content_type: Option<String>,
    /// A validator for the next visit.
    pub(crate) etag: Option<String>,
    /// The other validator.
    pub(crate) last_modified: Option<String>,
}

/// What is known of a page from the last visit: where it was in the end, and its validators.
#[derive(Debug, Default)]
pub(crate) struct Acquaintance {
    /// Where the bytes came from.
    pub(crate) url: String,
    /// What the site calls that version.
    pub(crate) validators: Validators,
}

impl Acquaintance {
    /// The validators, for the very address that they came from.
    fn at(&self, url: &WebUrl) -> Validators {
        if self.url == url.as_str() { self.validators.clone() } else { Validators::default() }
    }
}

/// Visits a page and keeps its bytes; `None` when the site says that it is still the version that is known.
pub(crate) async fn visit(
    url: WebUrl,
    known: &Acquaintance,
    (robots, latencies): (&Robots, &Latencies),
    manners: &mut Manners<'_>,
) -> Result<Option<Visited>, Failure> {
    let mut trail = Trail::new(url.clone(), Trail::PAGE);
    let mut here = url;
    loop {
        match ask(&here, &known.at(&here), (robots, latencies), manners).await? {
            Reply::Redirect { to, .. } => {
                trail.follow(to.clone())?;
                here = to;
            }
            Reply::Page(page) => return keep(manners.store, page).await.map(Some),
            Reply::NotModified => return Ok(None),
        }
    }
}

async fn ask(
    url: &WebUrl,
    known: &Validators,
    (robots, latencies): (&Robots, &Latencies),
    manners: &mut Manners<'_>,
) -> Result<Reply, Failure> {
    robots.check(url, manners).await?;
    manners.wait_for_turn(url).await?;
    let started = Instant::now();
    let reply = manners.client.get(url, known).await;
    let is_slow = latencies.note(&url.lane(), started.elapsed());
    match &reply {
        Err(failure) if Manners::is_plea(failure) => manners.heed(url, failure).await,
        _ if is_slow => manners.ease(url, None).await,
        _ => {}
    }
    reply
}

async fn keep(store: &Store, mut page: Page) -> Result<Visited, Failure> {
    let mut writer = store.blobs().writer().await.map_err(|error| ours(&error))?;
    while let Some(chunk) = page.body.chunk().await? {
        writer.write(&chunk).await.map_err(|error| ours(&error))?;
    }
    Ok(Visited {
        blob: writer.finish().await.map_err(|error| ours(&error))?,
        url: page.url,
        content_type: page.content_type,
        etag: page.validators.etag,
        last_modified: page.validators.last_modified,
    })
}
