//! Writes the text tree as text: plain paragraphs for reading machines, Markdown for people.

mod layout;
mod markdown;

use model::{Block, Span};

use self::layout::Style;
pub use self::markdown::markdown;

/// One string a block, without looks and addresses.
pub fn paragraphs(blocks: &[Block]) -> Vec<String> {
    blocks.iter().map(plain).filter(|text| !text.trim().is_empty()).collect()
}

/// A sentence that repeats the words of its picture is not longer, in bytes; each picture is looked for in so much.
const LONGEST_SENTENCE: usize = 2_000;

/// The words of a run of text. A picture speaks only inside a sentence, and only when it says something new.
pub fn text(spans: &[Span]) -> String {
    let words: String = spans.iter().filter(|span| span.image.is_none()).map(|span| span.text.as_str()).collect();
    if words.trim().is_empty() {
        return String::new();
    }
    let sentence = &words[..words.floor_char_boundary(LONGEST_SENTENCE)];
    let speaks = |span: &&Span| span.image.is_none() || !sentence.contains(&span.text);
    spans.iter().filter(speaks).map(said).collect()
}

/// What is struck out says so even in plain text; it would be read as valid otherwise.
fn said(span: &Span) -> String {
    if span.struck { markdown::enclosed(&span.text, "~~", "~~") } else { span.text.clone() }
}

fn line(spans: &[Span]) -> String {
    text(spans).replace('\n', " ")
}

fn plain(block: &Block) -> String {
    layout::write(block, &Style { line, paragraph: text, cell: line })
}

#[cfg(test)]
mod tests;
