//! How far each workspace has been served or promised to be, in virtual time.

use std::collections::HashMap;

use model::Priority;
use model::share::{cost, last_key};

use crate::jobs::Jobs;
use crate::numbers::WorkspaceNo;

/// The share of each workspace at each priority.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    last_keys: HashMap<(WorkspaceNo, Priority), i64>,
    /// The largest key that was ever given.
    largest: i64,
}

/// Keys for jobs that come one after the other.
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
    /// How far the workers are: at the first key that is ready; with nothing ready, everybody is where the one is who got most.
    /// Jobs in line wait for hosts instead, so they do not say.
    pub(crate) fn served(&self, jobs: &Jobs) -> i64 {
        jobs.first_ready_key().unwrap_or(self.largest)
    }

    /// Takes keys for so many jobs of a share.
    pub(crate) fn take(&mut self, share: (WorkspaceNo, Priority), weight: i64, served: i64, jobs: i64) -> Keys {
        let cost = cost(share.1, weight);
        let place = self.last_keys.entry(share).or_insert(served);
        let last = last_key(*place, served, jobs, cost);
        *place = last;
        self.largest = self.largest.max(last);
        Keys { last: last - jobs * cost, cost }
    }
}
