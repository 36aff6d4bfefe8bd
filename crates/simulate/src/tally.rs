//! The figures of a run: who got how many turns when, and who waited how long.

use std::collections::HashMap;

use model::Timestamp;
use reference::{DocumentNo, Grant};

use crate::fairness::Waits;
use crate::plan::{Load, Plan};

/// Counted while the world runs.
#[derive(Debug)]
pub struct Tally {
    /// The waits of pages that somebody waits for.
    pub waits: Waits,
    /// Runs begun for each workspace while every import still had pages waiting.
    pub contended: Vec<u64>,
    /// The most runs of others in a row while a workspace's pages waited for a worker and for nothing else.
    pub drought: u64,
    /// Runs begun for each workspace in each of a hundred parts of the work.
    pub course: Vec<Vec<u64>>,
    watched: HashMap<DocumentNo, (Timestamp, u64)>,
    /// Pages of each workspace's imports that have not begun.
    waiting: Vec<i64>,
    /// Runs of others since the last one of each workspace.
    others: Vec<u64>,
}

impl Tally {
    pub fn new(workspaces: usize) -> Self {
        Self {
            waits: Waits::default(),
            contended: vec![0; workspaces],
            drought: 0,
            course: vec![vec![0; workspaces]; 101],
            watched: HashMap::new(),
            waiting: vec![0; workspaces],
            others: vec![0; workspaces],
        }
    }

    /// A page was queued, after so many runs.
    pub fn queued(&mut self, load: &Load, document: DocumentNo, now: Timestamp, runs: u64) {
        if load.is_watched {
            self.watched.insert(document, (now, runs));
        } else {
            self.waiting[load.workspace as usize] += 1;
        }
    }

    /// A run began; it is the one of that number.
    pub fn began(&mut self, plan: &Plan, grant: &Grant, runs: u64) {
        let workspace = grant.workspace.0 as usize;
        if let Some((queued, before)) = self.watched.remove(&grant.document) {
            self.waits.note(grant.start_at.since(queued), runs - 1 - before);
        } else if grant.attempt == 1 {
            self.waiting[workspace] -= 1;
        }
        if plan.imports().all(|load| self.waiting[load.workspace as usize] > 0) {
            self.contended[workspace] += 1;
            self.note_drought(plan, workspace);
        }
        let part = usize::try_from(runs * 100 / plan.pages().max(1)).unwrap_or(0).min(100);
        self.course[part][workspace] += 1;
    }

    fn note_drought(&mut self, plan: &Plan, workspace: usize) {
        for load in plan.imports().filter(|load| plan.is_wide(load)) {
            self.others[load.workspace as usize] += 1;
        }
        self.drought = self.others.iter().copied().max().unwrap_or_default().max(self.drought);
        self.others[workspace] = 0;
    }
}
