//! Writes the text tree as text: plain paragraphs for reading machines, Markdown for people.

mod layout;
mod markdown;

use model::{Block, Span};

pub use self::markdown::markdown;

/// One string a block, without looks and addresses.
pub fn paragraphs(blocks: &[Block]) -> Vec<String> {
    blocks.iter().map(plain).filter(|text| !text.trim().is_empty()).collect()
}

/// The words of a run of text. A picture speaks only inside a sentence, and only when it says something new.
pub fn text(spans: &[Span]) -> String {
    let words: String = spans.iter().filter(|span| span.image.is_none()).map(|span| span.text.as_str()).collect();
    if words.trim().is_empty() {
        return String::new();
    }
    let speaks = |span: &&Span| span.image.is_none() || !words.contains(&span.text);
    spans.iter().filter(speaks).map(|span| span.text.as_str()).collect()
}

fn plain(block: &Block) -> String {
    layout::write(block, &text)
}

#[cfg(test)]
mod tests;
