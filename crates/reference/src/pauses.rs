//! Pauses: jobs are laid aside as claims meet them, and come back when the pause has ended.

use std::collections::BTreeMap;

use model::Timestamp;
use model::job::JobState;

use crate::fault::Fault;
use crate::jobs::Row;
use crate::numbers::{LaneNo, WorkspaceNo};
use crate::queue::Queue;

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

    /// Whether a pause that ended has left jobs aside.
    pub(crate) fn any_ending(&self) -> bool {
        self.0.values().any(|pause| pause.is_ending)
    }
}

impl Queue {
    /// Lets nothing of it start from now on. A second pause changes the reason alone.
    pub fn pause(&mut self, what: Pausable, reason: &str, now: Timestamp) {
        let begun = self.pauses.holding(what).map_or(now, |(_, since)| since);
        self.pauses.0.insert(what, Pause { reason: reason.to_owned(), since: begun, is_ending: false });
    }

    /// Ends a pause, and says whether there was one.
    pub fn resume(&mut self, what: Pausable) -> bool {
        let Some(pause) = self.pauses.0.get_mut(&what).filter(|pause| !pause.is_ending) else { return false };
        pause.is_ending = true;
        true
    }

    /// Brings back what ended pauses have laid aside, and says how many jobs that were.
    pub fn release(&mut self, now: Timestamp) -> u64 {
        let ended: Vec<Pausable> =
            self.pauses.0.iter().filter(|(_, pause)| pause.is_ending).map(|(what, _)| *what).collect();
        let mut released = 0;
        for what in ended {
            self.pauses.0.remove(&what);
            let held = match what {
                Pausable::Workspace(workspace) => self.jobs.held_of(workspace),
                Pausable::Lane(lane) => self.jobs.held_at(lane),
            };
            if self.fault == Some(Fault::ForgetsHeld) {
                continue;
            }
            let front = self.shares.served(&self.jobs);
            for job in held {
                released += 1;
                self.jobs.change(job, |row| {
                    (row.state, row.since, row.put_off) = (JobState::Ready, now, None);
                    row.key = row.key.max(front);
                });
            }
        }
        released
    }
}
