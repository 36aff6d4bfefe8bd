//! Tables for people: fitted to the terminal, one line a row elsewhere.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};

/// An empty table. The column headed `ID` is never broken, so that it can be copied.
pub fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
    if let Some(column) = header.iter().position(|name| *name == "ID").and_then(|place| table.column_mut(place)) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}
