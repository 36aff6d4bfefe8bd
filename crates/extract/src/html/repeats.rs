//! Takes out what a page says twice in the same words: slides of a carousel, texts for small and for large screens.

use std::collections::HashSet;

use model::Block;

/// Shorter texts may well be said twice.
const MIN_REPEATED: usize = 80;

/// Removes blocks that stood before under the same heading, word for word; references repeat themselves under others. Code and tables are left alone.
pub fn remove(blocks: &mut Vec<Block>) {
    let mut seen = HashSet::new();
    blocks.retain(|block| {
        let text = match block {
            Block::Paragraph { spans } => spans.iter().map(|span| span.text.as_str()).collect::<String>(),
            Block::List { .. } | Block::Quote { .. } => crate::render::paragraphs(std::slice::from_ref(block)).concat(),
            Block::Heading { .. } => {
                seen.clear();
                return true;
            }
            _ => return true,
        };
        text.len() < MIN_REPEATED || seen.insert(text)
    });
}
