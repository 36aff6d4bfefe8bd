//! Random histories: what callers, workers, hosts and operators do, in few names so that they meet.

use std::time::Duration;

use model::{Job, Pace, Priority};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;

pub const WORKSPACES: u32 = 3;
pub const WORKERS: u32 = 3;
const HOSTS: u32 = 4;
const PAGES: u32 = 4;
const MOST_STEPS: usize = 40;

/// A pace and what happens.
#[derive(Debug, Clone)]
pub struct History {
    pub pace: Pace,
    pub steps: Vec<Step>,
}

/// Grants and documents are named by a number that is taken modulo how many there are.
#[derive(Debug, Clone)]
pub enum Step {
    Queue { workspace: u32, pages: Vec<(u32, u32)>, priority: Priority },
    Claim { worker: u32, limit: usize, only: Option<Vec<usize>> },
    End { grants: Vec<(usize, Ending)> },
    Heartbeat { worker: u32 },
    Leave { worker: u32 },
    Recover,
    Pause(What),
    Resume(What),
    Release,
    Cancel { workspace: u32, of: Cancelled },
    Reserve { host: u32 },
    Rest { host: u32, seconds: u64 },
    Strain { host: u32 },
    CrawlDelay { host: u32, seconds: u64 },
    Wait { millis: u64 },
}

#[derive(Debug, Clone, Copy)]
pub enum Ending {
    Text,
    Failed,
    Again { seconds: u64, counts: bool },
}

#[derive(Debug, Clone, Copy)]
pub enum What {
    Workspace(u32),
    Host(u32),
}

#[derive(Debug, Clone, Copy)]
pub enum Cancelled {
    Document(usize),
    Host(u32),
    All,
}

impl Ending {
    /// No attempt follows the last one; who ends a run sees to that.
    pub fn for_attempt(self, job: &Job) -> Self {
        match self {
            Self::Again { counts: true, .. } if job.attempt >= job.max_attempts => Self::Failed,
            other => other,
        }
    }
}

pub fn histories() -> impl Strategy<Value = History> {
    (paces(), vec(steps(), 1..MOST_STEPS)).prop_map(|(pace, steps)| History { pace, steps })
}

fn paces() -> impl Strategy<Value = Pace> {
    let delays = select(vec![0, 1_000, 1_500]);
    let budgets = select(vec![None, None, None, Some(3)]);
    (delays, select(vec![1, 2, 8]), budgets).prop_map(|(delay, concurrency, daily)| Pace {
        delay: Duration::from_millis(delay),
        concurrency,
        crawl_delay_cap: Duration::from_secs(30),
        daily,
    })
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => queueing(),
        8 => claims(),
        6 => vec((any::<usize>(), endings()), 1..4).prop_map(|grants| Step::End { grants }),
        5 => select(vec![1, 100, 499, 500, 1_000, 1_000, 5_000, 61_000, 61_000, 7_200_000]).prop_map(|millis| Step::Wait { millis }),
        2 => (0..WORKERS).prop_map(|worker| Step::Heartbeat { worker }),
        1 => (0..WORKERS).prop_map(|worker| Step::Leave { worker }),
        2 => Just(Step::Recover),
        2 => whats().prop_map(Step::Pause),
        2 => whats().prop_map(Step::Resume),
        2 => Just(Step::Release),
        1 => (0..WORKSPACES, cancelled()).prop_map(|(workspace, of)| Step::Cancel { workspace, of }),
        4 => manners(),
    ]
}

fn queueing() -> impl Strategy<Value = Step> {
    let pages = vec((0..HOSTS, 0..PAGES), 1..6);
    (0..WORKSPACES, pages, select(Priority::ALL)).prop_map(|(workspace, pages, priority)| Step::Queue {
        workspace,
        pages,
        priority,
    })
}

fn claims() -> impl Strategy<Value = Step> {
    let only = option::weighted(0.2, vec(any::<usize>(), 1..5));
    (0..WORKERS, 1..8_usize, only).prop_map(|(worker, limit, only)| Step::Claim { worker, limit, only })
}

fn endings() -> impl Strategy<Value = Ending> {
    let again = (select(vec![0, 1, 45]), any::<bool>()).prop_map(|(seconds, counts)| Ending::Again { seconds, counts });
    prop_oneof![2 => Just(Ending::Text), 1 => Just(Ending::Failed), 2 => again]
}

fn whats() -> impl Strategy<Value = What> {
    prop_oneof![(0..WORKSPACES).prop_map(What::Workspace), (0..HOSTS).prop_map(What::Host)]
}

fn cancelled() -> impl Strategy<Value = Cancelled> {
    prop_oneof![
        any::<usize>().prop_map(Cancelled::Document),
        (0..HOSTS).prop_map(Cancelled::Host),
        Just(Cancelled::All)
    ]
}

fn manners() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..HOSTS).prop_map(|host| Step::Reserve { host }),
        (0..HOSTS, select(vec![1, 20])).prop_map(|(host, seconds)| Step::Rest { host, seconds }),
        (0..HOSTS).prop_map(|host| Step::Strain { host }),
        (0..HOSTS, select(vec![0, 3, 90])).prop_map(|(host, seconds)| Step::CrawlDelay { host, seconds }),
    ]
}
