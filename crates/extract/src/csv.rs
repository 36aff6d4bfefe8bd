//! Reads separated values: which sign separates them is found out, and quotes are honoured.

use crate::reading::Reading;
use crate::sheet::{self, MAX_COLUMNS};

const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// How many rows decide which sign separates.
const SAMPLE: usize = 50;

/// Reads a text.
pub fn read(text: &str) -> Reading {
    // Excel's own way to say it.
    let (separator, text) = match text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')) {
        Some((sign, rest)) => (sign.trim_end_matches('\r').chars().next(), rest),
        None => (None, text),
    };
    let separator = separator.or_else(|| separator_of(text)).unwrap_or(',');
    let mut kept = sheet::Rows::default();
    for row in (Rows { text, separator }) {
        if !kept.push(row) {
            break;
        }
    }
    let (blocks, warnings) = kept.finish("the file");
    Reading { blocks, warnings, ..Reading::default() }
}

/// Whether a text is separated values beyond doubt: some rows, each with the same number of three or more cells.
pub fn is_regular(text: &str) -> bool {
    // The last line may be cut.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let Some(separator) = separator_of(whole) else { return false };
    let counts: Vec<usize> = Rows { text: whole, separator }.take(SAMPLE).map(|row| row.len()).collect();
    counts.len() >= 3 && counts[0] >= 3 && counts.iter().all(|count| *count == counts[0])
}

/// The sign that cuts the most rows into the same number of cells.
fn separator_of(text: &str) -> Option<char> {
    let score = |separator: char| {
        let counts: Vec<usize> = Rows { text, separator }.take(SAMPLE).map(|row| row.len()).collect();
        let usual =
            counts.iter().copied().max_by_key(|count| (counts.iter().filter(|other| *other == count).count(), *count));
        let usual = usual.filter(|count| *count > 1)?;
        Some((counts.iter().filter(|count| **count == usual).count() * 1_000 / counts.len().max(1), usual, separator))
    };
    SEPARATORS.into_iter().filter_map(score).max_by_key(|(share, usual, _)| (*share, *usual)).map(|found| found.2)
}

/// The rows of a text.
struct Rows<'a> {
    text: &'a str,
    separator: char,
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.text.is_empty() {
            return None;
        }
        let (mut row, mut cell) = (Vec::new(), String::new());
        let (mut is_quoted, mut end) = (false, self.text.len());
        let mut signs = self.text.char_indices().peekable();
        while let Some((at, sign)) = signs.next() {
            match sign {
                '"' if is_quoted && signs.peek().is_some_and(|(_, next)| *next == '"') => {
                    cell.push('"');
                    signs.next();
                }
                '"' if is_quoted => is_quoted = false,
                '"' if cell.trim().is_empty() => {
                    is_quoted = true;
                    cell.clear();
                }
                '\n' | '\r' if !is_quoted => {
                    let is_pair = sign == '\r' && signs.peek().is_some_and(|(_, next)| *next == '\n');
                    end = at + 1 + usize::from(is_pair);
                    break;
                }
                sign if sign == self.separator && !is_quoted => push(&mut row, &mut cell),
                sign => cell.push(sign),
            }
        }
        push(&mut row, &mut cell);
        self.text = &self.text[end..];
        Some(row)
    }
}

/// Adds a cell. Of those beyond the last column the first that is not blank is kept, to tell that there was one.
fn push(row: &mut Vec<String>, cell: &mut String) {
    let cell = std::mem::take(cell);
    if row.len() < MAX_COLUMNS || (row.len() == MAX_COLUMNS && !cell.trim().is_empty()) {
        row.push(cell);
    }
}

#[cfg(test)]
mod tests;
