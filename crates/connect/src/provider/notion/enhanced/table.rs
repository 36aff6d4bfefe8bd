//! Tables of enhanced Markdown, which are written in tags. Pure.

use super::inline::inline;
use super::tag::Tag;

/// A table: its head, which may be empty, and its rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The cells of the head.
    pub head: Vec<String>,
    /// The cells of the other rows.
    pub rows: Vec<Vec<String>>,
}

/// Reads from `<table …>` to `</table>`, or to the end of the text.
pub fn read(text: &str) -> Table {
    let has_head = Tag::read(text).is_some_and(|tag| tag.attribute("header-row") == "true");
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut cell: Option<usize> = None;
    let mut here = 0;
    while let Some(letter) = text[here..].chars().next() {
        let rest = &text[here..];
        let Some(tag) = Tag::read(rest) else {
            // An escaped bracket is a letter of its cell.
            here +=
                if letter == '\\' { 1 + rest[1..].chars().next().map_or(0, char::len_utf8) } else { letter.len_utf8() };
            continue;
        };
        match (tag.name.as_str(), tag.is_end) {
            ("tr", false) => rows.push(Vec::new()),
            ("td" | "th", false) => cell = Some(here + tag.length),
            ("td" | "th", true) => {
                if let (Some(start), Some(row)) = (cell.take(), rows.last_mut()) {
                    row.push(inline(&text[start..here].split_whitespace().collect::<Vec<_>>().join(" ")));
                }
            }
            ("table", true) => break,
            _ => {}
        }
        here += tag.length;
    }
    let head = if has_head && !rows.is_empty() { rows.remove(0) } else { Vec::new() };
    Table { head, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_however_they_are_indented() {
        let text = "<table fit-page-width=\"true\" header-row=\"true\">\n\t<colgroup>\n\t\t<col color=\"red\">\n\t</colgroup>\n\
                    \t<tr color=\"blue_bg\">\n\t\t<td>**Name**</td>\n\t\t<td color=\"red\">By</td>\n\t</tr>\n\
                    <tr><td>a \\<td\\> b</td><td><mention-user url=\"u\">Ada</mention-user><br>x</td></tr>\n</table> after";
        let table = read(text);
        assert_eq!(table.head, ["**Name**", "By"]);
        assert_eq!(table.rows, [["a \\<td\\> b", "Ada<br>x"]]);
        let table = read("<table>\n<tr>\n<td>only</td>\n</tr>\n<tr><td>cut");
        assert_eq!((table.head.len(), table.rows), (0, vec![vec!["only".to_owned()], vec![]]));
        assert_eq!(read("<table>"), Table::default());
    }
}
