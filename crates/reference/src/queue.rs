//! The queue: pages go in, and callers see how each of them fares.

use std::collections::BTreeMap;
use std::time::Duration;

use model::job::JobState;
use model::waiting::{Line, Situation};
use model::{JobStatus, Pace, Priority, Timestamp};

use crate::documents::{Documents, Outcome, View};
use crate::fault::Fault;
use crate::jobs::{Jobs, Row};
use crate::lanes::{Host, Lanes};
use crate::numbers::{DocumentNo, LaneNo, WorkerNo, WorkspaceNo};
use crate::pauses::Pauses;
use crate::shares::Shares;

/// A page: its host, and its number there.
pub type Page = (LaneNo, u32);

/// What lies ahead of an idle worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outlook {
    /// Whether a job is ready now.
    pub is_ready: bool,
    /// When the next waiting job may start.
    pub next: Option<Timestamp>,
    /// When the next lease runs out.
    pub next_expiry: Option<Timestamp>,
    /// Whether a pause that ended has left jobs aside.
    pub has_held: bool,
}

/// Everything that the database holds of the queue.
#[derive(Debug, Default)]
pub struct Queue {
    pub(crate) weights: Vec<i64>,
    documents: Documents,
    pub(crate) shares: Shares,
    workers: BTreeMap<WorkerNo, Timestamp>,
    pub(crate) jobs: Jobs,
    pub(crate) lanes: Lanes,
    pub(crate) pauses: Pauses,
    pub(crate) fault: Option<Fault>,
}

impl Queue {
    /// An empty queue, with one workspace for each weight.
    pub fn new(weights: &[i64], fault: Option<Fault>) -> Self {
        Self { weights: weights.to_vec(), fault, ..Self::default() }
    }

    /// Queues pages, each named once: records for all, a job for each that has none. Says which document each is, and whether
    /// it is new.
    pub fn add(
        &mut self,
        workspace: WorkspaceNo,
        pages: &[Page],
        (priority, max_attempts): (Priority, i64),
        now: Timestamp,
    ) -> Vec<(DocumentNo, bool)> {
        let named: Vec<_> = pages.iter().map(|page| self.documents.named(workspace, *page, now)).collect();
        let is_idle = |document: &DocumentNo| self.documents.get(*document).is_some_and(|record| record.job.is_none());
        let wanting: Vec<(DocumentNo, LaneNo)> = named
            .iter()
            .zip(pages)
            .map(|((document, _), (lane, _))| (*document, *lane))
            .filter(|(document, _)| is_idle(document))
            .collect();
        if wanting.is_empty() {
            return named;
        }
        let served = if self.fault == Some(Fault::ForgetsServed) { 0 } else { self.shares.served(&self.jobs) };
        let count = i64::try_from(wanting.len()).unwrap_or(i64::MAX);
        let mut keys = self.shares.take((workspace, priority), self.weights[workspace.index()], served, count);
        for (document, lane) in wanting {
            self.documents.record(document).job = Some(self.jobs.next_number());
            self.jobs.add(Row {
                document,
                workspace,
                lane,
                state: JobState::Ready,
                priority,
                key: keys.next(),
                line_key: 0,
                run_at: now,
                since: now,
                attempt: 0,
                max_attempts,
                suspicion: 0,
                lease: None,
                put_off: None,
            });
        }
        named
    }

    /// What a caller sees of a document.
    pub fn view(&self, document: DocumentNo, now: Timestamp) -> Option<View> {
        let record = self.documents.get(document)?;
        let row = record.job.and_then(|job| self.jobs.get(job));
        let has_time = |row: &&Row| matches!(row.state, JobState::Delayed | JobState::InLine);
        let waiting = row.and_then(|row| self.situation(row, now).waiting());
        Some(View {
            status: match (row.map(|row| row.state), record.outcome) {
                (Some(JobState::Running), _) if waiting.is_none() => Some(JobStatus::InProgress),
                (Some(_), _) => Some(JobStatus::Pending),
                (None, Some(Outcome::Completed)) => Some(JobStatus::Completed),
                (None, Some(Outcome::Failed)) => Some(JobStatus::Failed),
                (None, None) => None,
            },
            waiting,
            next_attempt_at: row.filter(has_time).map(|row| self.next_attempt_at(row)),
            success: record.outcome == Some(Outcome::Completed),
            error: record.error.as_deref().unwrap_or_default().to_owned(),
            updated_at: record.updated_at,
        })
    }

    /// Who stands in line was told about when; the host may have asked for a rest since.
    fn next_attempt_at(&self, row: &Row) -> Timestamp {
        let host = (row.state == JobState::InLine).then(|| self.lanes.get(row.lane)).flatten();
        host.map_or(row.run_at, |host| row.run_at.max(host.lane.next_start))
    }

    fn situation(&self, row: &Row, now: Timestamp) -> Situation {
        let in_line = (row.state == JobState::InLine).then_some(row.lane);
        let line = |host: &Host| Line { host: row.lane.host(), gap: host.gap, next_start: host.lane.next_start };
        Situation {
            state: row.state,
            lease_until: row.lease.map(|(_, until)| until),
            put_off: row.put_off.as_ref().map(|(code, why)| (*code, why.to_string())),
            since: row.since,
            paused: self.pauses.of(row).map(|(reason, since)| (reason.to_owned(), since)),
            line: in_line.and_then(|lane| self.lanes.get(lane)).map(line),
            worker_seen: self.workers.values().max().copied(),
            now,
        }
    }

    /// What lies ahead.
    pub fn outlook(&self) -> Outlook {
        let due = self.jobs.first_due().map(|(due, _)| due);
        Outlook {
            is_ready: self.jobs.any_ready(),
            next: due.into_iter().chain(self.lanes.next_turn()).min(),
            next_expiry: self.jobs.first_expiry(),
            has_held: self.pauses.any_ending(),
        }
    }

    /// How many live jobs a workspace has.
    pub fn live_jobs(&self, workspace: WorkspaceNo) -> i64 {
        self.jobs.live_of(workspace)
    }

    /// Notes a worker's sign of life.
    pub fn worker_is_alive(&mut self, worker: WorkerNo, now: Timestamp) {
        self.workers.insert(worker, now);
    }

    /// Notes that a worker has stopped.
    pub fn worker_left(&mut self, worker: WorkerNo) {
        self.workers.remove(&worker);
    }

    /// Takes the next turn of a host for one more request of a running job, and says when that is.
    pub fn reserve_turn(&mut self, lane: LaneNo, pace: &Pace, now: Timestamp) -> Timestamp {
        let mut host = self.host(lane);
        let turn = host.lane.reserve(pace, now);
        self.lanes.keep(lane, host, pace, now);
        turn
    }

    /// Lets nobody ask a host before `until`.
    pub fn hold_lane(&mut self, lane: LaneNo, until: Timestamp, pace: &Pace, now: Timestamp) {
        let mut host = self.host(lane);
        host.lane.rest(until);
        self.lanes.keep(lane, host, pace, now);
    }

    /// Notes that a host suffers.
    pub fn strain_lane(&mut self, lane: LaneNo, pace: &Pace, now: Timestamp) {
        let mut host = self.host(lane);
        host.lane.show_strain(pace, now);
        self.lanes.keep(lane, host, pace, now);
    }

    /// Keeps the Crawl-delay that a host's robots.txt asks for.
    pub fn set_crawl_delay(&mut self, lane: LaneNo, delay: Duration, pace: &Pace, now: Timestamp) {
        let mut host = self.host(lane);
        host.lane.crawl_delay = delay;
        self.lanes.keep(lane, host, pace, now);
    }

    /// The time between two turns of a host now.
    pub fn gap(&self, lane: LaneNo, pace: &Pace, now: Timestamp) -> Duration {
        self.host(lane).lane.gap(pace, now)
    }

    /// How many entries of sorted sets were read or written so far: what a database would do in its indexes.
    pub fn steps(&self) -> u64 {
        self.jobs.steps() + self.lanes.steps()
    }

    /// A host as it is now.
    pub(crate) fn host(&self, lane: LaneNo) -> Host {
        let mut host = self.lanes.get(lane).cloned().unwrap_or_default();
        host.lane.running = self.jobs.running_at(lane);
        host
    }

    /// Ends a job, and says so in its document.
    pub(crate) fn end(&mut self, job: crate::JobNo, outcome: Outcome, error: &str, now: Timestamp) {
        let Some(document) = self.jobs.get(job).map(|row| row.document) else { return };
        self.jobs.remove(job);
        let record = self.documents.record(document);
        record.job = None;
        record.outcome = Some(outcome);
        record.error = (!error.is_empty()).then(|| error.into());
        record.updated_at = now;
    }

    /// The live job of a document.
    pub(crate) fn live_job(&self, document: DocumentNo) -> Option<crate::JobNo> {
        self.documents.get(document)?.job
    }

    /// Whose a document is.
    pub fn owner(&self, document: DocumentNo) -> Option<WorkspaceNo> {
        self.documents.get(document).map(|record| record.workspace)
    }
}

impl LaneNo {
    /// The host's name.
    pub fn host(self) -> String {
        format!("h{}.example", self.0)
    }
}
