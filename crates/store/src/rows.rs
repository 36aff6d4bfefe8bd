//! The parameter of a statement over many rows.

use serde::Serialize;

/// The parameter of an `over_rows!` statement: an array of arrays.
pub(crate) fn rows<Row: Serialize>(rows: impl IntoIterator<Item = Row>) -> String {
    let mut text = vec![b'['];
    for row in rows {
        if text.len() > 1 {
            text.push(b',');
        }
        let before = text.len();
        // Only maps with odd keys and broken writers fail; a row is neither.
        if serde_json::to_writer(&mut text, &row).is_err() {
            text.truncate(before);
            text.extend_from_slice(b"[]");
        }
    }
    text.push(b']');
    // What was written is text.
    String::from_utf8(text).unwrap_or_else(|_| "[]".to_owned())
}
