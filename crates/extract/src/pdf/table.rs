//! Finds tables: runs of lines whose cells stand in columns.

use model::{Block, Span};

use super::hyphens::Words;
use super::line::{Line, Segment};
use super::marker;

/// A run of lines of a part.
pub enum Run {
    Lines(Vec<Line>),
    Table(Block),
}

/// Cuts the lines of a part into tables and what stands between them.
pub fn runs(lines: Vec<Line>, words: &Words) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut plain: Vec<Line> = Vec::new();
    let mut rest = lines.into_iter().peekable();
    while let Some(line) = rest.next() {
        if line.cells.len() < 2 || is_item(&line) {
            plain.push(line);
            continue;
        }
        let mut rows = vec![line];
        while let Some(next) = rest.next_if(|next| belongs(&rows, next)) {
            rows.push(next);
        }
        match table(&rows, words) {
            Some(table) => {
                runs.push(Run::Lines(std::mem::take(&mut plain)));
                runs.push(Run::Table(table));
            }
            None => plain.extend(rows),
        }
    }
    runs.push(Run::Lines(plain));
    runs.retain(|run| !matches!(run, Run::Lines(lines) if lines.is_empty()));
    runs
}

/// A mark and its text are a list, and a title and its page a table of contents.
fn is_item(line: &Line) -> bool {
    let first = line.cells.first().map(|cell| cell.text().trim().to_owned()).unwrap_or_default();
    let ends_as_mark = |sign: char| matches!(sign, '.' | ')' | '·') || marker::is_bullet(sign);
    let is_mark = first.chars().count() <= 4 && first.ends_with(ends_as_mark);
    (line.cells.len() == 2 && is_mark) || line.text().contains(". . .") || line.text().contains("....")
}

/// Whether a line goes on with the rows of a table: near below, and its cells under theirs.
fn belongs(rows: &[Line], next: &Line) -> bool {
    let Some(last) = rows.last() else { return false };
    let step = next.y - last.y;
    let is_near = step > 0.0 && step < 2.6 * last.size.max(next.size) && next.size < 1.3 * last.size;
    if !is_near || is_item(next) {
        return false;
    }
    if next.cells.len() > 1 {
        return true;
    }
    // A single cell may go on with one above, but only inside of a column.
    let columns = columns(rows);
    let fits = next
        .cells
        .first()
        .is_some_and(|cell| columns.iter().any(|column| cell.x > column.0 - 3.0 && cell.end < column.1 + 3.0));
    fits && step < 1.5 * last.size && columns.len() > 1
}

/// Where the columns begin and end: the gaps that no cell crosses part them.
fn columns(rows: &[Line]) -> Vec<(f64, f64)> {
    let mut cells: Vec<(f64, f64)> = rows.iter().flat_map(|row| &row.cells).map(|cell| (cell.x, cell.end)).collect();
    cells.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut columns: Vec<(f64, f64)> = Vec::new();
    for (x, end) in cells {
        match columns.last_mut() {
            Some(last) if x < last.1 + 2.0 => last.1 = last.1.max(end),
            _ => columns.push((x, end)),
        }
    }
    columns
}

/// The table, when there are enough rows and columns that it is no accident.
fn table(rows: &[Line], words: &Words) -> Option<Block> {
    let columns = columns(rows);
    let is_table = columns.len() >= 2 && rows.len() >= if columns.len() > 2 { 2 } else { 3 };
    if !is_table {
        return None;
    }
    let mut lines: Vec<Vec<Vec<Span>>> = Vec::new();
    let mut bottom = f64::NEG_INFINITY;
    for row in rows {
        let starts_empty = row.cells.first().is_some_and(|cell| cell.x > columns[0].1);
        let goes_on = starts_empty && row.y - bottom < 1.45 * row.size && row.cells.len() < columns.len();
        bottom = row.y;
        if !goes_on || lines.is_empty() {
            lines.push(vec![Vec::new(); columns.len()]);
        }
        let Some(line) = lines.last_mut() else { continue };
        for cell in &row.cells {
            if let Some(column) = columns.iter().position(|column| cell.x < column.1) {
                fill(&mut line[column], cell, words);
            }
        }
    }
    let is_bold = |row: &Line| row.is_all(|face| face.is_bold);
    let has_header = lines.len() > 1 && lines[0].iter().all(|cell| !cell.is_empty()) && {
        let words = |line: &[Vec<Span>]| line.iter().flatten().all(|span| span.text.chars().any(char::is_alphabetic));
        (rows.first().is_some_and(is_bold) && !rows.last().is_some_and(is_bold))
            || (words(&lines[0]) && !lines[1..].iter().all(|line| words(line)))
    };
    let header = if has_header { lines.remove(0) } else { Vec::new() };
    Some(Block::Table { header, rows: lines })
}

fn fill(cell: &mut Vec<Span>, segment: &Segment, words: &Words) {
    let text = segment.text();
    match cell.last_mut() {
        Some(last) => {
            match words.joins(&last.text, &text) {
                Some(true) => {}
                Some(false) => drop(last.text.pop()),
                None => last.text.push('\n'),
            }
            last.text.push_str(text.trim());
        }
        None => cell.push(Span::plain(text.trim())),
    }
}
