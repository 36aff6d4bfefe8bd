//! The parameter of a statement over many rows.

use serde::Serialize;

/// The parameter of an `over_rows!` statement: an array of arrays.
pub(crate) fn rows<Row: Serialize>(rows: impl IntoIterator<Item = Row>) -> String {
    let mut text = String::from("[");
    for row in rows {
        if text.len() > 1 {
            text.push(',');
        }
        // Only maps with odd keys and broken writers fail; a row is neither.
        text.push_str(&serde_json::to_string(&row).unwrap_or_else(|_| "[]".to_owned()));
    }
    text.push(']');
    text
}
