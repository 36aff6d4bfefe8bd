//! What came out: one row a measure, as a table that a terminal and Markdown both show.

use std::fmt;

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

use crate::load::Compared;

/// Where the ratio has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// At least the first, and ahead of everybody from the second on.
    AtLeast(f64, f64),
    /// At most.
    AtMost(f64),
    /// Shown without a goal.
    None,
}

/// How a ratio stands to its goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The goal is met, and the further one too where there is one.
    Pass,
    /// The goal is met, the further one is not.
    Near,
    /// The goal is missed.
    Fail,
    /// There is no goal.
    Shown,
    /// Why there is no figure although there should be.
    Missing(String),
    /// Which flag left it out.
    LeftOut(&'static str),
}

impl Goal {
    fn verdict(self, ratio: f64) -> Verdict {
        match self {
            Self::AtLeast(must, ahead) if ratio >= must => {
                if ratio >= ahead {
                    Verdict::Pass
                } else {
                    Verdict::Near
                }
            }
            Self::AtMost(most) if ratio <= most => Verdict::Pass,
            Self::None => Verdict::Shown,
            Self::AtLeast(..) | Self::AtMost(_) => Verdict::Fail,
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(must, ahead) if must < ahead => write!(f, "≥ {must}, then {ahead}"),
            Self::AtLeast(must, _) => write!(f, "≥ {must}"),
            Self::AtMost(most) => write!(f, "≤ {most}"),
            Self::None => Ok(()),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass => f.write_str("pass"),
            Self::Near => f.write_str("pass, further goal missed"),
            Self::Fail => f.write_str("FAIL"),
            Self::Shown => f.write_str("no goal"),
            Self::Missing(why) => write!(f, "NOT MEASURED: {why}"),
            Self::LeftOut(flag) => write!(f, "left out by {flag}"),
        }
    }
}

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// What ours does.
    pub name: &'static str,
    /// On which database.
    pub database: &'static str,
    /// What it is held against.
    pub against: &'static str,
    /// What is counted, such as `rows/s`.
    pub unit: &'static str,
    /// Where the ratio has to be.
    pub goal: Goal,
}

struct Row {
    measure: Measure,
    compared: Option<Compared>,
    verdict: Verdict,
}

impl Row {
    fn cells(&self) -> [String; 6] {
        let Measure { name, database, against, unit, goal } = &self.measure;
        let (ours, other, ratio) = match &self.compared {
            Some(Compared { ours, denominator, ratio }) => {
                (format!("{} {unit}", figure(*ours)), format!(": {}", figure(*denominator)), format!("{ratio:.2}"))
            }
            None => (String::new(), String::new(), String::new()),
        };
        let verdict = self.verdict.to_string();
        [format!("{name} ({database})"), ours, format!("{against}{other}"), ratio, goal.to_string(), verdict]
    }
}

/// Everything that was measured.
#[derive(Default)]
pub struct Report(Vec<Row>);

impl Report {
    /// Takes a measure's figures, and shows them at once.
    pub fn add(&mut self, measure: Measure, compared: Compared) {
        let verdict = measure.goal.verdict(compared.ratio);
        self.push(Row { measure, compared: Some(compared), verdict });
    }

    /// Marks a measure that could not be taken: it must not look as if it had passed.
    pub fn missing(&mut self, measure: Measure, why: &str) {
        let why = why.lines().next().unwrap_or_default().to_owned();
        self.push(Row { measure, compared: None, verdict: Verdict::Missing(why) });
    }

    /// Marks a measure that ended with an error; the others go on.
    pub fn ended_early(&mut self, name: &'static str, why: &str) {
        self.missing(Measure { name, database: "ended early", against: "", unit: "", goal: Goal::None }, why);
    }

    /// Marks a measure that somebody left out by a flag.
    pub fn left_out(&mut self, measure: Measure, flag: &'static str) {
        self.push(Row { measure, compared: None, verdict: Verdict::LeftOut(flag) });
    }

    fn push(&mut self, row: Row) {
        eprintln!("  {}", row.cells().join("  ").trim_end());
        self.0.push(row);
    }

    /// Whether no goal was missed and nothing is missing.
    pub fn is_well(&self) -> bool {
        !self.0.iter().any(|row| matches!(row.verdict, Verdict::Fail | Verdict::Missing(_)))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN);
        table.set_header(["measure", "ours", "denominator", "ratio", "goal", "verdict"]);
        for row in &self.0 {
            table.add_row(row.cells());
        }
        write!(f, "{table}")
    }
}

/// A figure with three telling digits or more, its thousands apart.
fn figure(value: f64) -> String {
    if value.abs() < 100.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::with_capacity(digits.len() + 4);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && text != "-" {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURE: Measure = Measure {
        name: "POST of 1,000 URLs",
        database: "SQLite",
        against: "raw",
        unit: "rows/s",
        goal: Goal::AtLeast(0.85, 0.92),
    };

    #[test]
    fn a_ratio_is_held_against_its_goal() {
        let cases = [
            (Goal::AtLeast(0.85, 0.92), 0.92, Verdict::Pass),
            (Goal::AtLeast(0.85, 0.92), 0.86, Verdict::Near),
            (Goal::AtLeast(0.85, 0.92), 0.84, Verdict::Fail),
            (Goal::AtMost(1.0), 1.0, Verdict::Pass),
            (Goal::AtMost(1.0), 1.01, Verdict::Fail),
            (Goal::AtLeast(0.85, 0.92), f64::NAN, Verdict::Fail),
            (Goal::AtMost(1.0), f64::NAN, Verdict::Fail),
            (Goal::None, 0.1, Verdict::Shown),
        ];
        for (goal, ratio, expected) in cases {
            assert_eq!(goal.verdict(ratio), expected, "{goal} {ratio}");
        }
    }

    #[test]
    fn the_table_is_markdown_and_shows_what_is_missing() {
        let mut report = Report::default();
        report.add(MEASURE, Compared { ours: 90_000.4, denominator: 100_000.0, ratio: 0.9 });
        assert!(report.is_well());
        report.left_out(MEASURE, "--quick");
        assert!(report.is_well());
        report.missing(MEASURE, "no network\nat all");
        assert!(!report.is_well());
        let text = report.to_string();
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert_eq!(
            lines[2][1..7],
            [
                "POST of 1,000 URLs (SQLite)",
                "90,000 rows/s",
                "raw: 100,000",
                "0.90",
                "≥ 0.85, then 0.92",
                "pass, further goal missed"
            ]
        );
        assert_eq!((lines[3][6], lines[4][6]), ("left out by --quick", "NOT MEASURED: no network"));
    }

    #[test]
    fn figures_are_short() {
        for (value, text) in [
            (0.123, "0.12"),
            (99.0, "99.00"),
            (100.4, "100"),
            (1234.0, "1,234"),
            (1_234_567.0, "1,234,567"),
            (-1234.0, "-1,234"),
        ] {
            assert_eq!(figure(value), text);
        }
    }
}
