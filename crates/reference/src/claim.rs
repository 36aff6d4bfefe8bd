//! The claim: ready jobs in fair order, and of each host's line the one whose turn it is.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::job::JobState;
use model::share::{cost, last_key};
use model::{Pace, Timestamp, Turn};

use crate::fault::Fault;
use crate::jobs::Row;
use crate::lanes::Host;
use crate::numbers::{DocumentNo, JobNo, LaneNo, WorkerNo, WorkspaceNo};
use crate::queue::Queue;

/// The least that is looked at.
const FEWEST_CANDIDATES: usize = 8;
/// Twice as many lines as jobs are looked at, and no fewer than this.
const FEWEST_LINES: usize = 16;

/// Who claims, how much, and at which pace.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The worker that will own the jobs.
    pub worker: WorkerNo,
    /// How many jobs at most.
    pub limit: usize,
    /// How long the lease lasts without a heartbeat.
    pub lease: Duration,
    /// How fast a host may be asked.
    pub pace: Pace,
    /// Only these documents, where somebody works for them alone.
    pub only: Option<Vec<DocumentNo>>,
}

/// A job that was given to a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The job.
    pub job: JobNo,
    /// Whose it is.
    pub workspace: WorkspaceNo,
    /// Its document.
    pub document: DocumentNo,
    /// Its host.
    pub lane: LaneNo,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// How many it may have.
    pub max_attempts: i64,
    /// When its first request may start.
    pub start_at: Timestamp,
}

/// What a claim gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claimed {
    /// The jobs, in their fair order.
    pub jobs: Vec<Grant>,
    /// Whether another claim at once may give more.
    pub more: bool,
}

/// What a claim has decided so far.
struct Round<'a> {
    claim: &'a Claim,
    now: Timestamp,
    hosts: BTreeMap<LaneNo, Host>,
    claimed: Claimed,
    /// Jobs whose host is busy.
    lined_up: Vec<JobNo>,
    has_held: bool,
    suspect: Suspect,
    /// Whether suspects were left where they are, because there is one already.
    passed_by: bool,
}

/// Whether the worker has a suspect in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suspect {
    None,
    /// It had one before.
    Held,
    /// It got one just now.
    Granted,
}

impl<'a> Round<'a> {
    fn new(claim: &'a Claim, suspect: Suspect, hosts: BTreeMap<LaneNo, Host>, now: Timestamp) -> Self {
        let (claimed, lined_up) = (Claimed::default(), Vec::new());
        Self { claim, now, hosts, claimed, lined_up, has_held: false, suspect, passed_by: false }
    }
}

impl Grant {
    pub(crate) fn of(job: JobNo, row: &Row, start_at: Timestamp) -> Self {
        Self {
            job,
            workspace: row.workspace,
            document: row.document,
            lane: row.lane,
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            start_at,
        }
    }
}

impl Queue {
    /// Claims ready jobs in fair order. A job whose host is busy is put in that host's line instead, and one that is paused is
    /// laid aside.
    pub fn claim(&mut self, claim: &Claim, now: Timestamp) -> Claimed {
        self.promote(now);
        let holds = self.fault != Some(Fault::BearsSuspects) && self.jobs.holds_suspect(claim.worker);
        let suspect = if holds { Suspect::Held } else { Suspect::None };
        let mut candidates = self.ready_for(claim, !holds);
        let hosts = self.hosts_for(&candidates, claim, now);
        let mut round = Round::new(claim, suspect, hosts, now);
        candidates.extend(self.heads_for(&mut round));
        let key = |job: &JobNo| self.jobs.get(*job).map(|row| (row.key, *job));
        candidates.sort_unstable_by_key(key);
        for job in candidates {
            if !self.decide(job, &mut round) {
                break;
            }
        }
        let moved = round.has_held || round.passed_by || !round.lined_up.is_empty();
        self.line_up(&mut round);
        for (lane, host) in round.hosts {
            // Where nothing is limited, a host that is not known need not be.
            if self.lanes.get(lane).is_some() || !claim.pace.is_off() {
                self.lanes.keep(lane, host, &claim.pace, now);
            }
        }
        let has_room = round.claimed.jobs.len() < claim.limit;
        Claimed { more: has_room && moved, ..round.claimed }
    }

    /// Makes delayed jobs ready whose time has come. They go to the front of those that are ready, and not before it: a smaller
    /// key would set the time back that new jobs start from.
    fn promote(&mut self, now: Timestamp) {
        let front = self.shares.served(&self.jobs);
        while let Some((_, job)) = self.jobs.first_due().filter(|(due, _)| *due <= now) {
            self.jobs
                .change(job, |row| (row.state, row.since, row.key) = (JobState::Ready, row.run_at, row.key.max(front)));
        }
    }

    fn ready_for(&mut self, claim: &Claim, bears: bool) -> Vec<JobNo> {
        match &claim.only {
            Some(only) => {
                let ready = self.among(only, JobState::Ready).filter(|(job, _)| bears || !self.jobs.is_suspect(*job));
                let keyed: BTreeSet<_> = ready.map(|(job, row)| (row.key, job)).collect();
                keyed.into_iter().take(claim.limit).map(|(_, job)| job).collect()
            }
            None if claim.pace.is_off() => self.jobs.ready(claim.limit, bears),
            None => self.jobs.ready(claim.limit.max(FEWEST_CANDIDATES), bears),
        }
    }

    fn among(&self, only: &[DocumentNo], state: JobState) -> impl Iterator<Item = (JobNo, &Row)> {
        let only: BTreeSet<DocumentNo> = only.iter().copied().collect();
        let live = only.into_iter().filter_map(|document| self.live_job(document));
        live.filter_map(move |job| Some((job, self.jobs.get(job).filter(|row| row.state == state)?)))
    }

    /// The first in each line of those documents, and rather one that is no suspect where there must be none.
    fn heads_among(&self, only: &[DocumentNo], bears: bool) -> Vec<(LaneNo, JobNo)> {
        let mut lines: BTreeMap<LaneNo, BTreeSet<(bool, i64, JobNo)>> = BTreeMap::new();
        for (job, row) in self.among(only, JobState::InLine) {
            let is_last = !bears && self.jobs.is_suspect(job);
            lines.entry(row.lane).or_default().insert((is_last, row.line_key, job));
        }
        lines.into_iter().filter_map(|(lane, line)| Some((lane, line.first()?.2))).collect()
    }

    /// The hosts of those jobs, and those whose line may move.
    fn hosts_for(&mut self, jobs: &[JobNo], claim: &Claim, now: Timestamp) -> BTreeMap<LaneNo, Host> {
        let mut lanes: BTreeSet<LaneNo> =
            jobs.iter().filter_map(|job| self.jobs.get(*job)).map(|row| row.lane).collect();
        lanes.extend(self.lanes.due(now.plus(claim.pace.early()), (claim.limit * 2).max(FEWEST_LINES)));
        lanes.into_iter().map(|lane| (lane, self.host(lane))).collect()
    }

    /// The first of each line whose turn has come. A line without anybody in it is none any more.
    fn heads_for(&mut self, round: &mut Round<'_>) -> Vec<JobNo> {
        let claim = round.claim;
        if let Some(only) = &claim.only {
            let heads = self.heads_among(only, round.suspect != Suspect::Held);
            for (lane, _) in &heads {
                round.hosts.entry(*lane).or_insert_with(|| self.host(*lane));
            }
            return heads.into_iter().map(|(_, job)| job).collect();
        }
        let soon = round.now.plus(claim.pace.early());
        let mut heads = Vec::new();
        for (lane, host) in round.hosts.iter_mut().filter(|(_, host)| host.has_line && host.lane.next_start <= soon) {
            let head = self.jobs.head(*lane, round.suspect != Suspect::Held);
            if head.is_none() {
                (host.has_line, host.served, host.lane.tail) = (false, 0, Timestamp::default());
            }
            heads.extend(head);
        }
        heads
    }

    /// Decides about one candidate; `false` when the worker has no room for it.
    fn decide(&mut self, job: JobNo, round: &mut Round<'_>) -> bool {
        let Some(row) = self.jobs.get(job) else { return true };
        let (lane, state, line_key, now) = (row.lane, row.state, row.line_key, round.now);
        if self.pauses.of(row).is_some() {
            round.has_held = true;
            self.jobs.change(job, |row| {
                (row.state, row.since, row.put_off) = (JobState::Held, now, None);
            });
            return true;
        }
        if round.claimed.jobs.len() >= round.claim.limit {
            return false;
        }
        let is_suspect = self.fault != Some(Fault::BearsSuspects) && self.jobs.is_suspect(job);
        if is_suspect && round.suspect != Suspect::None {
            round.passed_by |= round.suspect == Suspect::Granted;
            return true;
        }
        let host = round.hosts.entry(lane).or_default();
        match self.take_turn(host, &round.claim.pace, now) {
            Turn::Run(start_at) => {
                if is_suspect {
                    round.suspect = Suspect::Granted;
                }
                if state == JobState::InLine {
                    host.served = host.served.max(line_key);
                }
                round.claimed.jobs.extend(self.grant(job, round.claim, start_at, now));
            }
            Turn::Wait if state == JobState::InLine => {}
            Turn::Wait => round.lined_up.push(job),
        }
        true
    }

    /// Puts jobs in the lines of their hosts. Each line is shared between workspaces as the whole queue is, by keys of its own.
    fn line_up(&mut self, round: &mut Round<'_>) {
        let now = round.now;
        for job in &round.lined_up {
            let Some(row) = self.jobs.get(*job) else { continue };
            let (lane, workspace, priority) = (row.lane, row.workspace, row.priority);
            let last = self.jobs.last_key_in_line(lane, workspace, priority).unwrap_or_default();
            let host = round.hosts.entry(lane).or_default();
            host.has_line = true;
            let turn = host.lane.stand_in_line(&round.claim.pace, now);
            let key = last_key(last, host.served, 1, cost(priority, self.weights[workspace.index()]));
            self.jobs.change(*job, |row| {
                (row.state, row.run_at, row.since, row.put_off) = (JobState::InLine, turn, now, None);
                row.line_key = key;
            });
        }
    }

    fn take_turn(&self, host: &mut Host, pace: &Pace, now: Timestamp) -> Turn {
        let before = host.lane.next_start;
        if self.fault == Some(Fault::ForgetsRunning) {
            host.lane.running = 0;
        }
        let turn = host.lane.take_turn(pace, now);
        if self.fault == Some(Fault::ForgetsNextStart) {
            host.lane.next_start = before;
        }
        turn
    }

    fn grant(&mut self, job: JobNo, claim: &Claim, start_at: Timestamp, now: Timestamp) -> Option<Grant> {
        let counts = self.fault != Some(Fault::ForgetsAttempts);
        let leaves = self.fault != Some(Fault::GrantsTwice);
        self.jobs.change(job, |row| {
            if leaves {
                row.state = JobState::Running;
            }
            row.lease = Some((claim.worker, now.plus(claim.lease)));
            row.attempt += i64::from(counts);
            row.since = now;
            row.put_off = None;
        });
        self.jobs.get(job).map(|row| Grant::of(job, row, start_at))
    }
}
