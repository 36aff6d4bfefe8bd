//! Finds the heading of the content where it stands outside of it.

use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// So many nodes before the content its heading may stand.
const MAX_BEFORE: usize = 40;
/// Shorter lines are repeated by chance.
const MIN_TITLE: usize = 6;

/// The page's heading, where it stands before the content: the last `h1`, else the heading nearest to the content.
pub fn before(tree: &Tree, dropped: &[bool], root: Id) -> Option<Id> {
    let has_heading = (root..tree.end(root)).any(|id| tree.name(id) == Name::H1);
    let (mut id, mut first, mut nearest) = (0, None, None);
    while id < root && !has_heading {
        if dropped[id] {
            id = tree.end(id);
            continue;
        }
        match tree.name(id) {
            Name::H1 => first = Some(id),
            Name::H2 | Name::H3 => nearest = Some(id),
            _ => {}
        }
        id += 1;
    }
    let is_near = |heading: &Id| {
        tree.ancestors(root).take(2).any(|outer| outer <= *heading && outer > 0 && tree.name(outer) != Name::Body)
    };
    let found = first.or_else(|| nearest.filter(is_near));
    if found.is_some() || has_heading {
        return found;
    }
    let title = (0..tree.nodes.len()).find(|id| tree.name(*id) == Name::Title).map(|id| tree.text(id))?;
    let in_header = (0..root).find(|id| tree.name(*id) == Name::H1 && is_in_title(tree, *id, title.trim()));
    in_header.or_else(|| repeated_title(tree, dropped, root, title.trim()))
}

/// Whether the page's title repeats a heading, so that it is no logo.
fn is_in_title(tree: &Tree, heading: Id, title: &str) -> bool {
    let is_short = tree.end(heading) < heading + MAX_BEFORE;
    let text = element::raw_line(tree, heading).filter(|_| is_short).unwrap_or_default();
    text.trim().len() >= MIN_TITLE && title.starts_with(text.trim())
}

/// A line right before the content that the page's title repeats is its heading, whatever element it is.
fn repeated_title(tree: &Tree, dropped: &[bool], root: Id, title: &str) -> Option<Id> {
    let before = (root.saturating_sub(MAX_BEFORE)..root).rev().filter(|id| tree.name(*id) == Name::Text);
    let line = before
        .filter(|id| tree.ancestors(*id).all(|outer| !dropped[outer]))
        .find(|id| !tree.words(*id).trim().is_empty())?;
    let words = tree.words(line).trim();
    (words.len() >= MIN_TITLE && title.contains(words)).then(|| tree.parent(line)).filter(|id| tree.end(*id) <= root)
}
