//! How blocks look as text, whatever their runs of text look like.

use model::{Block, Span};

/// How runs of text look in the places where they stand.
pub struct Style {
    /// A heading.
    pub line: fn(&[Span]) -> String,
    /// A paragraph.
    pub paragraph: fn(&[Span]) -> String,
    /// A cell of a table, which has one line.
    pub cell: fn(&[Span]) -> String,
}

/// Writes a block in a style.
pub fn write(block: &Block, style: &Style) -> String {
    match block {
        Block::Heading { level, spans } => heading(*level, &(style.line)(spans)),
        Block::Paragraph { spans } => (style.paragraph)(spans),
        Block::Code { language, text } => fenced(language.as_deref().unwrap_or_default(), text),
        Block::Quote { blocks } => prefixed(&joined(blocks, "\n\n", style), "> ", ">"),
        Block::Table { header, rows } => table(header, rows, style),
        Block::List { start, items } => list(*start, items, style),
    }
}

/// A heading that is only a picture says nothing in plain text.
fn heading(level: u8, text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!("{} {text}", "#".repeat(usize::from(level))) }
}

/// Blocks that say nothing leave no gap.
pub fn joined(blocks: &[Block], separator: &str, style: &Style) -> String {
    let texts = blocks.iter().map(|block| write(block, style)).filter(|text| !text.trim().is_empty());
    texts.collect::<Vec<_>>().join(separator)
}

fn list(start: Option<u64>, items: &[Vec<Block>], style: &Style) -> String {
    let lines = items.iter().zip(start.unwrap_or_default()..).filter_map(|(blocks, number)| {
        let marker = if start.is_some() { format!("{number}. ") } else { "- ".to_owned() };
        let body = joined(blocks, "\n", style);
        (!body.is_empty()).then(|| indented(&body, &marker))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The first line after the marker, the others under its text: two spaces for bullets, three for `1. `.
fn indented(text: &str, marker: &str) -> String {
    let indent = " ".repeat(marker.len());
    let mut lines = text.lines();
    let mut out = format!("{marker}{}", lines.next().unwrap_or_default());
    for line in lines {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&indent);
            out.push_str(line);
        }
    }
    out
}

fn prefixed(text: &str, prefix: &str, blank: &str) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { blank.to_owned() } else { format!("{prefix}{line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// The fence is longer than any run of backticks in the code.
fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    format!("{fence}{language}\n{text}\n{fence}")
}

pub fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|c| c != wanted).map(str::len).max().unwrap_or(0)
}

fn table(header: &[Vec<Span>], rows: &[Vec<Vec<Span>>], style: &Style) -> String {
    let columns = rows.iter().map(Vec::len).chain([header.len()]).max().unwrap_or(0);
    let row = |cells: &[Vec<Span>]| {
        let texts = (0..columns)
            .map(|column| cells.get(column).map(|cell| (style.cell)(cell).replace('|', "\\|")).unwrap_or_default());
        format!("| {} |", texts.collect::<Vec<_>>().join(" | "))
    };
    let mut lines = Vec::with_capacity(rows.len() + 2);
    if !header.is_empty() {
        lines.push(row(header));
        lines.push(format!("|{}", " --- |".repeat(columns)));
    }
    lines.extend(rows.iter().map(|cells| row(cells)));
    lines.join("\n")
}
