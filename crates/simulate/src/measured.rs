//! What a scenario gave, as the rows of a table.

use std::time::{Duration, Instant};

use model::share::cost;

use crate::fairness::jain;
use crate::plan::Plan;
use crate::world::{self, Told};

/// The heads of the columns.
pub const HEADS: [&str; 11] = [
    "scenario",
    "pages",
    "virtual time",
    "fairness (Jain)",
    "drought, runs",
    "newcomer waits, runs p50 / max",
    "newcomer waits p50 / max",
    "runs again",
    "late ends refused",
    "longest, bound",
    "nearest requests over the gap",
];

/// A scenario that has run.
pub struct Measured {
    pub plan: Plan,
    pub told: Told,
    pub took: Duration,
}

impl Measured {
    /// Runs a plan and takes the time.
    pub fn of(plan: Plan) -> Result<Self, String> {
        let started = Instant::now();
        let told = world::run(&plan)?;
        Ok(Self { plan, told, took: started.elapsed() })
    }

    /// The row of a scenario.
    pub fn row(&self, name: &str) -> Vec<String> {
        let (told, waits) = (&self.told, &self.told.tally.waits);
        let (runs, times) = if waits.is_empty() {
            ("-".to_owned(), "-".to_owned())
        } else {
            let runs = format!("{} / {}", waits.runs(50), waits.runs(100));
            (runs, format!("{} / {}", seconds(waits.time(50)), seconds(waits.time(100))))
        };
        vec![
            name.to_owned(),
            grouped(self.plan.pages()),
            seconds(told.virtual_time),
            self.fairness().map_or_else(|| "-".to_owned(), |index| format!("{index:.4}")),
            if told.tally.drought == 0 { "-".to_owned() } else { grouped(told.tally.drought) },
            runs,
            times,
            grouped(told.watch.repeats),
            grouped(told.watch.refused),
            format!("{}, {}", seconds(told.watch.longest), seconds(self.plan.bound())),
            told.watch.closest.map_or_else(|| "-".to_owned(), |closest| format!("+{closest:?}")),
        ]
    }

    /// Jain's index over what the imports got while all of them waited for workers, each by its weight and what its runs cost.
    pub fn fairness(&self) -> Option<f64> {
        let imports = self.plan.imports().filter(|load| self.plan.is_wide(load));
        let shares: Vec<f64> = imports
            .map(|load| {
                let weight = self.plan.weights[load.workspace as usize];
                let got = self.told.tally.contended[load.workspace as usize];
                real(got) * real(u64::try_from(cost(load.priority, weight)).unwrap_or(1))
            })
            .collect();
        (shares.len() > 1 && shares.iter().any(|share| *share > 0.0)).then(|| jain(&shares))
    }
}

/// A time with the digits that matter.
pub fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 10.0 { format!("{seconds:.3} s") } else { format!("{seconds:.0} s") }
}

/// A number in groups of three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    groups.join(",")
}

/// The number as a fraction can hold it.
#[expect(clippy::cast_precision_loss, reason = "figures are shown with a few digits")]
pub fn real(number: u64) -> f64 {
    number as f64
}
