//! Random histories: at any instant every document says how it ended, that it runs, or why it waits; and in the end all end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::{Document, Failure, FailureCode, Job, JobStatus, Pace, WaitCode, WorkerId, WorkspaceId};
use store::{Change, Claim, Direction, Expired, Filter, Lost, Outcome, Page, Pausable, Settlement, Store, Which};

use crate::dice::Dice;
use crate::stores::{TestStore, batch, kept, on_both, paced, page, postpone, retry, seconds, text};

on_both!(every_document_says_why_after_each_step_of_a_random_history, every_document_says_why_while_others_work,);

const HOSTS: usize = 3;
const PAGES: usize = 12;

/// Somebody who does one thing after the other, by the fall of the dice.
struct Actor {
    store: Store,
    clock: model::Clock,
    dice: Dice,
    both: [WorkspaceId; 2],
    worker: WorkerId,
    running: Vec<Job>,
}

impl Actor {
    async fn new(test: &TestStore, seed: u64) -> Self {
        let both = [test.workspace("one").await, test.workspace("two").await];
        let (store, clock) = (test.store.clone(), test.clock.clone());
        Self { store, clock, dice: Dice::new(seed), both, worker: WorkerId::new(), running: Vec::new() }
    }

    async fn step(&mut self) {
        match self.dice.below(16) {
            0..3 => self.queue().await,
            3..7 => self.claim().await,
            7..10 => self.settle().await,
            10 => self.change_lane().await,
            11 => self.pause().await,
            12 => self.resume().await,
            13 => self.cancel().await,
            14 => self.reap().await,
            _ => self.pass(seconds(20)),
        }
    }

    fn pass(&mut self, most: std::time::Duration) {
        let share = u32::try_from(1 + self.dice.below(100)).unwrap();
        self.clock.set(self.clock.now().plus(most * share / 100));
    }

    fn workspace(&mut self) -> WorkspaceId {
        self.both[self.dice.below(2)]
    }

    fn host(&mut self) -> String {
        format!("h{}.example", self.dice.below(HOSTS))
    }

    async fn queue(&mut self) {
        let (workspace, count) = (self.workspace(), 1 + self.dice.below(4));
        let urls: Vec<String> = (0..PAGES).map(|page| format!("https://h{}.example/{page}", page % HOSTS)).collect();
        let wanted = batch(self.dice.some(&urls, count).into_iter().map(|url| page(url)));
        if self.dice.below(2) == 0 {
            self.store.queue_web(workspace, wanted).await.unwrap();
            return;
        }
        let mut write = self.store.write().await.unwrap();
        write.queue_web(workspace, &wanted, self.store.now()).await.unwrap();
        if self.dice.below(3) > 0 {
            write.commit().await.unwrap();
        }
    }

    fn claim_of(&mut self) -> Claim<'static> {
        let claim = paced(self.worker, 1 + i64::try_from(self.dice.below(4)).unwrap(), seconds(2));
        let daily = (self.dice.below(4) == 0).then_some(30);
        Claim { pace: Pace { daily, ..claim.pace }, ..claim }
    }

    async fn claim(&mut self) {
        let (claim, now) = (self.claim_of(), self.store.now());
        let claimed = kept(&self.store, async |write| write.claim(&claim, now).await).await.unwrap();
        self.running.extend(claimed.jobs);
    }

    async fn settle(&mut self) {
        if self.running.is_empty() {
            return;
        }
        let job = self.running.swap_remove(self.dice.below(self.running.len()));
        let later = self.store.now().plus(seconds(5));
        let outcome = match self.dice.below(4) {
            0 => Outcome::Text(Arc::new(text("A", &["a"])), Change::None),
            1 => Outcome::Failed(Failure::new(FailureCode::Gone, "removed")),
            2 => Outcome::Again(retry(later, "attempt 1 of 5 failed")),
            _ => Outcome::Again(postpone(later, WaitCode::Provider, "the provider said to wait")),
        };
        match self.store.settle(self.worker, Settlement { job, outcome }).await {
            Ok(()) | Err(store::Error::Lost) => {}
            Err(error) => panic!("{error}"),
        }
    }

    async fn change_lane(&mut self) {
        let (host, kind, now) = (self.host(), self.dice.below(3), self.store.now());
        let pace = self.claim_of().pace;
        let change = kept(&self.store, async |write| match kind {
            0 => write.hold_lane(&host, now.plus(seconds(20)), &pace, now).await,
            1 => write.strain_lane(&host, &pace, now).await,
            _ => write.set_crawl_delay(&host, seconds(4), &pace, now).await,
        });
        change.await.unwrap();
    }

    fn pausable(&mut self) -> Pausable {
        if self.dice.below(2) == 0 { Pausable::Workspace(self.workspace()) } else { Pausable::Lane(self.host()) }
    }

    async fn pause(&mut self) {
        let (what, now) = (self.pausable(), self.store.now());
        kept(&self.store, async |write| write.pause(&what, "the site moves", now).await).await.unwrap();
    }

    async fn resume(&mut self) {
        let what = self.pausable();
        kept(&self.store, async |write| write.resume(&what).await).await.unwrap();
        if self.dice.below(2) == 0 {
            self.store.release_held().await.unwrap();
        }
    }

    async fn cancel(&mut self) {
        let (workspace, which, now) = (self.workspace(), Which::Lane(self.host()), self.store.now());
        kept(&self.store, async |write| write.cancel(workspace, &which, "enough", now).await).await.unwrap();
    }

    /// What a sweep does with the jobs of workers that fell silent.
    async fn reap(&mut self) {
        let now = self.store.now();
        let expired = self.store.read().await.unwrap().expired(seconds(60), now).await.unwrap();
        for group in expired.chunk_by(|one, other| one.worker == other.worker) {
            let lost = group.iter().map(|Expired { job, blame, .. }| {
                let lost = Lost { at: now, why: "its worker fell silent".to_owned(), blame: *blame };
                Settlement { job: job.clone(), outcome: Outcome::Lost(lost) }
            });
            self.store.recover(group[0].worker, lost.collect()).await.unwrap();
        }
    }

    /// Ends everything there is: what cannot be brought to an end is stranded.
    async fn drain(&mut self) {
        for pause in self.store.read().await.unwrap().pauses().await.unwrap() {
            kept(&self.store, async |write| write.resume(&pause.what).await).await.unwrap();
        }
        self.store.release_held().await.unwrap();
        for _ in 0..2_000 {
            self.claim().await;
            for job in std::mem::take(&mut self.running) {
                let outcome = Outcome::Failed(Failure::new(FailureCode::Gone, "removed"));
                let _ = self.store.settle(self.worker, Settlement { job, outcome }).await;
            }
            self.reap().await;
            let mut read = self.store.read().await.unwrap();
            if read.live_jobs(self.both[0]).await.unwrap() + read.live_jobs(self.both[1]).await.unwrap() == 0 {
                return;
            }
            self.clock.set(self.clock.now().plus(seconds(30)));
        }
        panic!("some jobs are stranded");
    }
}

/// Every document of a workspace, as one snapshot shows them.
async fn documents(store: &Store, workspace: WorkspaceId) -> Vec<Document> {
    let page = Page { limit: 100, cursor: None, direction: Direction::Next };
    let mut read = store.read().await.unwrap();
    read.documents(workspace, &Filter::default(), &page, store.now()).await.unwrap().unwrap().documents
}

/// Says what is wrong with what a document shows.
fn fault(document: &Document) -> Option<String> {
    let is_right = match (document.job_status, &document.waiting) {
        (Some(JobStatus::Pending), Some(waiting)) => !waiting.text.is_empty(),
        (Some(JobStatus::InProgress), None) => true,
        (Some(JobStatus::Completed), None) => document.success && document.error.is_empty(),
        (Some(JobStatus::Failed), None) => !document.success && !document.error.is_empty(),
        _ => false,
    };
    (!is_right).then(|| format!("{} is {:?}, {:?}", document.external_id, document.job_status, document.waiting))
}

async fn every_document_says_why_after_each_step_of_a_random_history(store: TestStore) {
    for seed in 0..3 {
        let mut actor = Actor::new(&store, seed).await;
        let mut seen = [false; 6];
        for step in 0..150 {
            actor.step().await;
            for workspace in actor.both {
                for document in documents(&store, workspace).await {
                    assert_eq!(fault(&document), None, "seed {seed}, step {step}");
                    if let Some(waiting) = document.waiting {
                        assert!(waiting.since <= store.now(), "seed {seed}, step {step}: {waiting:?}");
                        let code = WaitCode::ALL.iter().position(|code| *code == waiting.code).unwrap();
                        seen[code] = true;
                    }
                }
            }
            if step >= 75 {
                // From here on a worker is alive, so that its silence hides no other reason.
                store.worker_alive(actor.worker, store.now()).await;
            }
        }
        assert!(seen.iter().filter(|seen| **seen).count() >= 5, "seed {seed} came upon too few reasons: {seen:?}");
        actor.drain().await;
        for document in documents(&store, actor.both[0]).await {
            assert!(matches!(document.job_status, Some(JobStatus::Completed | JobStatus::Failed)));
        }
    }
}

async fn every_document_says_why_while_others_work(store: TestStore) {
    let over = Arc::new(AtomicBool::new(false));
    let mut actors = Vec::new();
    for seed in 10..14 {
        let mut actor = Actor::new(&store, seed).await;
        actors.push(tokio::spawn(async move {
            for _ in 0..60 {
                actor.step().await;
            }
            actor
        }));
    }
    let both = [store.workspace("one").await, store.workspace("two").await];
    let (reading, ended) = (store.store.clone(), Arc::clone(&over));
    let reader = tokio::spawn(async move {
        let (mut looks, mut faults) = (0, Vec::new());
        while !ended.load(Ordering::SeqCst) {
            for workspace in both {
                faults.extend(documents(&reading, workspace).await.iter().filter_map(fault));
            }
            looks += 1;
        }
        (looks, faults)
    });
    let mut last = None;
    for actor in actors {
        last = Some(tokio::time::timeout(seconds(120), actor).await.unwrap().unwrap());
    }
    over.store(true, Ordering::SeqCst);
    let (looks, faults) = reader.await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
    assert!(looks > 10, "only {looks} looks");
    last.unwrap().drain().await;
    assert_eq!(store.count("jobs").await, 0);
}
