//! Watches documents until each has ended, and shows how they stand: moving lines on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use web::wire::Document;

use crate::place;

/// More moving lines than this are no help; then there is one bar for all.
const MOST_LINES: usize = 20;

/// One watched document.
#[derive(Debug)]
pub struct Watched {
    pub id: String,
    /// The document when it had ended.
    pub ended: Option<Document>,
    pub took: Duration,
    shown: String,
    line: Option<ProgressBar>,
}

impl Watched {
    /// That it has not ended, and how it stood when it was last looked at.
    pub fn unfinished(&self) -> String {
        if self.shown.is_empty() { "not finished".to_owned() } else { format!("not finished; {}", self.shown) }
    }
}

/// A set of documents and the lines that show them.
#[derive(Debug)]
pub struct Watch {
    pub documents: Vec<Watched>,
    started: Instant,
    lines: Lines,
}

#[derive(Debug)]
enum Lines {
    /// Moving lines, one a document.
    Each,
    /// One moving bar.
    Together(ProgressBar),
    /// Plain lines, one a change.
    Plain,
    Silent,
}

impl Watch {
    /// Starts to watch. `quiet` shows nothing.
    pub fn new(ids: Vec<String>, quiet: bool) -> Self {
        let lines = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Lines::Silent,
            (false, false) => Lines::Plain,
            (false, true) if ids.len() <= MOST_LINES => Lines::Each,
            (false, true) => Lines::Together(bar(ids.len())),
        };
        let screen = MultiProgress::new();
        let line = |_: &String| matches!(lines, Lines::Each).then(|| screen.add(spinner()));
        let documents = ids
            .into_iter()
            .map(|id| Watched { line: line(&id), id, ended: None, took: Duration::ZERO, shown: String::new() })
            .collect();
        Self { documents, started: Instant::now(), lines }
    }

    /// The ids of the documents that have not ended.
    pub fn unfinished(&self) -> Vec<String> {
        self.documents.iter().filter(|watched| watched.ended.is_none()).map(|watched| watched.id.clone()).collect()
    }

    /// Takes in how a document stands; `phase` is a better word for `IN_PROGRESS` where one is known.
    pub fn update(&mut self, document: Document, phase: Option<&str>) {
        let took = self.started.elapsed();
        let Some(watched) = self.documents.iter_mut().find(|watched| watched.id == document.id) else { return };
        let standing = phase.map_or_else(|| place::standing(&document), str::to_owned);
        if standing != watched.shown {
            match &self.lines {
                Lines::Each => watched
                    .line
                    .iter()
                    .for_each(|line| line.set_message(format!("{}  {standing}", document.original_url))),
                Lines::Plain => eprintln!("{}  {standing}", document.original_url),
                Lines::Together(_) | Lines::Silent => {}
            }
            watched.shown = standing;
        }
        if place::has_ended(&document) {
            watched.took = took;
            if let Some(line) = &watched.line {
                line.finish();
            }
            if let Lines::Together(bar) = &self.lines {
                bar.inc(1);
            }
            watched.ended = Some(document);
        }
    }

    /// Leaves the screen as it is.
    pub fn finish(&self) {
        if let Lines::Together(bar) = &self.lines {
            bar.abandon();
        }
    }
}

fn spinner() -> ProgressBar {
    // `wide_msg` is cut at the width of the terminal; a longer line could not be drawn over.
    let style =
        ProgressStyle::with_template("{spinner} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
    let line = ProgressBar::new_spinner().with_style(style);
    line.enable_steady_tick(Duration::from_millis(120));
    line
}

fn bar(length: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} documents, {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(length as u64).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}
