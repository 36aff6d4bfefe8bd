//! The tables: what each file took and how it ended, beside the bounds.

use std::fmt;

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

use crate::measure::Cost;
use crate::stack::Page;

/// Processor time of any file, in seconds.
const MAX_CPU_SECS: f64 = 5.0;
/// Memory of any file, in KiB.
const MAX_PEAK_KIB: u64 = 512 * 1024;
/// Processor time of the pages that are read on a small stack, in seconds.
const MAX_PAGE_SECS: f64 = 1.0;
/// A longer reason is cut.
const LONGEST_REASON: usize = 110;

/// A file and what it took.
pub struct Row {
    pub ending: &'static str,
    pub name: String,
    pub bytes: u64,
    pub cost: Cost,
}

/// Everything that was measured.
pub struct Report {
    pub rows: Vec<Row>,
    pub pages: Vec<Page>,
}

impl Report {
    /// Whether everything ended well and within bounds.
    pub fn is_well(&self) -> bool {
        self.rows.iter().all(Row::is_well) && self.pages.iter().all(|page| page.cpu_secs <= MAX_PAGE_SECS)
    }
}

impl Row {
    fn is_well(&self) -> bool {
        self.cost.cpu_secs <= MAX_CPU_SECS && self.cost.peak_kib <= MAX_PEAK_KIB && self.outcome().is_some()
    }

    /// The text or the reason; nothing when there is neither.
    fn outcome(&self) -> Option<String> {
        let line = self.cost.said.lines().find(|line| !line.trim().is_empty());
        let said = line.map(|line| line.rsplit_once(&format!(".{}: ", self.ending)).map_or(line, |(_, said)| said));
        let said = said.map(|said| said.chars().take(LONGEST_REASON).collect::<String>().replace('|', "\\|"));
        match (self.cost.status, said) {
            (Some(0), None) if self.cost.text > 0 => Some(format!("text, {}", size(self.cost.text))),
            (Some(0), Some(warning)) if self.cost.text > 0 => {
                Some(format!("text, {}; {warning}", size(self.cost.text)))
            }
            (Some(1), Some(reason)) if !reason.contains("panic") => Some(reason),
            _ => None,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_well() { "" } else { " BEYOND BOUNDS" };
        let outcome = self.outcome().unwrap_or_else(|| format!("status {:?}: {}", self.cost.status, self.cost.said));
        let (cpu, peak) = (self.cost.cpu_secs, mib(self.cost.peak_kib * 1024));
        write!(f, "{} {}: {cpu:.2} s, {peak:.0} MiB, {outcome}{verdict}", self.ending, self.name)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN);
        table.set_header(["format", "what is in it", "MiB", "CPU s", "peak MiB", "outcome"]);
        for row in &self.rows {
            let verdict = if row.is_well() { "" } else { "**beyond bounds:** " };
            let outcome = row.outcome().unwrap_or_else(|| "neither text nor reason".to_owned());
            table.add_row([
                row.ending.to_owned(),
                row.name.replace('|', "\\|"),
                format!("{:.1}", mib(row.bytes)),
                format!("{:.2}", row.cost.cpu_secs),
                format!("{:.0}", mib(row.cost.peak_kib * 1024)),
                format!("{verdict}{outcome}"),
            ]);
        }
        write!(f, "{table}")?;
        if self.pages.is_empty() {
            return Ok(());
        }
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN);
        table.set_header(["page on a stack of 2 MiB", "MiB", "CPU s", "outcome"]);
        for page in &self.pages {
            let verdict = if page.cpu_secs <= MAX_PAGE_SECS { "" } else { "**beyond bounds:** " };
            table.add_row([
                page.name.to_owned(),
                format!("{:.1}", mib(page.bytes)),
                format!("{:.2}", page.cpu_secs),
                format!("{verdict}{}", page.outcome),
            ]);
        }
        write!(f, "\n\n{table}")
    }
}

fn size(bytes: u64) -> String {
    if bytes < 1024 * 1024 { format!("{} KiB", bytes.div_ceil(1024)) } else { format!("{:.1} MiB", mib(bytes)) }
}

#[expect(clippy::cast_precision_loss, reason = "a size for people is rounded anyway")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_and_ends_are_judged() {
        let row = |cpu_secs, peak_kib, text, status, said: &str| {
            let cost = Cost { wall_secs: 9.0, cpu_secs, peak_kib, text, status, said: said.to_owned() };
            Row { ending: "html", name: "a | b".to_owned(), bytes: 20 << 20, cost }
        };
        let cases = [
            (row(4.9, 512 * 1024, 2_000, Some(0), ""), Some("text, 2 KiB")),
            (row(1.0, 9, 2 << 20, Some(0), "gleaner: /x/1.html: warning: cut\n"), Some("text, 2.0 MiB; warning: cut")),
            (row(1.0, 9, 0, Some(1), "error: /x/1.html: empty_content: no text\n"), Some("empty_content: no text")),
            (row(5.1, 9, 9, Some(0), ""), None),
            (row(1.0, 512 * 1024 + 1, 9, Some(0), ""), None),
            (row(1.0, 9, 0, Some(0), ""), None),
            (row(1.0, 9, 0, Some(101), "panicked"), None),
            (row(1.0, 9, 0, None, "out of memory"), None),
        ];
        for (row, expected) in cases {
            assert_eq!(row.is_well().then(|| row.outcome().unwrap()).as_deref(), expected, "{row}");
            let report = Report { rows: vec![row], pages: Vec::new() };
            assert_eq!(report.is_well(), expected.is_some());
            assert_eq!(report.to_string().contains("beyond bounds"), expected.is_none());
        }
    }
}
