//! Shares: how far each workspace has been served or promised to be, in virtual time.
//!
//! A process hands its keys out from memory, so calls of one workspace do not wait for each other's commits. What it has
//! handed out is written down soon after, for its next start and for the other processes. What a crash or a race loses
//! of that is some fairness for a moment, never a job.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::share::{cost, last_key};
use model::{Priority, WorkspaceId};
use serde_json::json;

use crate::backend::{Pools, Touched, over_rows, run, statements};
use crate::documents::{id, word};
use crate::enqueue::rows;
use crate::{Error, Write};

/// How long keys that were handed out may stay unwritten.
const WRITE_AFTER: Duration = Duration::from_millis(20);

statements! {
    // How far the workers are: at the first that is ready, else at the last that runs. Jobs in line wait for hosts instead.
    STAND = over_rows!(
        "SELECT r.value ->> 0, r.value ->> 1, w.weight, COALESCE(s.last_key, 0),
                COALESCE((SELECT MIN(order_key) FROM jobs WHERE state = 'ready' AND order_key >= $2),
                         (SELECT MAX(order_key) FROM jobs WHERE state = 'running')),
                (SELECT MAX(last_key) FROM shares)
         FROM",
        "JOIN workspaces w ON w.id = r.value ->> 0
         LEFT JOIN shares s ON s.workspace_id = r.value ->> 0 AND s.priority = r.value ->> 1"
    );
    WRITE_DOWN = over_rows!(
        "INSERT INTO shares (workspace_id, priority, last_key)
         SELECT r.value ->> 0, r.value ->> 1, CAST(r.value ->> 2 AS BIGINT) FROM",
        "WHERE TRUE
         ON CONFLICT (workspace_id, priority) DO UPDATE SET last_key = excluded.last_key
         WHERE shares.last_key < excluded.last_key"
    );
}

/// Whose share, and at which priority.
type Share = (WorkspaceId, Priority);

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

    /// Writes down what was handed out.
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

    fn hand_out(&self, share: Share, count: i64, stand: &Stand) -> Keys {
        let cost = cost(share.1, stand.weight);
        let mut handed_out = self.handed_out();
        let known = handed_out.last.get(&share).map_or(stand.last, |last| stand.last.max(*last));
        // With nothing to do, everybody is where the one is who got most.
        let served = stand.served.unwrap_or_else(|| stand.largest.max(handed_out.largest));
        let last = last_key(known, served, count, cost);
        handed_out.last.insert(share, last);
        handed_out.largest = handed_out.largest.max(last);
        handed_out.unwritten.insert(share, last);
        Keys { last: last.saturating_sub(count.saturating_mul(cost)), cost }
    }

    fn handed_out(&self) -> MutexGuard<'_, HandedOut> {
        self.handed_out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Stand {
    weight: i64,
    last: i64,
    /// How far the workers are; `None` when they have nothing to do.
    served: Option<i64>,
    largest: i64,
}

/// Workspace, priority, weight, its last key, how far the workers are, and the largest key of all.
type Row = (String, String, i64, i64, Option<i64>, Option<i64>);

impl Write {
    /// Takes from each share as many keys as it needs. `low_key` is a key below which no job is known to be ready.
    pub(crate) async fn take_keys(
        &mut self,
        wanted: &HashMap<Share, i64>,
        low_key: i64,
    ) -> Result<HashMap<Share, Keys>, Error> {
        let named = rows(wanted.keys().map(|(workspace, priority)| json!([workspace.to_string(), priority.as_str()])));
        let stands: Vec<Row> = run!(&mut self.tx, query_as::<Row>(STAND), [&named, low_key], fetch_all)?;
        if stands.len() < wanted.len() {
            return Err(Error::Conflict("shares: there is no such workspace".to_owned()));
        }
        let mut keys = HashMap::new();
        for (workspace, priority, weight, last, served, largest) in stands {
            let share = (id(&workspace)?, word(&priority)?);
            let count = wanted.get(&share).copied().unwrap_or_default();
            let stand = Stand { weight, last, served, largest: largest.unwrap_or(0) };
            keys.insert(share, self.shares.hand_out(share, count, &stand));
        }
        if keys.len() < wanted.len() {
            return Err(Error::Conflict("shares: there is no such workspace".to_owned()));
        }
        self.shares.write_down_soon();
        Ok(keys)
    }
}
