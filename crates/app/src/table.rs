//! Tables for people: fitted to the terminal, one line a row elsewhere.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};

/// Below this width long texts stand under each other in one column.
const WIDE: u16 = 140;

/// An empty table. The column headed `ID` is never broken, so that it can be copied.
pub fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
    if let Some(column) = header.iter().position(|name| *name == "ID").and_then(|place| table.column_mut(place)) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}

/// A table of documents: some short columns, then title, reason and id, beside or below each other as the width allows.
pub struct Documents<const N: usize> {
    table: Table,
    is_narrow: bool,
}

impl<const N: usize> Documents<N> {
    /// An empty table with these short columns.
    pub fn new(short: [&str; N]) -> Self {
        let is_narrow = Table::new().width().is_some_and(|width| width < WIDE);
        let long: &[&str] = if is_narrow { &["DOCUMENT"] } else { &["TITLE", "REASON", "ID"] };
        let mut table = table(short);
        table.set_header(short.iter().chain(long).copied().collect::<Vec<_>>());
        if !is_narrow && let Some(column) = table.column_mut(N + 2) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        Self { table, is_narrow }
    }

    /// Adds a document.
    pub fn add(&mut self, short: [&str; N], title: &str, reason: &str, id: &str) {
        let mut cells: Vec<String> = short.iter().map(ToString::to_string).collect();
        if self.is_narrow {
            let lines = [title, reason, id].into_iter().filter(|line| !line.is_empty());
            cells.push(lines.collect::<Vec<_>>().join("\n"));
        } else {
            cells.extend([title, reason, id].map(str::to_owned));
        }
        self.table.add_row(cells);
    }

    /// The table, ready to print.
    pub fn finish(self) -> Table {
        self.table
    }
}
