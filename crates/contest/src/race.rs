//! Runs the readers in turns, so that all share every disturbance, and scores what they wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::gauge::Score;
use crate::reader::Timed;
use crate::sets::{Page, Set};

/// A program that extracts.
#[derive(Debug, Clone)]
pub struct Reader {
    /// What it is called in the table, with its version.
    pub name: String,
    pub program: PathBuf,
    pub arguments: Vec<String>,
}

/// What a reader came to on one set.
#[derive(Debug)]
pub struct Outcome {
    pub reader: String,
    pub set: String,
    /// One score a page, beside its type.
    pub scores: Vec<(String, Score)>,
    /// The median of the rounds, in pages a second of extraction alone.
    pub pages_per_second: f64,
}

/// Ours first, then the others; each round begins with the next one.
pub fn run(sets: &[Set], readers: &[Reader], rounds: usize, scratch: &Path) -> Result<Vec<Outcome>> {
    let mut speeds = vec![Vec::new(); sets.len() * readers.len()];
    for round in 0..rounds {
        for turn in 0..readers.len() {
            let at = (turn + round) % readers.len();
            for (number, set) in sets.iter().enumerate() {
                eprintln!("round {} of {rounds}: {} on {}", round + 1, readers[at].name, set.name);
                let timed = readers[at].read(set, &out(scratch, at, set))?;
                speeds[at * sets.len() + number].push(rate(&timed));
            }
        }
    }
    let mut results = Vec::new();
    for (at, reader) in readers.iter().enumerate() {
        for (number, set) in sets.iter().enumerate() {
            let scores = scores(set, &out(scratch, at, set));
            let pages_per_second = median(&mut speeds[at * sets.len() + number]);
            results.push(Outcome { reader: reader.name.clone(), set: set.name.clone(), scores, pages_per_second });
        }
    }
    Ok(results)
}

impl Reader {
    fn read(&self, set: &Set, out: &Path) -> Result<Timed> {
        fs::create_dir_all(out)?;
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).arg(&set.index).arg(out);
        // One core each: what could use more is told not to.
        command.env("RAYON_NUM_THREADS", "1").env("OMP_NUM_THREADS", "1").stdin(Stdio::null()).stderr(Stdio::inherit());
        let output = command.output().with_context(|| format!("{} could not be started", self.name))?;
        ensure!(output.status.success(), "{} ended with {} on {}", self.name, output.status, set.name);
        let said = String::from_utf8_lossy(&output.stdout);
        let last = said.lines().next_back().unwrap_or_default();
        let timed: Timed = serde_json::from_str(last).with_context(|| format!("{} said {last:?}", self.name))?;
        ensure!(timed.pages == set.pages.len(), "{} read {} of {} pages", self.name, timed.pages, set.pages.len());
        Ok(timed)
    }
}

fn out(scratch: &Path, reader: usize, set: &Set) -> PathBuf {
    scratch.join(format!("out-{reader}")).join(&set.name)
}

/// A page that has no file has no text.
fn scores(set: &Set, out: &Path) -> Vec<(String, Score)> {
    let text = |page: &Page| {
        let bytes = fs::read(out.join(format!("{}.txt", page.id))).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    set.pages.iter().map(|page| (page.kind.clone(), Score::of(page, &text(page)))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "pages are few")]
fn rate(timed: &Timed) -> f64 {
    timed.pages as f64 / timed.secs.max(f64::MIN_POSITIVE)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        count if count % 2 == 1 => values[count / 2],
        count => f64::midpoint(values[count / 2 - 1], values[count / 2]),
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(&mut []), 0.0);
    }
}
