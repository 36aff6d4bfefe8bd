//! Takes out what a page says twice in the same words: slides of a carousel, texts for small and for large screens.

use std::collections::{HashMap, HashSet};
use std::mem;

use model::Block;

/// Shorter texts may well be said twice.
const MIN_REPEATED: usize = 80;

/// Removes blocks that stood before under a heading of the same words; references repeat themselves under others. A
/// heading goes with all that stood under it. Code and tables are left alone.
pub fn remove(blocks: &mut Vec<Block>) {
    // Headings by number: one of a million letters is compared once, and not with every block under it.
    let mut headings: HashMap<String, usize> = HashMap::new();
    let mut seen: HashSet<(usize, String)> = HashSet::new();
    let mut section = Section::default();
    let mut kept = Vec::with_capacity(blocks.len());
    for block in mem::take(blocks) {
        let text = text(&block);
        if matches!(block, Block::Heading { .. }) {
            section.close(&mut kept);
            let next = headings.len() + 1;
            let heading = *headings.entry(text).or_insert(next);
            section = Section { heading, start: kept.len(), ..Section::default() };
            kept.push(block);
        } else if text.len() >= MIN_REPEATED && !seen.insert((section.heading, text)) {
            section.removed += 1;
        } else {
            section.is_needed = true;
            kept.push(block);
        }
    }
    section.close(&mut kept);
    *blocks = kept;
}

/// What stands between two headings.
#[derive(Default)]
struct Section {
    /// The number of its heading; 0 before the first one.
    heading: usize,
    start: usize,
    removed: usize,
    is_needed: bool,
}

impl Section {
    /// Takes the heading back when everything under it was said before.
    fn close(&self, kept: &mut Vec<Block>) {
        if self.removed > 0 && !self.is_needed {
            kept.truncate(self.start);
        }
    }
}

/// The words by which a block is known again.
fn text(block: &Block) -> String {
    match block {
        Block::Paragraph { spans } | Block::Heading { spans, .. } => {
            spans.iter().map(|span| span.text.as_str()).collect()
        }
        Block::List { .. } | Block::Quote { .. } => crate::render::paragraphs(std::slice::from_ref(block)).concat(),
        _ => String::new(),
    }
}
