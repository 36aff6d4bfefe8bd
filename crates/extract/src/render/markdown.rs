//! Writes the text tree as full Markdown: links, images and emphasis included.

use model::{Block, Span};

/// The whole tree as one Markdown text, ending in a line end.
pub fn markdown(blocks: &[Block]) -> String {
    let mut text = super::layout::joined(blocks, "\n\n", &inline);
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn inline(spans: &[Span]) -> String {
    spans.iter().map(span).collect()
}

/// Marks enclose words, never the white space around them: `** x **` is not bold.
fn span(span: &Span) -> String {
    if let Some(image) = &span.image {
        return linked(&format!("![{}]({})", escaped(&span.text), destination(image)), span.link.as_deref());
    }
    let word = span.text.trim();
    if word.is_empty() {
        return span.text.clone();
    }
    let at = span.text.len() - span.text.trim_start().len();
    let (before, after) = (&span.text[..at], &span.text[at + word.len()..]);
    let mut text = if span.code { code(word) } else { escaped(word).replace('\n', "\\\n") };
    if span.emphasis {
        text = format!("*{text}*");
    }
    if span.strong {
        text = format!("**{text}**");
    }
    format!("{before}{}{after}", linked(&text, span.link.as_deref()))
}

fn linked(text: &str, link: Option<&str>) -> String {
    link.map_or_else(|| text.to_owned(), |link| format!("[{text}]({})", destination(link)))
}

/// Addresses come parsed, so only brackets can end one early.
fn destination(address: &str) -> String {
    address.replace('(', "%28").replace(')', "%29").replace(' ', "%20")
}

fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let fence = "`".repeat(super::layout::longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Only signs that would change the meaning where they stand are escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<') {
            out.push('\\');
        }
        out.push(c);
    }
    starts_like_a_block(text).then(|| out.insert(0, '\\'));
    out
}

fn starts_like_a_block(text: &str) -> bool {
    ["# ", "## ", "### ", "> ", "- ", "+ "].iter().any(|mark| text.starts_with(mark))
}
