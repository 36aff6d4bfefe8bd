//! Matches CSS selectors on a page, in one pass over its nodes whatever the selector.
//!
//! Type, class, id and attribute selectors, their compounds, the descendant and the child combinator, and lists of them,
//! as in [Selectors Level 3](https://www.w3.org/TR/selectors-3/). Everything else is refused by name.

mod parse;
mod parts;

pub use self::parse::SelectorError;
use self::parse::list;
use self::parts::{Combinator, Complex};
use super::name::Name;
use super::tree::{Id, Tree};

/// A list of selectors; an element matches it when it matches one of them.
#[derive(Debug)]
pub struct Selector {
    complex: Vec<Complex>,
}

/// Whether a text is a selector that pages can be read with.
///
/// ```
/// assert!(extract::check_selector("main > .article p.note, #content [role=main]").is_ok());
/// let error = extract::check_selector("li:first-child").unwrap_err();
/// assert_eq!(error.to_string(), "`:first-child` in `li:first-child`: pseudo-classes are not supported; use classes, ids or attributes");
/// ```
///
/// # Errors
///
/// What is wrong, or not supported, and where.
pub fn check_selector(text: &str) -> Result<(), SelectorError> {
    Selector::parse(text).map(|_| ())
}

impl Selector {
    /// Reads a selector.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        list(text).map(|complex| Self { complex })
    }

    /// The elements that it matches, in reading order.
    pub fn matches(&self, tree: &Tree) -> Vec<Id> {
        let mut found: Vec<Id> = self.complex.iter().flat_map(|complex| matches(complex, tree)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// For each node a bit for every compound that it matches with all those before it: `here` for itself, `above` for
/// what is around it. Bits only ever follow from those of a node's parent, so one pass is enough.
fn matches(complex: &Complex, tree: &Tree) -> Vec<Id> {
    let whole = 1_u32 << (complex.parts.len() - 1);
    let count = tree.nodes.len();
    let (mut here, mut above) = (vec![0_u32; count], vec![0_u32; count]);
    let mut found = Vec::new();
    for id in 0..count {
        let parent = tree.parent(id);
        let (direct, around) = if id == parent { (0, 0) } else { (here[parent], above[parent] | here[parent]) };
        above[id] = around;
        if tree.name(id) == Name::Text {
            continue;
        }
        for (at, (combinator, compound)) in complex.parts.iter().enumerate() {
            let before = if *combinator == Combinator::Child { direct } else { around };
            if (at == 0 || before & (1 << (at - 1)) != 0) && compound.is(tree, id) {
                here[id] |= 1 << at;
            }
        }
        if here[id] & whole != 0 {
            found.push(id);
        }
    }
    found
}

#[cfg(test)]
mod tests;
