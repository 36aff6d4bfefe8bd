//! What came of a scenario, and the table in which people read it.

use std::fmt;
use std::time::Duration;

use comfy_table::{ContentArrangement, Table, presets};

/// What the checker found. No complaint means that all is well.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    pub complaints: Vec<String>,
    /// Documents that were promised and are not there.
    pub lost: usize,
    /// Documents with more than one result.
    pub doubled: usize,
    /// Visits beyond the first.
    pub reruns: usize,
}

impl Verdict {
    /// One more fault.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.complaints.push(text.into());
    }

    /// Adds what another look found.
    pub fn add(&mut self, other: Self) {
        self.complaints.extend(other.complaints);
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.reruns += other.reruns;
    }
}

/// One scenario on one database.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub scenario: &'static str,
    pub database: &'static str,
    /// How often the fault was provoked.
    pub rounds: usize,
    pub verdict: Verdict,
    /// What was timed, when something was.
    pub times: Vec<Duration>,
    /// What else is worth a word.
    pub note: String,
    pub kind: Kind,
}

/// How a verdict is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It must be without complaint.
    Proof,
    /// A safety is off: without complaint, the proof beside it would mean nothing.
    Control,
    /// The machine could not stage it. That is not a pass.
    Skipped,
}

impl Outcome {
    /// An outcome of a run that found this.
    pub const fn new(scenario: &'static str, database: &'static str, rounds: usize, verdict: Verdict) -> Self {
        Self { scenario, database, rounds, verdict, times: Vec::new(), note: String::new(), kind: Kind::Proof }
    }

    /// The same as a control, which must fail.
    #[must_use]
    pub fn control(self) -> Self {
        Self { kind: Kind::Control, ..self }
    }

    /// The same with what was timed.
    #[must_use]
    pub fn timed(mut self, mut times: Vec<Duration>) -> Self {
        times.sort();
        self.times = times;
        self
    }

    /// The same with a remark.
    #[must_use]
    pub fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// What could not be staged, and why.
    pub fn skipped(scenario: &'static str, database: &'static str, why: impl Into<String>) -> Self {
        Self { kind: Kind::Skipped, ..Self::new(scenario, database, 0, Verdict::default()) }.noted(why)
    }

    /// Whether it came out as it must.
    pub fn is_well(&self) -> bool {
        match self.kind {
            Kind::Proof => self.verdict.complaints.is_empty(),
            Kind::Control => !self.verdict.complaints.is_empty(),
            Kind::Skipped => false,
        }
    }

    /// The time that this share of what was timed does not exceed.
    pub fn percentile(&self, percent: usize) -> Option<Duration> {
        let place = (self.times.len() * percent).div_ceil(100).saturating_sub(1);
        self.times.get(place).copied()
    }

    const fn word(&self) -> &'static str {
        match (self.kind, self.verdict.complaints.is_empty()) {
            (Kind::Proof, true) => "pass",
            (Kind::Proof, false) => "FAIL",
            (Kind::Control, false) => "control fails, as it must",
            (Kind::Control, true) => "CONTROL DID NOT FAIL",
            (Kind::Skipped, _) => "NOT RUN",
        }
    }
}

impl fmt::Display for Outcome {
    /// What a failed test shows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 12;
        write!(f, "{} on {}: {} {}", self.scenario, self.database, self.word(), self.note)?;
        for complaint in self.verdict.complaints.iter().take(SHOWN) {
            write!(f, "\n  {complaint}")?;
        }
        match self.verdict.complaints.len() {
            0..=SHOWN => Ok(()),
            more => write!(f, "\n  and {} more", more - SHOWN),
        }
    }
}

/// All outcomes as people read them.
pub fn table(outcomes: &[Outcome]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["scenario", "database", "rounds", "lost", "doubled", "reruns", "p50", "p99", "outcome", "note"]);
    for outcome in outcomes {
        let time = |percent| outcome.percentile(percent).map_or("–".to_owned(), |time| format!("{time:.2?}"));
        let Verdict { lost, doubled, reruns, .. } = outcome.verdict;
        let counts = [outcome.rounds, lost, doubled, reruns].map(|count| count.to_string());
        let mut row = vec![outcome.scenario.to_owned(), outcome.database.to_owned()];
        row.extend(counts);
        row.extend([time(50), time(99), outcome.word().to_owned(), outcome.note.clone()]);
        table.add_row(row);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_must_fail_and_what_was_not_run_is_no_pass() {
        let bad = || Verdict { complaints: vec!["something".to_owned()], ..Verdict::default() };
        let outcome = |verdict| Outcome::new("F0", "sqlite", 1, verdict);
        assert!(outcome(Verdict::default()).is_well());
        assert!(!outcome(bad()).is_well());
        assert!(outcome(bad()).control().is_well());
        assert!(!outcome(Verdict::default()).control().is_well());
        assert!(!Outcome::skipped("F0", "sqlite", "no loop devices").is_well());
    }

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times = (1..=200).rev().map(Duration::from_millis).collect();
        let outcome = Outcome::new("F0", "sqlite", 1, Verdict::default()).timed(times);
        assert_eq!(outcome.percentile(50), Some(Duration::from_millis(100)));
        assert_eq!(outcome.percentile(99), Some(Duration::from_millis(198)));
        assert_eq!(Outcome::new("F0", "sqlite", 1, Verdict::default()).percentile(50), None);
    }
}
