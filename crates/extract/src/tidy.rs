//! The last word on every text: no control characters, composed letters, line ends settled, nothing empty.

use model::{Block, Span};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::line::HARD_BREAK;

/// Tidies a tree; blocks without anything to see are dropped.
pub fn blocks(blocks: Vec<Block>) -> Vec<Block> {
    blocks.into_iter().filter_map(block).collect()
}

/// Tidies one line of text, such as a title.
pub fn line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == HARD_BREAK).filter(|word| !word.is_empty()).collect();
    inline(words.join(" "))
}

fn block(block: Block) -> Option<Block> {
    match block {
        Block::Heading { level, spans } => filled(spans).map(|spans| Block::Heading { level, spans: one_line(spans) }),
        Block::Paragraph { spans } => filled(spans).map(|spans| Block::Paragraph { spans }),
        Block::Quote { blocks: inner } => {
            let inner = blocks(inner);
            (!inner.is_empty()).then_some(Block::Quote { blocks: inner })
        }
        Block::List { start, items } => {
            let items: Vec<_> = items.into_iter().map(blocks).filter(|item| !item.is_empty()).collect();
            (!items.is_empty()).then_some(Block::List { start, items })
        }
        Block::Table { header, rows } => table(header, rows),
        Block::Code { language, text } => {
            let text = code(&text);
            let language = language.map(|language| line(&language)).filter(|language| !language.is_empty());
            (!text.is_empty()).then_some(Block::Code { language, text })
        }
    }
}

fn table(header: Vec<Vec<Span>>, rows: Vec<Vec<Vec<Span>>>) -> Option<Block> {
    let cells = |row: Vec<Vec<Span>>| row.into_iter().map(|cell| filled(cell).unwrap_or_default()).collect::<Vec<_>>();
    let has_text = |row: &Vec<Vec<Span>>| row.iter().any(|cell| !cell.is_empty());
    let header = Some(cells(header)).filter(has_text).unwrap_or_default();
    let rows: Vec<_> = rows.into_iter().map(cells).filter(has_text).collect();
    (!header.is_empty() || !rows.is_empty()).then_some(Block::Table { header, rows })
}

/// The spans with tidy texts, or nothing when there is nothing to see.
fn filled(spans: Vec<Span>) -> Option<Vec<Span>> {
    let tidied = spans.into_iter().map(|span| Span { text: inline(span.text), ..span });
    let mut spans: Vec<Span> = tidied.filter(|span| !span.text.is_empty() || span.image.is_some()).collect();
    if let Some(first) = spans.first_mut() {
        first.text.drain(..first.text.len() - first.text.trim_start().len());
    }
    if let Some(last) = spans.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    spans.retain(|span| !span.text.is_empty() || span.image.is_some());
    spans.iter().any(|span| span.image.is_some() || span.text.chars().any(|c| !c.is_whitespace())).then_some(spans)
}

fn one_line(spans: Vec<Span>) -> Vec<Span> {
    spans.into_iter().map(|span| Span { text: span.text.replace('\n', " "), ..span }).collect()
}

/// Soft line ends become spaces, but not between letters of scripts that write without them; forced ones become `\n`.
fn inline(text: String) -> String {
    // Printable ASCII is tidy as it is.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text;
    }
    let mut joined = String::with_capacity(text.len());
    let mut rest = text.chars().filter(|c| is_kept(*c)).peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => {
                let between = (joined.chars().next_back(), rest.peek().copied());
                if !matches!(between, (Some(before), Some(after)) if is_cjk(before) && is_cjk(after)) {
                    joined.push(' ');
                }
            }
            HARD_BREAK => joined.push('\n'),
            '\t' => joined.push(' '),
            c => joined.push(c),
        }
    }
    composed(joined)
}

fn code(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', HARD_BREAK], "\n");
    // Pages indent with spaces that do not break; who copies the code needs common ones.
    let kept: String = text.chars().filter(|c| is_kept(*c)).map(|c| if c == '\u{a0}' { ' ' } else { c }).collect();
    let lines: Vec<&str> = kept.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn composed(text: String) -> String {
    if is_nfc(&text) { text } else { text.nfc().collect() }
}

/// Databases refuse NUL, and the other controls mean nothing in text; nor do marks that only guide line breaking.
fn is_kept(c: char) -> bool {
    matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}'))
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{303f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}
