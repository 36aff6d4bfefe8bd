//! Turns rows of texts, as sheets and separated values have them, into blocks: tables with headers, and what stands
//! between them.

use model::{Block, Span};

/// The most rows that are kept of one sheet.
pub const MAX_ROWS: usize = 10_000;

/// The most columns of a row.
pub const MAX_COLUMNS: usize = 256;

/// The blocks of a sheet. Blank rows part tables; a row with one cell is a line of text.
pub fn blocks(rows: Vec<Vec<String>>) -> Vec<Block> {
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
        blocks.extend(line.map(|text| Block::Paragraph { spans: spans(text) }));
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
            is_used.then(|| spans(cell))
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

fn spans(text: String) -> Vec<Span> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\n'], &crate::line::HARD_BREAK.to_string());
    if text.trim().is_empty() { Vec::new() } else { vec![Span::plain(text)] }
}

/// What to say when rows were left out.
pub fn cut(what: &str) -> String {
    format!("{what} has more than {MAX_ROWS} rows; the first {MAX_ROWS} were read, and the rest is left out")
}
