//! Rich text: runs of letters with their looks and links, as plain text or as Markdown. Pure.

use serde_json::Value;

use super::super::field::{is_set, text};
use super::link::link;

/// The letters alone.
pub fn plain(runs: &[Value]) -> String {
    runs.iter().map(letters).collect()
}

/// Markdown, on one line.
pub fn markdown(runs: &[Value]) -> String {
    let whole: String = runs.iter().map(run).collect();
    whole.trim().replace("\r\n", "\n").replace('\n', "<br>")
}

/// What is displayed. Very old answers have only the content.
fn letters(run: &Value) -> &str {
    let displayed = text(run, "/plain_text");
    if displayed.is_empty() { text(run, "/text/content") } else { displayed }
}

fn run(run: &Value) -> String {
    if text(run, "/type") == "equation" {
        let expression = text(run, "/equation/expression");
        return code(if expression.is_empty() { letters(run) } else { expression });
    }
    let whole = letters(run);
    let inner = whole.trim();
    if inner.is_empty() {
        return whole.to_owned();
    }
    let mut marked = if is_set(run, "/annotations/code") { code(inner) } else { escaped(inner) };
    for (look, mark) in [("strikethrough", "~~"), ("italic", "*"), ("bold", "**")] {
        if is_set(run, &format!("/annotations/{look}")) {
            marked = format!("{mark}{marked}{mark}");
        }
    }
    let href = text(run, "/href");
    if !href.is_empty() {
        marked = link(&marked, href);
    }
    // Marks do not count beside spaces, so those stay outside.
    let before = &whole[..whole.len() - whole.trim_start().len()];
    let after = &whole[whole.trim_end().len()..];
    format!("{before}{marked}{after}")
}

/// A span of code, whatever backticks are in it.
pub fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let mark = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{mark}{pad}{text}{pad}{mark}")
}

/// The longest run of backticks.
pub fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default()
}

/// Letters of which none is a mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_start = true;
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        let is_mark = matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&');
        let opens_a_block = is_start && matches!(letter, '#' | '+' | '-' | '=' | ':');
        let numbers_an_item = matches!(letter, '.' | ')')
            && matches!(rest.peek(), None | Some(' '))
            && !out.is_empty()
            && out.bytes().all(|byte| byte.is_ascii_digit());
        if is_mark || opens_a_block || numbers_an_item {
            out.push('\\');
        }
        out.push(letter);
        is_start = letter == '\n';
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn looks_and_links_become_marks() {
        let cases = [
            (
                json!([{"plain_text": "A dark ", "annotations": {}}, {"plain_text": "green", "annotations": {"bold": true}}]),
                "A dark **green**",
            ),
            (json!([{"plain_text": " both ", "annotations": {"bold": true, "italic": true}}]), "***both***"),
            (json!([{"plain_text": "a ", "annotations": {"bold": true}}, {"plain_text": "b"}]), "**a** b"),
            (json!([{"plain_text": "here", "href": "https://example.com/a b"}]), "[here](<https://example.com/a b>)"),
            (json!([{"plain_text": "x`y", "annotations": {"code": true}}]), "``x`y``"),
            (json!([{"type": "equation", "equation": {"expression": "a_b*c"}, "plain_text": "a_b*c"}]), "`a_b*c`"),
            (json!([{"plain_text": "2*3 <b> [x] & co"}]), "2\\*3 \\<b\\> \\[x\\] \\& co"),
            (json!([{"plain_text": "# no heading"}]), "\\# no heading"),
            (json!([{"plain_text": "12. no item"}]), "12\\. no item"),
            (json!([{"plain_text": "version 1.2 of 3."}]), "version 1.2 of 3."),
            (json!([{"plain_text": "one\ntwo"}]), "one<br>two"),
            (json!([{"type": "mention", "plain_text": "@Ada", "href": null, "mention": {"type": "user"}}]), "@Ada"),
            (json!([{"text": {"content": "old"}}, null, {"plain_text": null}, 7]), "old"),
            (json!([]), ""),
        ];
        for (runs, expected) in cases {
            assert_eq!(markdown(runs.as_array().unwrap()), expected, "{runs}");
        }
    }
}
