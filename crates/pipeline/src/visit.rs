//! One polite visit: robots.txt, the host's turn, the page; again for each redirect, until there are bytes to keep.

use std::time::Instant;

use connect::{Page, Reply, Trail, Validators};
use model::{Failure, FailureCode, WebUrl};
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

/// Visits a page and keeps its bytes.
pub(crate) async fn visit(
    url: WebUrl,
    robots: &Robots,
    latencies: &Latencies,
    manners: &mut Manners<'_>,
) -> Result<Visited, Failure> {
    let mut trail = Trail::new(url.clone(), Trail::PAGE);
    let mut here = url;
    loop {
        match ask(&here, robots, latencies, manners).await? {
            Reply::Redirect { to, .. } => {
                trail.follow(to.clone())?;
                here = to;
            }
            Reply::Page(page) => return keep(manners.store, page).await,
            Reply::NotModified => {
                let text = "the site says that the page is unchanged, but was not asked that";
                return Err(Failure::new(FailureCode::ServerError, text));
            }
        }
    }
}

async fn ask(
    url: &WebUrl,
    robots: &Robots,
    latencies: &Latencies,
    manners: &mut Manners<'_>,
) -> Result<Reply, Failure> {
    robots.check(url, manners).await?;
    manners.wait_for_turn(url).await?;
    let started = Instant::now();
    let reply = manners.client.get(url, &Validators::default()).await;
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
