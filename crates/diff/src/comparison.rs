//! How one text became another: paragraph by paragraph, and word by word where one was edited.

use std::fmt;
use std::ops::Range;

/// How one text became another. Texts are lists of paragraphs.
///
/// ```
/// let old = ["# Refunds", "Refunds take 30 days.", "Ask for one by mail."];
/// let new = ["# Refunds", "Refunds take 14 days.", "Ask for one by mail.", "Fees are not paid back."];
///
/// let comparison = diff::compare(&old, &new);
/// assert!(comparison.is_material());
/// assert_eq!(comparison.summary(), "1 paragraph edited, 1 added; 30 days → 14 days");
/// assert_eq!(diff::apply(&old, &comparison).unwrap(), new);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub(crate) rows: Vec<Row>,
}

/// One paragraph of a comparison. Indices count from 0, `old` in the text before, `new` in the text after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What became of it.
    pub kind: RowKind,
    /// Its index in the old text; `None` when it was added.
    pub old: Option<usize>,
    /// Its index in the new text; `None` when it was removed.
    pub new: Option<usize>,
    /// The runs that lead from its old text to its new one: a single kept one where nothing changed, a single added or removed one
    /// where the whole paragraph came or went, none where it is empty.
    pub runs: Vec<Run>,
    /// Whether what happened to it matters to a reader. Never for a paragraph that stayed.
    pub is_material: bool,
}

/// What became of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// It stayed where it was, letter by letter.
    Same,
    /// It stayed where it was, with other words or another look.
    Edited,
    /// It stands elsewhere among the others; it may have been edited too.
    Moved,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A run of text inside of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Which of the two texts it belongs to.
    pub kind: RunKind,
    /// The text, white space included.
    pub text: String,
}

/// Which of the two texts a run belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunKind {
    /// To both.
    Kept,
    /// To the old one.
    Removed,
    /// To the new one.
    Added,
}

/// How many paragraphs there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Unchanged, in their place.
    pub same: usize,
    /// Edited in their place.
    pub edited: usize,
    /// Elsewhere than before.
    pub moved: usize,
    /// New.
    pub added: usize,
    /// Gone.
    pub removed: usize,
}

/// A part of a comparison as [`Comparison::with_context`] shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Paragraphs to show.
    Rows(&'a [Row]),
    /// So many unchanged paragraphs, left out.
    Skipped(usize),
}

/// The text is not the one that was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    /// The first paragraph that is another one, from 0.
    pub paragraph: usize,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "paragraph {} is not the one that was compared; compare the texts again", self.paragraph + 1)
    }
}

impl std::error::Error for Mismatch {}

impl Comparison {
    /// The paragraphs of both texts in the order in which to read them: that of the new text, with each removed one where
    /// it stood.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether the texts are the same, letter by letter.
    pub fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.kind == RowKind::Same)
    }

    /// Whether any difference matters to a reader. White space, typography, dates of the last update, counters, session ids and
    /// reordered navigation do not; a changed number, price or negation always does. `fixtures/material.toml` has the cases.
    pub fn is_material(&self) -> bool {
        self.rows.iter().any(|row| row.is_material)
    }

    /// How many paragraphs there are of each kind.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for row in &self.rows {
            *counts.of(row.kind) += 1;
        }
        counts
    }

    /// The comparison of the same texts the other way round.
    ///
    /// ```
    /// let (old, new) = (["One.", "Two."], ["Two.", "Three."]);
    /// assert_eq!(diff::compare(&old, &new).mirrored(), diff::compare(&new, &old));
    /// ```
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self::laid_out(self.rows.into_iter().map(Row::mirrored).collect())
    }

    /// The paragraphs that changed, with up to so many unchanged ones before and after each.
    ///
    /// ```
    /// let old = ["a", "b", "c", "d", "e"];
    /// let new = ["a", "b", "c", "d", "E"];
    /// let comparison = diff::compare(&old, &new);
    /// let [diff::Part::Skipped(3), diff::Part::Rows(shown)] = comparison.with_context(1)[..] else { panic!() };
    /// assert_eq!(shown.first().map(|row| row.old), Some(Some(3)));
    /// ```
    pub fn with_context(&self, paragraphs: usize) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        let mut at = 0;
        for shown in self.windows(paragraphs) {
            if shown.start > at {
                parts.push(Part::Skipped(shown.start - at));
            }
            at = shown.end;
            parts.push(Part::Rows(&self.rows[shown]));
        }
        if at < self.rows.len() {
            parts.push(Part::Skipped(self.rows.len() - at));
        }
        parts
    }

    /// The ranges of rows that are shown, apart from each other.
    fn windows(&self, paragraphs: usize) -> Vec<Range<usize>> {
        let mut windows: Vec<Range<usize>> = Vec::new();
        let changed = self.rows.iter().enumerate().filter(|(_, row)| row.kind != RowKind::Same);
        for (at, _) in changed {
            let window =
                at.saturating_sub(paragraphs)..at.saturating_add(paragraphs).saturating_add(1).min(self.rows.len());
            match windows.last_mut() {
                Some(last) if window.start <= last.end => last.end = window.end,
                _ => windows.push(window),
            }
        }
        windows
    }

    /// Rows in reading order. Paragraphs that stayed part the texts into gaps; in a gap first comes what is gone, then what is new.
    pub(crate) fn laid_out(mut rows: Vec<Row>) -> Self {
        let mut anchors: Vec<(usize, usize)> = rows.iter().filter_map(Row::anchor).collect();
        anchors.sort_unstable();
        rows.sort_by_cached_key(|row| match (row.anchor(), row.new, row.old) {
            (Some((old, _)), _, _) => (anchors.partition_point(|anchor| anchor.0 <= old), 0, 0),
            (None, Some(new), _) => (anchors.partition_point(|anchor| anchor.1 < new), 2, new),
            (None, None, old) => {
                let old = old.unwrap_or_default();
                (anchors.partition_point(|anchor| anchor.0 < old), 1, old)
            }
        });
        Self { rows }
    }
}

impl Row {
    /// The text as it was; `None` for an added paragraph.
    pub fn old_text(&self) -> Option<String> {
        self.old.map(|_| self.text(RunKind::Removed))
    }

    /// The text as it is; `None` for a removed paragraph.
    pub fn new_text(&self) -> Option<String> {
        self.new.map(|_| self.text(RunKind::Added))
    }

    fn text(&self, side: RunKind) -> String {
        let runs = self.runs.iter().filter(|run| run.kind == RunKind::Kept || run.kind == side);
        runs.map(|run| run.text.as_str()).collect()
    }

    /// Its two indices when it stayed in its place.
    fn anchor(&self) -> Option<(usize, usize)> {
        matches!(self.kind, RowKind::Same | RowKind::Edited).then(|| self.old.zip(self.new)).flatten()
    }

    fn mirrored(self) -> Self {
        let kind = match self.kind {
            RowKind::Added => RowKind::Removed,
            RowKind::Removed => RowKind::Added,
            other => other,
        };
        Self { kind, old: self.new, new: self.old, runs: mirrored(self.runs), ..self }
    }
}

/// In each edit what is removed comes first.
fn mirrored(mut runs: Vec<Run>) -> Vec<Run> {
    for run in &mut runs {
        run.kind = match run.kind {
            RunKind::Kept => RunKind::Kept,
            RunKind::Removed => RunKind::Added,
            RunKind::Added => RunKind::Removed,
        };
    }
    for at in 1..runs.len() {
        if runs[at - 1].kind == RunKind::Added && runs[at].kind == RunKind::Removed {
            runs.swap(at - 1, at);
        }
    }
    runs
}

impl Counts {
    fn of(&mut self, kind: RowKind) -> &mut usize {
        match kind {
            RowKind::Same => &mut self.same,
            RowKind::Edited => &mut self.edited,
            RowKind::Moved => &mut self.moved,
            RowKind::Added => &mut self.added,
            RowKind::Removed => &mut self.removed,
        }
    }
}

/// The new text, made from the old one and what became of it.
///
/// # Errors
/// [`Mismatch`] when `old` is not the old text of the comparison.
pub fn apply<P: AsRef<str>>(old: &[P], comparison: &Comparison) -> Result<Vec<String>, Mismatch> {
    let mut seen = 0;
    for row in &comparison.rows {
        let Some(at) = row.old else { continue };
        let is_it = old.get(at).map(AsRef::as_ref) == row.old_text().as_deref();
        if !is_it {
            return Err(Mismatch { paragraph: at });
        }
        seen += 1;
    }
    if seen < old.len() {
        return Err(Mismatch { paragraph: seen });
    }
    let mut placed: Vec<(usize, String)> =
        comparison.rows.iter().filter_map(|row| row.new.zip(row.new_text())).collect();
    placed.sort_unstable_by_key(|(at, _)| *at);
    Ok(placed.into_iter().map(|(_, text)| text).collect())
}
