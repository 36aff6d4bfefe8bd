//! Shares: how far each workspace has been served or promised to be, in virtual time.
//!
//! A process hands its keys out from memory, so calls of one workspace do not wait for each other's commits. What it has
//! handed out is written down soon after, for its next start and for the other processes. What a crash or a race loses
//! of that is some fairness for a moment, never a job.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use model::share::{cost, last_key};
use model::{Priority, WorkspaceId};
use serde_json::json;

use crate::Error;
use crate::backend::{Pools, Touched, over_rows, run, statements};
use crate::rows::rows;

/// How long keys that were handed out may stay unwritten.
const WRITE_AFTER: Duration = Duration::from_millis(20);
/// How long what was read of the queue is good enough to hand out by.
const FRESH: Duration = Duration::from_millis(20);

statements! {
    WRITE_DOWN = over_rows!(
        "INSERT INTO shares (workspace_id, priority, last_key)
         SELECT r.value ->> 0, r.value ->> 1, CAST(r.value ->> 2 AS BIGINT) FROM",
        "WHERE TRUE
         ON CONFLICT (workspace_id, priority) DO UPDATE SET last_key = excluded.last_key
         WHERE shares.last_key < excluded.last_key"
    );
}

/// Whose share, and at which priority.
pub(crate) type Share = (WorkspaceId, Priority);

/// The shares as this process knows them.
#[derive(Debug)]
pub(crate) struct Shares {
    pools: Pools,
    handed_out: Mutex<HandedOut>,
    is_writing: AtomicBool,
}

#[derive(Debug, Default)]
struct HandedOut {
    last: HashMap<Share, i64>,
    unwritten: HashMap<Share, i64>,
    largest: i64,
    /// What was read of each share, and when.
    weights: HashMap<Share, (i64, Instant)>,
    /// How far the workers were when that was read last.
    served: Option<i64>,
}

/// Keys that a workspace may give to jobs of one priority, one after the other.
pub(crate) struct Keys {
    last: i64,
    cost: i64,
}

impl Keys {
    pub(crate) fn next(&mut self) -> i64 {
        self.last = self.last.saturating_add(self.cost);
        self.last
    }
}

impl Shares {
    pub(crate) fn new(pools: Pools) -> Arc<Self> {
        Arc::new(Self { pools, handed_out: Mutex::default(), is_writing: AtomicBool::new(false) })
    }

    /// Writes down what is in use.
    pub(crate) async fn write_down(&self) -> Result<(), Error> {
        let unwritten = std::mem::take(&mut self.handed_out().unwritten);
        if unwritten.is_empty() {
            return Ok(());
        }
        let written = self.write(&unwritten).await;
        if written.is_err() {
            let mut handed_out = self.handed_out();
            for (share, last) in unwritten {
                handed_out.unwritten.entry(share).or_insert(last);
            }
        }
        written
    }

    async fn write(&self, shares: &HashMap<Share, i64>) -> Result<(), Error> {
        // Every process locks shares in one order, so that no two can lock each other out.
        let mut sorted: Vec<_> = shares.iter().collect();
        sorted.sort_by_key(|((workspace, priority), _)| (workspace, priority.as_str()));
        let rows = rows(
            sorted
                .into_iter()
                .map(|((workspace, priority), last)| json!([workspace.to_string(), priority.as_str(), last])),
        );
        let mut tx = self.pools.stroke().await?;
        let _: Touched = run!(&mut tx, query(WRITE_DOWN), [&rows], execute)?;
        tx.commit().await
    }

    /// Writes down what is in use, in a moment.
    fn write_down_soon(self: &Arc<Self>) {
        if self.is_writing.swap(true, Ordering::SeqCst) {
            return;
        }
        let shares = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(WRITE_AFTER).await;
            shares.is_writing.store(false, Ordering::SeqCst);
            if let Err(error) = shares.write_down().await {
                tracing::debug!(%error, "shares could not be written down; they are with the next call");
            }
        });
    }

    /// The keys for `count` more jobs of a share.
    pub(crate) fn hand_out(&self, share: Share, count: i64, stand: &Stand) -> Keys {
        let mut handed_out = self.handed_out();
        // With nothing ready, everybody is where the one is who got most.
        let served = stand.served.unwrap_or_else(|| stand.largest.max(handed_out.largest));
        let known = handed_out.last.get(&share).map_or(stand.last, |last| stand.last.max(*last));
        handed_out.last.insert(share, known);
        handed_out.weights.insert(share, (stand.weight, Instant::now()));
        handed_out.served = Some(served);
        handed_out.hand_out(share, count, stand.weight, served)
    }

    /// The keys for more jobs of shares whose stand was read just before; `None` where that has to be done again.
    pub(crate) fn hand_out_again(&self, wanted: &HashMap<Share, i64>) -> Option<HashMap<Share, Keys>> {
        let mut handed_out = self.handed_out();
        let served = handed_out.served?;
        let fresh = |share: &Share| {
            let (weight, read_at) = handed_out.weights.get(share)?;
            (read_at.elapsed() < FRESH).then_some(*weight)
        };
        let weights: HashMap<Share, i64> =
            wanted.keys().map(|share| Some((*share, fresh(share)?))).collect::<Option<_>>()?;
        let hand_out =
            |(share, count): (&Share, &i64)| (*share, handed_out.hand_out(*share, *count, weights[share], served));
        Some(wanted.iter().map(hand_out).collect())
    }

    /// Takes back the last of the keys, which were not needed, unless others were handed out after them. Keys that are not yet
    /// noted as used are nowhere else.
    pub(crate) fn give_back(&self, share: Share, keys: &Keys, count: usize) {
        let mut handed_out = self.handed_out();
        let unused = keys.cost.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX));
        if let Some(last) = handed_out.last.get_mut(&share).filter(|last| **last == keys.last) {
            *last = last.saturating_sub(unused);
        }
    }

    /// Notes that keys of these shares are in use, and writes them down in a moment.
    pub(crate) fn note_used<'a>(self: &Arc<Self>, shares: impl IntoIterator<Item = &'a Share>) {
        let mut handed_out = self.handed_out();
        for share in shares {
            if let Some(last) = handed_out.last.get(share).copied() {
                handed_out.unwritten.insert(*share, last);
            }
        }
        drop(handed_out);
        self.write_down_soon();
    }

    fn handed_out(&self) -> MutexGuard<'_, HandedOut> {
        self.handed_out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HandedOut {
    fn hand_out(&mut self, share: Share, count: i64, weight: i64, served: i64) -> Keys {
        let cost = cost(share.1, weight);
        let known = self.last.get(&share).copied().unwrap_or(served);
        let last = last_key(known, served, count, cost);
        self.last.insert(share, last);
        self.largest = self.largest.max(last);
        Keys { last: last.saturating_sub(count.saturating_mul(cost)), cost }
    }
}

/// Where a share and the queue stand in the database.
pub(crate) struct Stand {
    pub(crate) weight: i64,
    pub(crate) last: i64,
    /// How far the workers are; `None` when nothing is ready.
    pub(crate) served: Option<i64>,
    pub(crate) largest: i64,
}
