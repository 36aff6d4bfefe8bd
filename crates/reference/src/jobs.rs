//! The live jobs: one row each, and the sorted sets by which they are found.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::rc::Rc;

use model::blame::SUSPECT;
use model::job::JobState;
use model::{Priority, Timestamp, WaitCode};

use crate::numbers::{DocumentNo, JobNo, LaneNo, WorkerNo, WorkspaceNo};

/// A live job.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) document: DocumentNo,
    pub(crate) workspace: WorkspaceNo,
    pub(crate) lane: LaneNo,
    pub(crate) state: JobState,
    pub(crate) priority: Priority,
    /// Its place among the ready jobs.
    pub(crate) key: i64,
    /// Its place in the line of its host, while it stands there.
    pub(crate) line_key: i64,
    pub(crate) run_at: Timestamp,
    pub(crate) since: Timestamp,
    pub(crate) attempt: i64,
    pub(crate) max_attempts: i64,
    /// How much it is suspected of having ended processes.
    pub(crate) suspicion: i64,
    /// Who runs it, and until when unless a heartbeat comes.
    pub(crate) lease: Option<(WorkerNo, Timestamp)>,
    pub(crate) put_off: Option<(WaitCode, Rc<str>)>,
}

/// Every live job. A number is never used again.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    rows: Vec<Option<Row>>,
    ready: BTreeSet<(i64, JobNo)>,
    due: BTreeSet<(Timestamp, JobNo)>,
    lines: HashMap<LaneNo, BTreeSet<(i64, JobNo)>>,
    line_shares: BTreeSet<(LaneNo, WorkspaceNo, &'static str, i64, JobNo)>,
    held_of: BTreeSet<(WorkspaceNo, JobNo)>,
    held_at: BTreeSet<(LaneNo, JobNo)>,
    leased: BTreeSet<(Timestamp, JobNo)>,
    running_at: HashMap<LaneNo, i64>,
    live_of: HashMap<WorkspaceNo, i64>,
    steps: u64,
}

impl Jobs {
    pub(crate) fn next_number(&self) -> JobNo {
        JobNo::after(self.rows.len())
    }

    pub(crate) fn add(&mut self, row: Row) {
        let job = self.next_number();
        *self.live_of.entry(row.workspace).or_default() += 1;
        self.index(job, &row, true);
        self.rows.push(Some(row));
    }

    pub(crate) fn get(&self, job: JobNo) -> Option<&Row> {
        self.rows.get(job.index())?.as_ref()
    }

    /// The one way to change a job: it leaves the sets that it is in, and enters those where it then belongs.
    pub(crate) fn change(&mut self, job: JobNo, change: impl FnOnce(&mut Row)) {
        let Some(mut row) = self.rows.get_mut(job.index()).and_then(Option::take) else { return };
        self.index(job, &row, false);
        change(&mut row);
        self.index(job, &row, true);
        self.rows[job.index()] = Some(row);
    }

    pub(crate) fn remove(&mut self, job: JobNo) {
        let Some(row) = self.rows.get_mut(job.index()).and_then(Option::take) else { return };
        *self.live_of.entry(row.workspace).or_default() -= 1;
        self.index(job, &row, false);
    }

    fn index(&mut self, job: JobNo, row: &Row, enters: bool) {
        self.steps += 1;
        match row.state {
            JobState::Ready => keep(&mut self.ready, (row.key, job), enters),
            JobState::Delayed => keep(&mut self.due, (row.run_at, job), enters),
            JobState::InLine => {
                self.steps += 1;
                keep(self.lines.entry(row.lane).or_default(), (row.line_key, job), enters);
                keep(
                    &mut self.line_shares,
                    (row.lane, row.workspace, row.priority.as_str(), row.line_key, job),
                    enters,
                );
            }
            JobState::Held => {
                self.steps += 1;
                keep(&mut self.held_of, (row.workspace, job), enters);
                keep(&mut self.held_at, (row.lane, job), enters);
            }
            JobState::Running => {
                self.steps += 1;
                let until = row.lease.map_or_else(Timestamp::default, |(_, until)| until);
                keep(&mut self.leased, (until, job), enters);
                *self.running_at.entry(row.lane).or_default() += if enters { 1 } else { -1 };
            }
        }
    }

    /// The first ready jobs; without suspects where there must be none.
    pub(crate) fn ready(&mut self, limit: usize, bears: bool) -> Vec<JobNo> {
        let ready = self.ready.iter().map(|(_, job)| *job).filter(|job| bears || !self.is_suspect(*job));
        let ready: Vec<JobNo> = ready.take(limit).collect();
        self.steps += ready.len() as u64;
        ready
    }

    /// The first of a host's line, and rather one that is no suspect where there must be none.
    pub(crate) fn head(&mut self, lane: LaneNo, bears: bool) -> Option<JobNo> {
        self.steps += 1;
        let waiting = self.lines.get(&lane)?;
        let fits = waiting.iter().find(|(_, job)| bears || !self.is_suspect(*job));
        fits.or_else(|| waiting.first()).map(|(_, job)| *job)
    }

    pub(crate) fn is_suspect(&self, job: JobNo) -> bool {
        self.get(job).is_some_and(|row| row.suspicion >= SUSPECT)
    }

    /// Whether a worker has a suspect in hand.
    pub(crate) fn holds_suspect(&self, worker: WorkerNo) -> bool {
        let suspects = self.leased.iter().filter_map(|(_, job)| self.get(*job)).filter(|row| row.suspicion >= SUSPECT);
        suspects.filter_map(|row| row.lease).any(|(owner, _)| owner == worker)
    }

    /// The delayed job whose time comes first.
    pub(crate) fn first_due(&self) -> Option<(Timestamp, JobNo)> {
        self.due.first().copied()
    }

    /// The lease that runs out first.
    pub(crate) fn first_expiry(&self) -> Option<Timestamp> {
        self.leased.first().map(|(until, _)| *until)
    }

    /// The jobs that run, by the end of their leases.
    pub(crate) fn leased(&self) -> impl Iterator<Item = (Timestamp, JobNo)> {
        self.leased.iter().copied()
    }

    pub(crate) fn held_of(&self, workspace: WorkspaceNo) -> Vec<JobNo> {
        with(&self.held_of, workspace)
    }

    pub(crate) fn held_at(&self, lane: LaneNo) -> Vec<JobNo> {
        with(&self.held_at, lane)
    }

    pub(crate) fn any_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    pub(crate) fn first_ready_key(&self) -> Option<i64> {
        self.ready.first().map(|(key, _)| *key)
    }

    /// The last key that a share has in the line of a host.
    pub(crate) fn last_key_in_line(&mut self, lane: LaneNo, workspace: WorkspaceNo, priority: Priority) -> Option<i64> {
        self.steps += 1;
        let priority = priority.as_str();
        let first = (lane, workspace, priority, i64::MIN, JobNo::default());
        let last = (lane, workspace, priority, i64::MAX, JobNo(u32::MAX));
        self.line_shares.range(first..=last).next_back().map(|(.., key, _)| *key)
    }

    pub(crate) fn running_at(&self, lane: LaneNo) -> i64 {
        self.running_at.get(&lane).copied().unwrap_or_default()
    }

    pub(crate) fn live_of(&self, workspace: WorkspaceNo) -> i64 {
        self.live_of.get(&workspace).copied().unwrap_or_default()
    }

    /// Every live job.
    pub(crate) fn all(&self) -> impl Iterator<Item = (JobNo, &Row)> {
        self.rows.iter().enumerate().filter_map(|(place, row)| Some((JobNo::after(place), row.as_ref()?)))
    }

    /// How many entries of sorted sets were read or written so far.
    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }
}

fn keep<T: Ord>(set: &mut BTreeSet<T>, entry: T, enters: bool) {
    if enters {
        set.insert(entry);
    } else {
        set.remove(&entry);
    }
}

fn with<T: Ord + Copy>(set: &BTreeSet<(T, JobNo)>, first: T) -> Vec<JobNo> {
    let from = Bound::Included((first, JobNo::default()));
    set.range((from, Bound::Unbounded)).take_while(|(other, _)| *other == first).map(|(_, job)| *job).collect()
}
