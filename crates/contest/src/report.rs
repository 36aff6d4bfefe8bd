//! The tables: who reads how well and how fast, and how we stand to our goals.

use std::fmt;

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

use crate::gauge::{Score, harmonic, mean};
use crate::race::Outcome;

/// Everything that was measured. Ours is the first reader.
pub struct Report {
    pub results: Vec<Outcome>,
    pub absent: Vec<String>,
    /// A part of the pages in one round says nothing about goals.
    pub is_a_look: bool,
}

/// What a goal is about.
#[derive(Debug, Clone, Copy)]
enum Figure {
    F1,
    /// F1 of the pages of one type.
    F1Of(&'static str),
    With,
    Without,
}

/// The set, the figure, and the bound: at least, or for boilerplate at most.
const GOALS: [(&str, Figure, f64); 6] = [
    ("docs", Figure::F1, 0.985),
    ("helpcenter", Figure::F1, 0.975),
    ("helpcenter", Figure::With, 0.93),
    ("helpcenter", Figure::Without, 0.03),
    ("wcxb", Figure::F1, 0.850),
    ("wcxb", Figure::F1Of("documentation"), 0.965),
];
/// The peer, and how many times its speed ours is to be.
const SPEEDS: [(&str, f64); 2] = [("resiliparse", 1.0), ("trafilatura", 12.0)];
/// The set on which speeds are compared.
const SPEED_SET: &str = "wcxb";

impl Figure {
    fn of(self, outcome: &Outcome) -> Option<f64> {
        let scores = outcome.scores.iter();
        match self {
            Self::F1 => mean(scores.map(|(_, score)| score.f1)),
            Self::F1Of(kind) => mean(scores.filter(|(other, _)| other == kind).map(|(_, score)| score.f1)),
            Self::With => mean(scores.filter_map(|(_, score)| score.with)),
            Self::Without => mean(scores.filter_map(|(_, score)| score.without)),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::F1 => f.write_str("word F1"),
            Self::F1Of(kind) => write!(f, "word F1 of the {kind} pages"),
            Self::With => f.write_str("must-have found"),
            Self::Without => f.write_str("boilerplate found"),
        }
    }
}

/// One line of the table of goals.
struct Goal {
    what: String,
    ours: String,
    bound: String,
    is_met: Option<bool>,
}

impl Report {
    /// Whether every goal that could be measured is met.
    pub fn is_well(&self) -> bool {
        self.is_a_look || self.goals().iter().all(|goal| goal.is_met != Some(false))
    }

    fn ours(&self, set: &str) -> Option<&Outcome> {
        self.results.iter().find(|outcome| outcome.set == set)
    }

    fn goals(&self) -> Vec<Goal> {
        let qualities = GOALS.iter().filter_map(|(set, figure, bound)| {
            let ours = figure.of(self.ours(set)?)?;
            let is_ceiling = matches!(figure, Figure::Without);
            let is_met = if is_ceiling { ours <= *bound } else { ours >= *bound };
            let sign = if is_ceiling { '≤' } else { '≥' };
            let what = format!("{set}: {figure}");
            Some(Goal { what, ours: three(ours), bound: format!("{sign} {bound:.3}"), is_met: Some(is_met) })
        });
        let mut goals: Vec<Goal> = qualities.collect();
        let name = self.results.first().map(|outcome| outcome.reader.clone());
        let missed =
            self.results.iter().filter(|outcome| Some(&outcome.reader) == name.as_ref()).map(missed).sum::<usize>();
        let what = "pages without any output that have content".to_owned();
        goals.push(Goal { what, ours: missed.to_string(), bound: "0".to_owned(), is_met: Some(missed == 0) });
        goals.extend(SPEEDS.iter().map(|(peer, times)| self.speed(peer, *times)));
        goals
    }

    fn speed(&self, peer: &str, times: f64) -> Goal {
        let what = format!("{SPEED_SET}: pages/s beside {peer}");
        let is_peer = |outcome: &&Outcome| outcome.set == SPEED_SET && outcome.reader.split(' ').next() == Some(peer);
        let theirs = self.results.iter().find(is_peer).map(|outcome| outcome.pages_per_second);
        let ours = self.ours(SPEED_SET).map(|outcome| outcome.pages_per_second);
        let ratio = ours.zip(theirs).map(|(ours, theirs)| ours / theirs);
        Goal {
            what,
            ours: ratio.map_or_else(|| "not measured".to_owned(), |ratio| format!("{ratio:.2} times")),
            bound: format!("≥ {times} times"),
            is_met: ratio.map(|ratio| ratio >= times),
        }
    }
}

fn missed(outcome: &Outcome) -> usize {
    outcome.scores.iter().filter(|(_, score)| score.is_missed).count()
}

fn shingle_f1(outcome: &Outcome) -> Option<f64> {
    let of = |part: fn(&Score) -> f64| mean(outcome.scores.iter().map(|(_, score)| part(score)));
    Some(harmonic(of(|score| score.shingle_precision)?, of(|score| score.shingle_recall)?))
}

fn three(value: f64) -> String {
    format!("{value:.3}")
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), three)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN);
        table.set_header([
            "set",
            "extractor",
            "pages",
            "precision",
            "recall",
            "word F1",
            "shingle F1",
            "must-have found",
            "boilerplate found",
            "no output",
            "pages/s",
        ]);
        let mut results: Vec<&Outcome> = self.results.iter().collect();
        results.sort_by(|one, other| one.set.cmp(&other.set));
        for outcome in results {
            let of = |part: fn(&Score) -> f64| mean(outcome.scores.iter().map(|(_, score)| part(score)));
            table.add_row([
                outcome.set.clone(),
                outcome.reader.clone(),
                outcome.scores.len().to_string(),
                cell(of(|score| score.precision)),
                cell(of(|score| score.recall)),
                cell(Figure::F1.of(outcome)),
                cell(shingle_f1(outcome)),
                cell(Figure::With.of(outcome)),
                cell(Figure::Without.of(outcome)),
                missed(outcome).to_string(),
                format!("{:.0}", outcome.pages_per_second),
            ]);
        }
        writeln!(f, "{table}\n")?;
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN);
        table.set_header(["goal", "ours", "bound", "verdict"]);
        for goal in self.goals() {
            let verdict = match goal.is_met {
                _ if self.is_a_look => "only a look",
                Some(true) => "met",
                Some(false) => "MISSED",
                None => "not measured",
            };
            table.add_row([goal.what, goal.ours, goal.bound, verdict.to_owned()]);
        }
        write!(f, "{table}")?;
        self.absent
            .iter()
            .try_for_each(|absent| write!(f, "\n\nNot beside us: {}", absent.lines().next().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(reader: &str, f1: f64, pages_per_second: f64) -> Outcome {
        let score = Score {
            precision: f1,
            recall: f1,
            f1,
            shingle_precision: f1,
            shingle_recall: f1,
            with: None,
            without: None,
            is_missed: f1 == 0.0,
        };
        let scores = vec![("documentation".to_owned(), score)];
        Outcome { reader: reader.to_owned(), set: SPEED_SET.to_owned(), scores, pages_per_second }
    }

    #[test]
    fn goals_are_met_or_missed() {
        let report = |f1, speed| Report {
            results: vec![outcome("gleaner", f1, speed), outcome("resiliparse 2.0.1", 0.7, 100.0)],
            absent: Vec::new(),
            is_a_look: false,
        };
        assert!(report(0.97, 120.0).is_well(), "{}", report(0.97, 120.0));
        assert!(report(0.97, 120.0).to_string().contains("1.20 times"));
        for (f1, speed) in [(0.8, 120.0), (0.9, 120.0), (0.97, 90.0), (0.0, 120.0)] {
            assert!(!report(f1, speed).is_well(), "{f1} {speed}");
        }
    }
}
