//! `--batch`: every page of a folder, one after the other, and how long the extraction alone took.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use extract::Hint;
use flate2::read::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;

use super::written::{ending, written};
use crate::args::extract::Format;
use crate::output;

/// A line of `gold.jsonl`.
#[derive(Deserialize)]
struct Gold {
    id: String,
    url: Option<String>,
}

/// What the run has measured.
#[derive(Default)]
struct Tally {
    times: Vec<Duration>,
    bytes: usize,
    without_text: usize,
}

pub fn run(folder: &Path, out: &Path, format: Format, hint: &Hint) -> anyhow::Result<()> {
    let (pages, urls) = (pages(folder)?, urls(folder)?);
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let bar = bar(pages.len());
    let mut tally = Tally::default();
    for (id, path) in &pages {
        let bytes = unpacked(path).and_then(|mut input| read(&mut input)).with_context(|| unreadable(path))?;
        let hint =
            Hint { content_type: Some("text/html".to_owned()), url: urls.get(id).cloned().flatten(), ..hint.clone() };
        let started = Instant::now();
        let found = extract::extract(&bytes, &hint);
        tally.times.push(started.elapsed());
        tally.bytes += bytes.len();
        let text = match found {
            Ok(found) => written(&found, format)?,
            Err(failure) => {
                tally.without_text += 1;
                bar.suspend(|| eprintln!("gleaner: {id}: {failure}"));
                String::new()
            }
        };
        let path = out.join(format!("{id}.{}", ending(format)));
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    output::line(tally.report())
}

impl Tally {
    fn report(mut self) -> String {
        self.times.sort_unstable();
        let sum: Duration = self.times.iter().sum();
        let (count, secs) = (self.times.len(), sum.as_secs_f64().max(f64::MIN_POSITIVE));
        let (pages, megabytes) = (count_of(count) / secs, count_of(self.bytes) / 1e6 / secs);
        let at = |percent: usize| ms(self.times[(count * percent).div_ceil(100).clamp(1, count) - 1]);
        let peak = peak_memory().map_or_else(String::new, |mib| format!("; peak memory {mib} MiB"));
        format!(
            "{count} pages, {} without text; {pages:.0} pages/s, {megabytes:.1} MB/s of extraction on one core; \
             a page takes p50 {}, p99 {}, max {}{peak}",
            self.without_text,
            at(50),
            at(99),
            at(100),
        )
    }
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// Counts of pages and bytes are far below where `f64` is no longer exact.
#[expect(clippy::cast_precision_loss, reason = "a rate is rounded anyway")]
fn count_of(number: usize) -> f64 {
    number as f64
}

/// The pages by id, in its order.
fn pages(folder: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let html = folder.join("html");
    let entries = fs::read_dir(&html).with_context(|| {
        format!("cannot read {}; --batch takes a folder that holds html/ID.html[.gz]", html.display())
    })?;
    let mut pages = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        if let Some(id) = plain.strip_suffix(".html") {
            pages.push((id.to_owned(), path.clone()));
        }
    }
    ensure!(!pages.is_empty(), "{} holds no ID.html or ID.html.gz", html.display());
    pages.sort_unstable();
    Ok(pages)
}

/// The address of each page that has one.
fn urls(folder: &Path) -> anyhow::Result<HashMap<String, Option<String>>> {
    let files = ["gold.jsonl", "gold.jsonl.gz"].map(|name| folder.join(name));
    let Some(path) = files.into_iter().find(|path| path.exists()) else { return Ok(HashMap::new()) };
    let lines = BufReader::new(unpacked(&path).with_context(|| unreadable(&path))?).lines();
    lines
        .enumerate()
        .map(|(number, line)| {
            let at = || format!("{}:{}: a line is a JSON object with `id` and `url`", path.display(), number + 1);
            let gold: Gold = serde_json::from_str(&line.with_context(at)?).with_context(at)?;
            Ok((gold.id, gold.url))
        })
        .collect()
}

fn unpacked(path: &Path) -> anyhow::Result<Box<dyn Read>> {
    let file = File::open(path)?;
    let is_packed = path.extension().is_some_and(|extension| extension == "gz");
    Ok(if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
}

fn read(input: &mut dyn Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(path: &Path) -> String {
    format!("cannot read {}", path.display())
}

/// A bar on a terminal, nothing elsewhere.
fn bar(pages: usize) -> ProgressBar {
    let bar = ProgressBar::new(pages as u64);
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} pages, {per_sec}, {eta} left");
    // A template that is wrong leaves the usual look.
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}

/// The most memory that this process has had, in MiB; known on Linux only.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_ranks_the_times() {
        let times = (1..=200).map(Duration::from_millis).rev().collect();
        let report = Tally { times, bytes: 20_100_000, without_text: 3 }.report();
        let expected = "200 pages, 3 without text; 10 pages/s, 1.0 MB/s of extraction on one core; a page takes p50 100.00 ms, \
            p99 198.00 ms, max 200.00 ms";
        assert!(report.starts_with(expected), "{report}");
    }
}
