//! Finds where a page explains an abbreviation, so that its long form is read once and not at every use.

use std::collections::HashSet;

use super::attribute::Attribute;
use super::name::Name;
use super::tree::{Id, Tree};

/// A larger part of a page is none, in nodes.
const LARGEST: usize = 8;
/// A longer word is none.
const LONGEST: usize = 12;

/// The first use of each abbreviation that has a long form.
pub fn explained(tree: &Tree) -> HashSet<Id> {
    let mut seen = HashSet::new();
    let uses = (0..tree.nodes.len()).filter(|id| tree.name(*id) == Name::Abbr && tree.end(*id) - id <= LARGEST);
    uses.filter(|id| {
        let short = tree.text(*id);
        let short = short.trim();
        tree.attribute(*id, Attribute::Title).is_some_and(|long| is_long_form(short, long))
            && seen.insert(short.to_owned())
    })
    .collect()
}

/// Whether the letters of the short form stand in the long one in their order, which has several words.
fn is_long_form(short: &str, long: &str) -> bool {
    let mut letters = long.chars().flat_map(char::to_lowercase);
    let is_hidden_in = short.chars().flat_map(char::to_lowercase).all(|c| letters.any(|letter| letter == c));
    is_hidden_in && !short.is_empty() && short.len() <= LONGEST && long.trim().contains(' ')
}
