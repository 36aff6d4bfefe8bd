//! How far each workspace has been served or promised to be, in virtual time.

use std::collections::HashMap;

use model::Priority;
use model::share::{cost, last_key};

use crate::jobs::Jobs;
use crate::numbers::WorkspaceNo;

/// What the virtual time is at which a workspace that was away goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clockwork {
    /// The smallest key of a job that waits to be claimed; when none does, the last key that was given.
    #[default]
    Heads,
    /// The smallest key that is ready, else the largest that runs, else the last that was given; and it never goes back.
    NeverBack,
}

/// The share of each workspace at each priority.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    last_keys: HashMap<(WorkspaceNo, &'static str), i64>,
    clockwork: Clockwork,
    /// What was served when keys were last given.
    served: i64,
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
    pub(crate) fn with(clockwork: Clockwork) -> Self {
        Self { clockwork, ..Self::default() }
    }

    /// The virtual time now.
    pub(crate) fn served(&self, jobs: &Jobs) -> i64 {
        let last_given = || self.last_keys.values().copied().max().unwrap_or_default();
        match self.clockwork {
            Clockwork::Heads => {
                let waiting = jobs.first_ready_key().into_iter().chain(jobs.first_key_in_line()).min();
                waiting.unwrap_or_else(last_given)
            }
            Clockwork::NeverBack => {
                let now = jobs.first_ready_key().or_else(|| jobs.last_running_key()).unwrap_or_else(last_given);
                now.max(self.served)
            }
        }
    }

    /// Takes keys for so many jobs of a share.
    pub(crate) fn take(&mut self, share: (WorkspaceNo, Priority), weight: i64, served: i64, jobs: i64) -> Keys {
        self.served = self.served.max(served);
        let cost = cost(share.1, weight);
        let place = self.last_keys.entry((share.0, share.1.as_str())).or_insert(served);
        let last = last_key(*place, served, jobs, cost);
        *place = last;
        Keys { last: last - jobs * cost, cost }
    }
}
