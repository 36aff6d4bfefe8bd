//! The store against the reference queue: random steps on both, and after each the same to be seen.

mod drain;
mod endings;
mod ledger;
mod look;
mod pair;
mod steps;

use std::time::{Duration, Instant};

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use reference::Fault;
use tokio::runtime::{Builder, Runtime};

use crate::stores::TestStore;
use pair::{Broken, Pair};
use steps::History;

/// The default run is the same each time; the long one goes on from there with a seed for each round.
const SEED: u64 = 1;
const LONG_ROUNDS: u64 = 100;
/// Histories between two looks at the time.
const AT_ONCE: u32 = 5;

/// What a run is: its seed, how long it goes on, and what is wrong with it on purpose.
#[derive(Debug, Clone, Copy)]
struct Run {
    seed: u64,
    time: Duration,
    broken: Broken,
}

impl Run {
    const fn of(seed: u64) -> Self {
        Self { seed, time: Duration::from_secs(18), broken: Broken::Nothing }
    }

    /// Ends at the first difference, with the shortest history that shows it.
    fn go(self, runtime: &Runtime, store: &TestStore) -> Result<u32, (String, History)> {
        let config = Config { cases: AT_ONCE, failure_persistence: None, max_shrink_iters: 600, ..Config::default() };
        let (started, mut done) = (Instant::now(), 0_u32);
        while started.elapsed() < self.time {
            let mut seed = [0; 32];
            seed[..8].copy_from_slice(&self.seed.to_le_bytes());
            seed[8..12].copy_from_slice(&done.to_le_bytes());
            let mut runner = TestRunner::new_with_rng(config.clone(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
            let ran = runner.run(&steps::histories(), |history| {
                runtime.block_on(Pair::run(store, &history, self.broken)).map_err(TestCaseError::fail)
            });
            match ran {
                Ok(()) => done += AT_ONCE,
                Err(TestError::Fail(reason, history)) => return Err((reason.message().to_owned(), history)),
                Err(TestError::Abort(reason)) => panic!("the run was given up: {reason}"),
            }
        }
        Ok(done)
    }
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn agrees(runtime: &Runtime, store: &TestStore, run: Run) {
    match run.go(runtime, store) {
        Ok(histories) => println!("seed {}: {histories} histories, the same on both", run.seed),
        Err((reason, history)) => panic!("seed {}: {reason}\nafter {history:#?}", run.seed),
    }
}

#[test]
fn sqlite_does_what_the_reference_does() {
    let runtime = runtime();
    let store = runtime.block_on(TestStore::sqlite());
    agrees(&runtime, &store, Run::of(SEED));
}

#[test]
fn postgres_does_what_the_reference_does() {
    let runtime = runtime();
    let store = runtime.block_on(TestStore::postgres());
    agrees(&runtime, &store, Run::of(SEED));
}

#[test]
#[ignore = "an hour of it; run it with `cargo test -p store model::long -- --ignored --nocapture`"]
fn long_run() {
    let runtime = runtime();
    for seed in SEED + 1..=SEED + LONG_ROUNDS {
        agrees(&runtime, &runtime.block_on(TestStore::sqlite()), Run::of(seed));
        agrees(&runtime, &runtime.block_on(TestStore::postgres()), Run::of(seed));
    }
}

/// Each must be found, and shown by a history that a person can follow.
#[test]
fn what_is_broken_on_purpose_is_found_and_cut_short() {
    let runtime = runtime();
    let store = runtime.block_on(TestStore::sqlite());
    let broken = [
        Broken::Rule(Fault::NoFence),
        Broken::Rule(Fault::ForgetsNextStart),
        Broken::Rule(Fault::ForgetsHeld),
        Broken::Rule(Fault::BearsSuspects),
        Broken::StoreForgetsStrain,
    ];
    for broken in broken {
        let run = Run { broken, time: Duration::from_mins(2), ..Run::of(SEED) };
        let Err((reason, history)) = run.go(&runtime, &store) else { panic!("{broken:?} was not found") };
        assert!(history.steps.len() <= 8, "{broken:?} is shown by {} steps: {history:#?}", history.steps.len());
        println!("{broken:?}: {reason}\nafter {:?}", history.steps);
    }
}
