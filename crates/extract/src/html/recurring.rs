//! The memory of a site: fingerprints of the blocks of a page that could be chrome, and what those that recur take out.
//!
//! What a site puts into every text stands at its start or at its end, so only blocks there get a fingerprint, and their
//! number has a bound however long the page is.

use std::collections::BTreeSet;

use super::dropped::{Dropped, Why};
use super::element::{self, Role};
use super::measure::Measures;
use super::name::Name;
use super::tree::{Id, Tree};

/// So many blocks from the start of the content, and so many from its end, get a fingerprint.
const MAX_AT_END: usize = 32;
/// Shorter blocks are said by chance on many pages: "Parameters", "See also".
const MIN_LETTERS: u32 = 24;
/// Longer blocks are texts.
const MAX_LETTERS: u32 = 1_500;
/// Blocks that recur and hold more of a page than this, in percent, are its text: pages may be twins.
const MAX_SHARE: u32 = 40;

/// A block that could be chrome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Where it is.
    pub id: Id,
    /// What it says, as a number.
    pub fingerprint: u64,
}

/// The blocks of some parts of a page that could be chrome, in reading order.
pub fn blocks(tree: &Tree, measures: &Measures, roots: &[Id], dropped: &[bool]) -> Vec<Block> {
    let mut ids: Vec<Id> = Vec::new();
    for root in roots {
        let mut id = *root;
        while id < tree.end(*root) {
            if dropped[id] || element::role(tree.name(id)) == Role::Nothing {
                id = tree.end(id);
                continue;
            }
            if is_candidate(tree, measures, id) {
                ids.push(id);
            }
            id += 1;
        }
    }
    let count = ids.len();
    let at_ends = ids.into_iter().enumerate().filter(|(at, _)| *at < MAX_AT_END || at + MAX_AT_END >= count);
    at_ends.map(|(_, id)| Block { id, fingerprint: fingerprint(tree, id, dropped) }).collect()
}

/// Leaves out the blocks that recur, unless nothing or too little would be left.
pub fn leave_out(
    tree: &Tree,
    measures: &Measures,
    all: u32,
    blocks: &[Block],
    known: &BTreeSet<u64>,
    dropped: &mut Dropped,
) {
    let (mut recurring, mut letters, mut until) = (Vec::new(), 0, 0);
    for block in blocks.iter().filter(|block| known.contains(&block.fingerprint)) {
        if block.id >= until {
            recurring.push(block.id);
            letters += measures.letters(tree, block.id);
            until = tree.end(block.id);
        }
    }
    if u64::from(letters) * 100 <= u64::from(all) * u64::from(MAX_SHARE) {
        for id in recurring {
            dropped.leave_out(id, Why::Recurs);
        }
    }
}

/// A box or a paragraph of some words; of boxes around the same words, the outermost.
fn is_candidate(tree: &Tree, measures: &Measures, id: Id) -> bool {
    let name = tree.name(id);
    let is_block = element::role(name) == Role::Block
        && name.heading().is_none()
        && !matches!(
            name,
            Name::Pre | Name::Tbody | Name::Thead | Name::Tfoot | Name::Tr | Name::Td | Name::Th | Name::Dt | Name::Dd
        );
    let letters = measures.letters(tree, id);
    let is_inner = || measures.letters(tree, tree.parent(id)) == letters;
    is_block && (MIN_LETTERS..=MAX_LETTERS).contains(&letters) && !is_inner()
}

/// The FNV-1a hash (64 bits, <http://www.isthe.com/chongo/tech/comp/fnv/>) of the letters of a block in lower case; all
/// numbers count as one, because dates and counters change from page to page.
fn fingerprint(tree: &Tree, id: Id, dropped: &[bool]) -> u64 {
    let (mut hash, mut at, mut was_digit) = (Hash::default(), id, false);
    while at < tree.end(id) {
        if dropped[at] || element::role(tree.name(at)) == Role::Nothing {
            at = tree.end(at);
            continue;
        }
        for c in tree.words(at).chars().filter(|c| c.is_alphanumeric()) {
            let is_digit = c.is_numeric();
            if !(is_digit && was_digit) {
                let c = if is_digit { '0' } else { c };
                c.to_lowercase().for_each(|c| hash.add(c));
            }
            was_digit = is_digit;
        }
        at += 1;
    }
    hash.0
}

struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    fn add(&mut self, c: char) {
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests;
