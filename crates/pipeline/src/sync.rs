//! Syncs: everything that a connection has is looked at; what is new or changed is queued, and what is gone is marked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use model::{Connection, DocumentId, Failure, FailureCode, Listing, Priority, Resource, SyncOutcome, Timestamp};
use store::{Flags, KnownBatch, KnownItem, Registration, Store, SyncHold, Write};
use tokio_util::sync::CancellationToken;

use crate::sources::Sources;

/// How many signs of life a sync gives in that time.
const BEATS: u32 = 12;
/// How often a process looks for syncs that were asked for elsewhere, or whose process was lost.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// How many items one transaction deals with.
const AT_ONCE: usize = 500;

/// Runs syncs, one at a time. Cheap to clone.
#[derive(Clone)]
pub struct Syncs {
    store: Store,
    sources: Sources,
    max_attempts: i64,
}

impl Syncs {
    /// Syncs that ask by way of `sources`; each queued run may have `max_attempts`.
    pub fn new(store: Store, sources: Sources, max_attempts: i64) -> Self {
        Self { store, sources, max_attempts }
    }

    /// Runs what is asked for until `stop`. A sync that is under way then begins anew elsewhere.
    pub async fn run(&self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                ran = self.next() => match ran {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(error) => tracing::warn!(%error, "a sync could not be run; it is tried again soon"),
                },
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.store.sync_asked() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Runs the next sync, if there is one.
    pub async fn next(&self) -> Result<bool, store::Error> {
        let Some((hold, sync)) = self.store.take_sync(self.lease()).await? else { return Ok(false) };
        let connection = self.store.glance().await?.connection(sync.connection).await?;
        let Some(connection) = connection else {
            let failure = Failure::new(FailureCode::ProviderDisconnected, "the provider is not connected any more");
            self.end(&hold, Some(&failure), &[]).await?;
            return Ok(true);
        };
        tracing::info!(sync = %hold.id, provider = %sync.provider, dry = sync.dry, "looking at everything");
        let work = Work { syncs: self, hold: &hold, connection: &connection, dry: sync.dry };
        match work.run().await {
            Ok(gaps) => self.end(&hold, None, &gaps).await?,
            Err(Trouble::Provider(failure)) => self.end(&hold, Some(&failure), &[]).await?,
            Err(Trouble::Store(store::Error::Lost)) => {
                tracing::warn!(sync = %hold.id, "another process has the sync");
            }
            Err(Trouble::Store(error)) => return Err(error),
        }
        Ok(true)
    }

    /// How long a sync is kept without a sign of life: longer than a job, since many items are dealt with at once.
    fn lease(&self) -> Duration {
        self.sources.lease() * 4
    }

    async fn end(&self, hold: &SyncHold, failure: Option<&Failure>, gaps: &[String]) -> Result<(), store::Error> {
        let error = failure.map(ToString::to_string).unwrap_or_default();
        tracing::info!(sync = %hold.id, error, "the look is over");
        if !gaps.is_empty() {
            tracing::warn!(sync = %hold.id, ?gaps, "not everything was seen, so nothing counts as missing");
        }
        let mut write = self.store.write().await?;
        write.end_sync(hold, (&error, gaps), self.store.now()).await?;
        write.commit().await
    }
}

/// Why a sync ends early: the provider, which is told, or the store, which lets another process begin anew.
enum Trouble {
    Provider(Failure),
    Store(store::Error),
}

impl From<store::Error> for Trouble {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// One sync under way.
struct Work<'a> {
    syncs: &'a Syncs,
    hold: &'a SyncHold,
    connection: &'a Connection,
    dry: bool,
}

impl Work<'_> {
    /// Looks, and deals with every item. Returns why there may be more than was seen.
    async fn run(&self) -> Result<Vec<String>, Trouble> {
        let Listing { resources, gaps, .. } = self.list().await?;
        model::faults::reach("sync.after_list");
        let seen = i64::try_from(resources.len()).unwrap_or(i64::MAX);
        let (workspace, provider) = (self.connection.workspace, self.connection.provider());
        let mut known = self.store().glance().await?.known_items(workspace, provider).await?;
        for resources in resources.chunks(AT_ONCE) {
            self.deal_with(resources, &mut known, seen).await?;
        }
        let mut unseen: Vec<(&str, &KnownItem)> = known.iter().map(|(name, item)| (name.as_str(), item)).collect();
        unseen.sort_unstable_by_key(|(name, _)| *name);
        let outcome = if gaps.is_empty() { SyncOutcome::Missing } else { SyncOutcome::Unseen };
        for items in unseen.chunks(AT_ONCE) {
            self.miss(items, outcome, seen).await?;
        }
        Ok(gaps)
    }

    fn store(&self) -> &Store {
        &self.syncs.store
    }

    /// Lists everything, and shows on the way that somebody is at it.
    async fn list(&self) -> Result<Listing, Trouble> {
        let seen = AtomicUsize::new(0);
        let note = |count| {
            seen.store(count, Ordering::Relaxed);
            model::faults::reach("sync.during_list");
        };
        let listing = self.syncs.sources.list(self.connection, None, &note);
        // Side by side: a list that stood still while its sign of life waits for the store might hold what that waits for.
        tokio::select! {
            listed = listing => listed.map_err(Trouble::Provider),
            error = self.beat(&seen) => Err(Trouble::Store(error)),
        }
    }

    /// Shows again and again that somebody is at it, until that cannot be done any more.
    async fn beat(&self, seen: &AtomicUsize) -> store::Error {
        loop {
            tokio::time::sleep(self.syncs.lease() / BEATS).await;
            let count = i64::try_from(seen.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
            let kept = async {
                let mut write = self.store().write().await?;
                self.keep(&mut write, count).await?;
                write.commit().await
            };
            if let Err(error) = kept.await {
                return error;
            }
        }
    }

    /// Deals with items that were seen, and takes them from what is known.
    async fn deal_with(
        &self,
        resources: &[Resource],
        known: &mut HashMap<String, KnownItem>,
        seen: i64,
    ) -> Result<(), Trouble> {
        let mut outcomes = Vec::with_capacity(resources.len());
        let (mut run, mut there): (Vec<DocumentId>, Vec<DocumentId>) = (Vec::new(), Vec::new());
        for resource in resources {
            let outcome = match known.remove(&resource.external_id) {
                None => SyncOutcome::New,
                Some(item) => {
                    let read = item.read.as_ref().map(Option::as_deref);
                    let outcome = SyncOutcome::of_seen(resource.version.as_deref(), read);
                    there.push(item.document);
                    if outcome.is_queued() {
                        run.push(item.document);
                    }
                    outcome
                }
            };
            outcomes.push((resource, outcome));
        }
        let mut write = self.store().write().await?;
        self.keep(&mut write, seen).await?;
        if !self.dry {
            let new: Vec<Registration> = outcomes
                .iter()
                .filter(|(_, outcome)| *outcome == SyncOutcome::New)
                .map(|(resource, _)| registration(resource))
                .collect();
            run.extend(self.register(&mut write, &new).await?);
            write.mark_seen(&there).await?;
            self.queue(&mut write, run).await?;
        }
        write.note_items(self.hold, &outcomes).await?;
        model::faults::reach("sync.before_commit");
        write.commit().await?;
        model::faults::reach("sync.after_commit");
        self.ring();
        Ok(())
    }

    /// Deals with documents that were not seen.
    async fn miss(&self, items: &[(&str, &KnownItem)], outcome: SyncOutcome, seen: i64) -> Result<(), Trouble> {
        let mut write = self.store().write().await?;
        self.keep(&mut write, seen).await?;
        if !self.dry && outcome == SyncOutcome::Missing {
            let documents: Vec<DocumentId> = items.iter().map(|(_, item)| item.document).collect();
            write.mark_missing(&documents, self.store().now()).await?;
            self.queue(&mut write, documents).await?;
        }
        write.note_unseen(self.hold, items, outcome).await?;
        write.commit().await?;
        self.ring();
        Ok(())
    }

    async fn keep(&self, write: &mut Write, seen: i64) -> Result<(), store::Error> {
        let until: Timestamp = self.store().now().plus(self.syncs.lease());
        write.keep_sync(self.hold, seen, until).await
    }

    async fn register(&self, write: &mut Write, new: &[Registration]) -> Result<Vec<DocumentId>, store::Error> {
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let (workspace, provider) = (self.connection.workspace, self.connection.provider());
        let registered = write.register(workspace, provider, new, self.store().now()).await?;
        Ok([registered.added, registered.updated].concat())
    }

    async fn queue(&self, write: &mut Write, documents: Vec<DocumentId>) -> Result<(), store::Error> {
        if documents.is_empty() {
            return Ok(());
        }
        let batch = KnownBatch {
            documents: documents.into_iter().map(|document| (document, true)).collect(),
            source: Some(self.connection.provider()),
            uploads: false,
            flags: Flags::default(),
            priority: Priority::Scheduled,
            max_attempts: self.syncs.max_attempts,
        };
        write.queue_known(self.connection.workspace, &batch, self.store().now()).await.map(drop)
    }

    fn ring(&self) {
        if !self.dry {
            self.store().bell().ring(self.store().now());
        }
    }
}

fn registration(resource: &Resource) -> Registration {
    Registration {
        external_id: resource.external_id.clone(),
        original_url: resource.url.clone(),
        title: resource.title.clone(),
        mime_type: resource.mime_type.clone(),
        kind: resource.object.clone(),
    }
}
