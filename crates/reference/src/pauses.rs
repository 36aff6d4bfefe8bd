//! The pauses that hold, and those that have ended and whose jobs are not back yet.

use std::collections::BTreeMap;

use model::Timestamp;

use crate::jobs::Row;
use crate::numbers::{LaneNo, WorkspaceNo};

/// What can be paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pausable {
    /// All of a workspace.
    Workspace(WorkspaceNo),
    /// A host, in every workspace.
    Lane(LaneNo),
}

#[derive(Debug)]
struct Pause {
    reason: String,
    since: Timestamp,
    is_ending: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Pauses(BTreeMap<Pausable, Pause>);

impl Pauses {
    /// The pause that a job is under; a workspace's comes first.
    pub(crate) fn of(&self, job: &Row) -> Option<(&str, Timestamp)> {
        self.holding(Pausable::Workspace(job.workspace)).or_else(|| self.holding(Pausable::Lane(job.lane)))
    }

    fn holding(&self, what: Pausable) -> Option<(&str, Timestamp)> {
        let pause = self.0.get(&what).filter(|pause| !pause.is_ending)?;
        Some((&pause.reason, pause.since))
    }

    pub(crate) fn begin(&mut self, what: Pausable, reason: &str, now: Timestamp) {
        let since = self.holding(what).map_or(now, |(_, since)| since);
        self.0.insert(what, Pause { reason: reason.to_owned(), since, is_ending: false });
    }

    pub(crate) fn end(&mut self, what: Pausable) -> bool {
        let Some(pause) = self.0.get_mut(&what).filter(|pause| !pause.is_ending) else { return false };
        pause.is_ending = true;
        true
    }

    /// Forgets the pauses that have ended, and says which they were.
    pub(crate) fn take_ended(&mut self) -> Vec<Pausable> {
        self.0.extract_if(.., |_, pause| pause.is_ending).map(|(what, _)| what).collect()
    }

    /// Whether a pause that ended has left jobs aside.
    pub(crate) fn any_ending(&self) -> bool {
        self.0.values().any(|pause| pause.is_ending)
    }
}
