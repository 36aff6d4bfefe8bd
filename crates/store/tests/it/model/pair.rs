//! A store and a reference that are given the same steps.

use std::collections::BTreeMap;
use std::time::Duration;

use model::{Document, DocumentId, Failure, FailureCode, Job, Priority, Timestamp, WorkerId, WorkspaceId};
use reference::{DocumentNo, Fault, Grant, LaneNo, Outlook, Queue, WorkerNo, WorkspaceNo};
use store::{Claim, Flags, Pausable, Queueing, Settlement, WebBatch, Which};

use super::endings::{WHY, after_death, outcome, reference_after_death, reference_end};
use super::ledger::Ledger;
use super::look;
use super::steps::{Cancelled, Ending, History, Step, WORKERS, WORKSPACES, What};
use crate::stores::{TestStore, at, page};

const WEIGHTS: [i64; WORKSPACES as usize] = [1, 2, 5];
const LEASE: Duration = Duration::from_mins(1);
const MAX_ATTEMPTS: i64 = 3;

/// What is wrong on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    Nothing,
    /// The reference leaves out a rule.
    Rule(Fault),
    /// The store is not told of strain.
    StoreForgetsStrain,
}

pub struct Pair<'a> {
    store: &'a TestStore,
    queue: Queue,
    pub now: Timestamp,
    pace: model::Pace,
    broken: Broken,
    workspaces: Vec<WorkspaceId>,
    workers: Vec<WorkerId>,
    names: BTreeMap<DocumentId, DocumentNo>,
    documents: Vec<DocumentId>,
    /// Every grant there ever was, so that late workers come back.
    grants: Vec<(Job, Grant, u32)>,
    ledger: Ledger,
    /// The largest key that the store has given.
    largest_key: i64,
    shares_are_written: bool,
}

/// All that can be paused.
pub fn everything() -> Vec<What> {
    (0..WORKSPACES).map(What::Workspace).chain((0..4).map(What::Host)).collect()
}

impl<'a> Pair<'a> {
    /// Runs a history on an empty store; an error says what differs or which invariant is broken.
    pub async fn run(store: &'a TestStore, history: &History, broken: Broken) -> Result<(), String> {
        let mut pair = Self::new(store, history, broken).await;
        for (place, step) in history.steps.iter().enumerate() {
            pair.step(step).await.map_err(|error| format!("step {place}, {step:?}: {error}"))?;
        }
        pair.drain().await.map_err(|error| format!("at the end: {error}"))
    }

    async fn new(store: &'a TestStore, history: &History, broken: Broken) -> Self {
        let tables =
            ["jobs", "job_history", "revisions", "documents", "shares", "lanes", "pauses", "workers", "workspaces"];
        let emptied: String = tables.map(|table| format!("DELETE FROM {table};")).concat();
        store.sql(&emptied).await;
        let mut workspaces = Vec::new();
        for (number, weight) in WEIGHTS.iter().enumerate() {
            let name = format!("w{number}");
            workspaces.push(store.workspace(&name).await);
            store.sql(&format!("UPDATE workspaces SET weight = {weight} WHERE name = '{name}'")).await;
        }
        let fault = if let Broken::Rule(fault) = broken { Some(fault) } else { None };
        Self {
            store,
            queue: Queue::new(&WEIGHTS, fault),
            now: at(0),
            pace: history.pace,
            broken,
            workspaces,
            workers: (0..WORKERS).map(|_| WorkerId::new()).collect(),
            names: BTreeMap::new(),
            documents: Vec::new(),
            grants: Vec::new(),
            ledger: Ledger::default(),
            largest_key: 0,
            shares_are_written: true,
        }
    }

    /// Does a step on both sides and looks at both.
    pub async fn step(&mut self, step: &Step) -> Result<(), String> {
        self.store.clock.set(self.now);
        self.await_shares().await;
        match step {
            Step::Queue { workspace, pages, priority } => self.queue(*workspace, pages, *priority).await?,
            Step::Claim { worker, limit, only } => self.claim(*worker, *limit, only.as_deref()).await?,
            Step::End { grants } => self.end(grants).await?,
            Step::Heartbeat { worker } => self.heartbeat(*worker).await?,
            Step::Leave { worker } => self.leave(*worker).await,
            Step::Recover => self.recover().await?,
            Step::Pause(what) => self.pause(*what).await,
            Step::Resume(what) => self.resume(*what).await?,
            Step::Release => {
                let released = self.store.release_held().await.unwrap();
                same("released", &released, &self.queue.release(self.now))?;
            }
            Step::Cancel { workspace, of } => self.cancel(*workspace, *of).await?,
            Step::Reserve { .. } | Step::Rest { .. } | Step::Strain { .. } | Step::CrawlDelay { .. } => {
                self.mind_manners(step).await?;
            }
            Step::Wait { millis } => self.now = self.now.plus(Duration::from_millis(*millis)),
        }
        self.compare().await
    }

    async fn compare(&mut self) -> Result<(), String> {
        let (found, shown) = look::at_store(self.store, &self.workspaces, &self.names, self.now).await;
        self.ledger.check(&shown)?;
        let expected = look::at_reference(&self.queue, self.names.values().copied(), self.now);
        let differences = found.differences(&expected);
        if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
    }

    async fn queue(&mut self, workspace: u32, pages: &[(u32, u32)], priority: Priority) -> Result<(), String> {
        let mut named: Vec<(LaneNo, u32)> = Vec::new();
        for (host, page) in pages {
            if !named.contains(&(LaneNo(*host), *page)) {
                named.push((LaneNo(*host), *page));
            }
        }
        let wanted = pages.iter().map(|(host, number)| page(&format!("https://{}/{number}", LaneNo(*host).host())));
        let batch =
            WebBatch { wanted: wanted.collect(), flags: Flags::default(), priority, max_attempts: MAX_ATTEMPTS };
        let mut write = self.store.write().await.unwrap();
        let queueing = write.queue_web(self.workspaces[workspace as usize], &batch, self.now).await.unwrap();
        write.commit().await.unwrap();
        let Queueing::Queued { added, updated } = queueing else { return Err("a page to add is unknown".to_owned()) };
        self.shares_are_written = false;
        self.largest_key = self.largest_key.max(self.number("SELECT COALESCE(MAX(order_key), 0) FROM jobs").await);
        self.ledger.queued(added.iter().chain(&updated).copied());
        let expected = self.queue.add(WorkspaceNo(workspace), &named, (priority, MAX_ATTEMPTS), self.now);
        for (document, (number, _)) in added.iter().zip(expected.iter().filter(|(_, is_new)| *is_new)) {
            self.names.insert(*document, *number);
            self.documents.push(*document);
        }
        let of =
            |is_new: bool| expected.iter().filter(move |(_, new)| *new == is_new).map(|(document, _)| Some(*document));
        let told = |ids: &[DocumentId]| ids.iter().map(|id| self.names.get(id).copied()).collect::<Vec<_>>();
        same("added", &told(&added), &of(true).collect())?;
        same("updated", &told(&updated), &of(false).collect())
    }

    /// What a store has handed out it writes down a moment later; jobs that come back while none is ready are put after that.
    async fn await_shares(&mut self) {
        if self.queue.outlook().is_ready || self.shares_are_written {
            return;
        }
        self.shares_are_written = true;
        while self.number("SELECT COALESCE(MAX(last_key), 0) FROM shares").await < self.largest_key {
            tokio::task::yield_now().await;
        }
    }

    async fn number(&self, query: &str) -> i64 {
        let query = query.replacen("SELECT ", "SELECT CAST(", 1).replacen(" FROM", " AS TEXT) FROM", 1);
        self.store.texts(&query).await[0].parse().unwrap()
    }

    async fn claim(&mut self, worker: u32, limit: usize, only: Option<&[usize]>) -> Result<(), String> {
        let only: Option<Vec<DocumentId>> =
            only.map(|places| places.iter().filter_map(|place| self.document(*place)).collect());
        let numbers = only.as_ref().map(|only| only.iter().filter_map(|id| self.names.get(id).copied()).collect());
        let owner = self.workers[worker as usize];
        let asked = Claim {
            worker: owner,
            limit: i64::try_from(limit).unwrap(),
            lease: LEASE,
            pace: self.pace,
            only: only.as_deref(),
        };
        let mut write = self.store.write().await.unwrap();
        let claimed = write.claim(&asked, self.now).await.unwrap();
        write.commit().await.unwrap();
        let asked = reference::Claim { worker: WorkerNo(worker), limit, lease: LEASE, pace: self.pace, only: numbers };
        let expected = self.queue.claim(&asked, self.now);
        let told = |job: &Job| (self.names.get(&job.document).copied(), job.attempt, job.max_attempts, job.start_at);
        let found: Vec<_> = claimed.jobs.iter().map(told).collect();
        let expected_jobs: Vec<_> =
            expected.jobs.iter().map(|job| (Some(job.document), job.attempt, job.max_attempts, job.start_at)).collect();
        same("claimed", &found, &expected_jobs)?;
        same("more", &claimed.more, &expected.more)?;
        for (job, grant) in claimed.jobs.into_iter().zip(expected.jobs) {
            self.ledger.granted(&job, owner)?;
            self.grants.push((job, grant, worker));
        }
        Ok(())
    }

    async fn end(&mut self, ends: &[(usize, Ending)]) -> Result<(), String> {
        let count = self.grants.len();
        let granted = ends.iter().filter(|_| count > 0).map(|(place, end)| (self.grants[place % count].clone(), *end));
        let named: Vec<_> =
            granted.map(|(grant, end)| (end.for_attempt(&grant.0), grant)).map(|(end, grant)| (grant, end)).collect();
        let settlements: Vec<(WorkerId, Settlement)> = named
            .iter()
            .map(|((job, _, worker), end)| {
                let outcome = outcome(*end, self.now);
                (self.workers[*worker as usize], Settlement { job: job.clone(), outcome })
            })
            .collect();
        let mut write = self.store.write().await.unwrap();
        let held = write.settle(&settlements, self.now).await.unwrap();
        write.commit().await.unwrap();
        let mut expected = Vec::new();
        for ((_, grant, worker), end) in &named {
            expected.push(self.queue.settle(WorkerNo(*worker), grant, &reference_end(*end, self.now), self.now));
        }
        same("settled", &held, &expected)?;
        for (((job, _, worker), _), held) in named.iter().zip(held) {
            self.ledger.settled(job, self.workers[*worker as usize], held)?;
        }
        Ok(())
    }

    async fn heartbeat(&mut self, worker: u32) -> Result<(), String> {
        let owner = self.workers[worker as usize];
        self.store.worker_is_alive(owner, "test", true).await.unwrap();
        self.queue.worker_is_alive(WorkerNo(worker), self.now);
        let mine = || self.grants.iter().filter(|(_, _, owner)| *owner == worker);
        let ids: Vec<_> = mine().map(|(job, _, _)| job.id).collect();
        let mut write = self.store.write().await.unwrap();
        let mut kept = write.extend_leases(owner, &ids, LEASE, self.now).await.unwrap();
        write.commit().await.unwrap();
        let numbers: Vec<_> = mine().map(|(_, grant, _)| grant.job).collect();
        let expected = self.queue.extend_leases(WorkerNo(worker), &numbers, LEASE, self.now);
        let mut expected: Vec<_> =
            mine().filter(|(_, grant, _)| expected.contains(&grant.job)).map(|(job, _, _)| job.id).collect();
        expected.sort_unstable();
        expected.dedup();
        kept.sort_unstable();
        kept.dedup();
        same("kept", &kept, &expected)
    }

    async fn leave(&mut self, worker: u32) {
        let mut write = self.store.write().await.unwrap();
        write.worker_left(self.workers[worker as usize]).await.unwrap();
        write.commit().await.unwrap();
        self.queue.worker_left(WorkerNo(worker));
    }

    /// What every process does with the jobs of the silent: again at once, or the end when it was the last attempt.
    async fn recover(&mut self) -> Result<(), String> {
        let found = self.store.read().await.unwrap().expired(LEASE, self.now).await.unwrap();
        let expected = self.queue.expired(LEASE, self.now);
        same("expired", &found.len(), &expected.len())?;
        for group in found.chunk_by(|one, other| one.worker == other.worker) {
            let lost =
                group.iter().map(|lost| Settlement { job: lost.job.clone(), outcome: after_death(lost, self.now) });
            let recovered = self.store.recover(group[0].worker, lost.collect()).await.unwrap();
            same("recovered", &recovered, &group.len())?;
            let owner = self.workers.iter().position(|worker| *worker == group[0].worker);
            self.queue.worker_left(WorkerNo(u32::try_from(owner.unwrap_or_default()).unwrap()));
            for lost in group {
                let number = self.names.get(&lost.job.document).copied();
                let Some((owner, grant, blame)) = expected.iter().find(|(_, grant, _)| Some(grant.document) == number)
                else {
                    return Err(format!("{} is not expired", lost.job.document));
                };
                same("blamed", &lost.blame, blame)?;
                let end = reference_after_death(lost, self.now);
                same("held", &self.queue.settle(*owner, grant, &end, self.now), &true)?;
                self.ledger.settled(&lost.job, lost.worker, true)?;
            }
        }
        Ok(())
    }

    async fn pause(&mut self, what: What) {
        let mut write = self.store.write().await.unwrap();
        write.pause(&self.pausable(what), WHY, self.now).await.unwrap();
        write.commit().await.unwrap();
        self.queue.pause(reference_pausable(what), WHY, self.now);
    }

    async fn resume(&mut self, what: What) -> Result<(), String> {
        let mut write = self.store.write().await.unwrap();
        let ended = write.resume(&self.pausable(what)).await.unwrap();
        write.commit().await.unwrap();
        same("resumed", &ended, &self.queue.resume(reference_pausable(what)))
    }

    async fn cancel(&mut self, workspace: u32, of: Cancelled) -> Result<(), String> {
        let (which, expected) = match of {
            Cancelled::Document(place) => {
                let Some(document) = self.document(place) else { return Ok(()) };
                (Which::Document(document), reference::Which::Document(self.names[&document]))
            }
            Cancelled::Host(host) => (Which::Lane(LaneNo(host).host()), reference::Which::Lane(LaneNo(host))),
            Cancelled::All => (Which::All, reference::Which::All),
        };
        let mut write = self.store.write().await.unwrap();
        let ended = write.cancel(self.workspaces[workspace as usize], &which, WHY, self.now).await.unwrap();
        write.commit().await.unwrap();
        let error = Failure::new(FailureCode::Cancelled, WHY).to_string();
        let expected = self.queue.cancel(WorkspaceNo(workspace), expected, &error, self.now);
        let shown: Vec<Document> = look::at_store(self.store, &self.workspaces, &self.names, self.now).await.1;
        self.ledger.cancelled(&shown);
        same("cancelled", &ended, &expected)
    }

    async fn mind_manners(&mut self, step: &Step) -> Result<(), String> {
        let (now, pace) = (self.now, self.pace);
        let mut write = self.store.write().await.unwrap();
        let after = |seconds: u64| now.plus(Duration::from_secs(seconds));
        match *step {
            Step::Reserve { host } => {
                let turn = write.reserve_turn(&LaneNo(host).host(), &pace, now).await.unwrap();
                same("reserved", &turn, &self.queue.reserve_turn(LaneNo(host), &pace, now))?;
            }
            Step::Rest { host, seconds } => {
                write.hold_lane(&LaneNo(host).host(), after(seconds), &pace, now).await.unwrap();
                self.queue.hold_lane(LaneNo(host), after(seconds), &pace, now);
            }
            Step::Strain { host } => {
                if self.broken != Broken::StoreForgetsStrain {
                    write.strain_lane(&LaneNo(host).host(), &pace, now).await.unwrap();
                }
                self.queue.strain_lane(LaneNo(host), &pace, now);
            }
            Step::CrawlDelay { host, seconds } => {
                let delay = Duration::from_secs(seconds);
                write.set_crawl_delay(&LaneNo(host).host(), delay, &pace, now).await.unwrap();
                self.queue.set_crawl_delay(LaneNo(host), delay, &pace, now);
            }
            _ => {}
        }
        write.commit().await.unwrap();
        Ok(())
    }

    fn document(&self, place: usize) -> Option<DocumentId> {
        let count = self.documents.len();
        (count > 0).then(|| self.documents[place % count])
    }

    fn pausable(&self, what: What) -> Pausable {
        match what {
            What::Workspace(workspace) => Pausable::Workspace(self.workspaces[workspace as usize]),
            What::Host(host) => Pausable::Lane(LaneNo(host).host()),
        }
    }

    pub fn live_of(&self, workspace: u32) -> u64 {
        u64::try_from(self.queue.live_jobs(WorkspaceNo(workspace))).unwrap()
    }

    pub fn outlook(&self) -> Outlook {
        self.queue.outlook()
    }

    /// How many jobs were granted so far.
    pub fn grants(&self) -> usize {
        self.grants.len()
    }
}

fn reference_pausable(what: What) -> reference::Pausable {
    match what {
        What::Workspace(workspace) => reference::Pausable::Workspace(WorkspaceNo(workspace)),
        What::Host(host) => reference::Pausable::Lane(LaneNo(host)),
    }
}

fn same<T: std::fmt::Debug + PartialEq>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what} is {found:?}, not {expected:?}")) }
}
