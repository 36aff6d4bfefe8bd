//! What a site's robots.txt says of a page: remembered by the store, fetched once at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use connect::robots::RobotsFetch;
use connect::{RobotsFile, Rules, Verdict};
use model::{Failure, FailureCode, Timestamp, WebUrl};
use store::{Store, StoredRobots};

use crate::manners::{Manners, ours};
use crate::settings::Settings;

/// The robots.txt of every site that this process visits.
#[derive(Debug, Default)]
pub(crate) struct Robots {
    /// One lock an origin, so that a hundred jobs of a new site fetch its file once.
    fetching: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
    /// Files that could not be read, until when nobody asks again: a broken site is not asked once a page.
    broken: Mutex<HashMap<String, (Timestamp, Failure)>>,
}

impl Robots {
    /// Refuses the page when its site forbids it, or when nobody can say.
    pub(crate) async fn check(&self, url: &WebUrl, manners: &mut Manners<'_>) -> Result<(), Failure> {
        obey(&self.rules(url, manners).await?, url)
    }

    /// The rules of the page's site.
    pub(crate) async fn rules(&self, url: &WebUrl, manners: &mut Manners<'_>) -> Result<Rules, Failure> {
        Ok(self.file(url, manners).await?.rules())
    }

    async fn file(&self, url: &WebUrl, manners: &mut Manners<'_>) -> Result<RobotsFile, Failure> {
        let origin = url.origin();
        if let Some(file) = remembered(manners.store, &origin).await? {
            return Ok(file);
        }
        let lock = self.lock(&origin);
        let _alone = lock.lock().await;
        // Whoever held the lock before has fetched it, or has tried.
        if let Some(file) = remembered(manners.store, &origin).await? {
            return Ok(file);
        }
        let now = manners.store.now();
        if let Some(failure) = self.broken(&origin, now) {
            return Err(failure);
        }
        let file = fetch(url, manners).await.map_err(|failure| {
            let failure = unreadable(&origin, failure);
            self.mark_broken(&origin, now.plus(manners.settings.retry_base), &failure);
            failure
        });
        if let Err(failure) = &file {
            manners.heed(url, failure).await;
        }
        let file = file?;
        remember(manners, url, &file).await?;
        Ok(file)
    }

    fn broken(&self, origin: &str, now: Timestamp) -> Option<Failure> {
        let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken.retain(|_, (until, _)| *until > now);
        broken.get(origin).map(|(_, failure)| failure.clone())
    }

    fn mark_broken(&self, origin: &str, until: Timestamp, failure: &Failure) {
        let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken.insert(origin.to_owned(), (until, failure.clone()));
    }

    fn lock(&self, origin: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut fetching = self.fetching.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = fetching.get(origin).and_then(Weak::upgrade) {
            return lock;
        }
        fetching.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        fetching.insert(origin.to_owned(), Arc::downgrade(&lock));
        lock
    }
}

/// Refuses a page that the rules of its site forbid.
pub(crate) fn obey(rules: &Rules, url: &WebUrl) -> Result<(), Failure> {
    match rules.verdict(url) {
        Verdict::Allowed => Ok(()),
        Verdict::Disallowed { rule } => {
            let text = format!("{}/robots.txt forbids this page: {rule}", url.origin());
            Err(Failure::new(FailureCode::RobotsDisallowed, text))
        }
    }
}

async fn fetch(url: &WebUrl, manners: &mut Manners<'_>) -> Result<RobotsFile, Failure> {
    let mut fetch = RobotsFetch::of(url)?;
    loop {
        manners.wait_for_turn(fetch.next()).await?;
        if let Some(file) = fetch.ask(manners.client).await? {
            return Ok(file);
        }
    }
}

async fn remembered(store: &Store, origin: &str) -> Result<Option<RobotsFile>, Failure> {
    let stored = async { store.glance().await?.robots(origin).await }.await.map_err(|error| ours(&error))?;
    let fresh = stored.filter(|robots| robots.expires_at > store.now());
    Ok(fresh.map(|robots| if robots.body.is_empty() { RobotsFile::AllowAll } else { RobotsFile::Rules(robots.body) }))
}

async fn remember(manners: &Manners<'_>, url: &WebUrl, file: &RobotsFile) -> Result<(), Failure> {
    let body = match file {
        RobotsFile::Rules(text) => text.clone(),
        RobotsFile::AllowAll => String::new(),
    };
    let (store, now) = (manners.store, manners.store.now());
    let robots = StoredRobots { body, expires_at: Settings::robots_expiry(now) };
    let delay = file.rules().crawl_delay().unwrap_or_default();
    // The delay comes first: a file that is remembered is not asked for its delay again.
    let saved = async {
        store.set_crawl_delay(&url.lane(), delay, &manners.settings.pace).await?;
        let mut write = store.write().await?;
        write.save_robots(&url.origin(), &robots).await?;
        write.commit().await
    };
    saved.await.map_err(|error| ours(&error))
}

/// A site whose wishes cannot be read is not visited; the page then fails, or waits, for the reason of its robots.txt.
pub(crate) fn unreadable(origin: &str, failure: Failure) -> Failure {
    if !failure.code.is_transient() {
        return failure;
    }
    let text = format!("{origin}/robots.txt cannot be read, and until it can nothing may be fetched: {}", failure.text);
    Failure { text, ..failure }
}
