//! Cuts a Markdown text into the paragraphs that are compared.

use crate::canon::Fence;

/// The blocks of a Markdown text: what blank lines part, but for those in code.
///
/// ```
/// let article = "# Refunds\n\nWait 30 days.\n\n```sh\na\n\nb\n```\n";
/// assert_eq!(diff::paragraphs(article), ["# Refunds", "Wait 30 days.", "```sh\na\n\nb\n```"]);
/// ```
pub fn paragraphs(markdown: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut fence: Option<Fence> = None;
    let (mut at, mut start, mut end) = (0, 0, 0);
    for line in markdown.split_inclusive('\n') {
        let text = line.trim();
        if text.is_empty() && fence.is_none() {
            found.extend((end > start).then(|| &markdown[start..end]));
            start = at + line.len();
        } else {
            fence = match fence {
                Some(open) if open.is_closed_by(text) => None,
                Some(open) => Some(open),
                None => Fence::opened_by(text, 0),
            };
            end = at + line.trim_end().len();
        }
        at += line.len();
    }
    found.extend((end > start).then(|| &markdown[start..end]));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_what_is_no_code() {
        let cases: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("\n \n", &[]),
            ("a\nb\n\n\n  c\n", &["a\nb", "  c"]),
            ("- a\n- b\n\nc", &["- a\n- b", "c"]),
            ("~~~\n\n```\n\n~~~\n\na", &["~~~\n\n```\n\n~~~", "a"]),
            ("a\r\n\r\nb\r\n", &["a", "b"]),
        ];
        for (markdown, expected) in cases {
            assert_eq!(paragraphs(markdown), expected, "{markdown:?}");
        }
    }
}
