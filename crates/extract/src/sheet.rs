//! Turns rows of texts, as sheets and separated values have them, into blocks: tables with headers, and what stands
//! between them.

use model::{Block, Span};

/// The most rows that are kept of one sheet.
const MAX_ROWS: usize = 10_000;

/// The most columns of a row.
pub const MAX_COLUMNS: usize = 256;

/// The most cells that are kept of one sheet, blank ones counted.
const MAX_CELLS: usize = 300_000;

/// The rows of a sheet, up to a cap.
#[derive(Default)]
pub struct Rows {
    filled: Vec<Vec<String>>,
    cells: usize,
    is_cut: bool,
    /// Whether a cell that is not blank stood beyond the last column.
    is_narrowed: bool,
}

impl Rows {
    /// Adds a row; false when it found no room.
    pub fn push(&mut self, mut row: Vec<String>) -> bool {
        self.is_narrowed |= row.iter().skip(MAX_COLUMNS).any(|cell| !cell.trim().is_empty());
        row.truncate(MAX_COLUMNS);
        self.cells += row.len();
        self.is_cut |= self.filled.len() >= MAX_ROWS || self.cells > MAX_CELLS;
        if !self.is_cut {
            self.filled.push(row);
        }
        !self.is_cut
    }

    /// Notes that a cell beyond the last column was left out.
    pub fn narrow(&mut self) {
        self.is_narrowed = true;
    }

    /// The rows so far.
    pub fn as_mut(&mut self) -> &mut [Vec<String>] {
        &mut self.filled
    }

    /// The blocks of the sheet, and what to say when rows or columns were left out.
    pub fn finish(self, what: &str) -> (Vec<Block>, Vec<String>) {
        let left_out = |long: &str, kept: usize, parts: &str| {
            format!("{what} is very {long}; its first {kept} {parts} were read, and the rest is left out")
        };
        let cut = self.is_cut.then(|| left_out("long", self.filled.len(), "rows"));
        let narrowed = self.is_narrowed.then(|| left_out("wide", MAX_COLUMNS, "columns"));
        (blocks(self.filled), cut.into_iter().chain(narrowed).collect())
    }
}

/// Blank rows part tables; a row with one cell is a line of text.
fn blocks(rows: Vec<Vec<String>>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    for row in rows {
        let filled = row.iter().filter(|cell| !cell.trim().is_empty()).count();
        if filled > 1 || (filled == 1 && table.len() > 1) {
            table.push(row);
            continue;
        }
        blocks.extend(finish(std::mem::take(&mut table)));
        let line = row.into_iter().find(|cell| !cell.trim().is_empty());
        blocks.extend(line.map(|text| Block::Paragraph { spans: spans(&text) }));
    }
    blocks.extend(finish(table));
    blocks
}

/// The table without columns that are empty throughout.
fn finish(rows: Vec<Vec<String>>) -> Option<Block> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0).min(MAX_COLUMNS);
    let mut used = vec![false; width];
    for row in &rows {
        for (column, cell) in row.iter().take(width).enumerate() {
            used[column] |= !cell.trim().is_empty();
        }
    }
    let has_header = is_header(&rows);
    let mut lines: Vec<Vec<Vec<Span>>> = Vec::with_capacity(rows.len());
    for row in rows {
        let mut cells = row.into_iter().chain(std::iter::repeat_with(String::new));
        let kept = used.iter().filter_map(|is_used| {
            let cell = cells.next().unwrap_or_default();
            is_used.then(|| spans(&cell))
        });
        lines.push(kept.collect());
    }
    if lines.is_empty() {
        return None;
    }
    let header = if has_header { lines.remove(0) } else { Vec::new() };
    Some(Block::Table { header, rows: lines })
}

/// The first row names the columns when it is all words and a row follows.
fn is_header(rows: &[Vec<String>]) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    let filled: Vec<&String> = first.iter().filter(|cell| !cell.trim().is_empty()).collect();
    let are_words = filled.iter().all(|cell| cell.chars().any(char::is_alphabetic) || cell.starts_with('#'));
    let mut names: Vec<&&String> = filled.iter().collect();
    names.sort_unstable();
    names.dedup();
    !rest.is_empty() && are_words && names.len() == filled.len() && filled.len() > 1
}

fn spans(text: &str) -> Vec<Span> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\n'], &crate::line::HARD_BREAK.to_string());
    if text.trim().is_empty() { Vec::new() } else { vec![Span::plain(text)] }
}
