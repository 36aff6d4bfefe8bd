//! Shows a node in a few words: its element as a selector, and how its text begins.

use super::super::attribute::Attribute;
use super::super::name::Name;
use super::super::tree::{Id, Tree};

/// The most characters of an excerpt.
const LONGEST_EXCERPT: usize = 72;

/// The start of a node's text on one line.
pub fn excerpt(tree: &Tree, id: Id) -> String {
    let shown = |id: &Id| !matches!(tree.name(tree.parent(*id)), Name::Script | Name::Style);
    let words = (id..tree.end(id)).filter(shown).flat_map(|inner| tree.words(inner).split_whitespace());
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
        if let Some((end, _)) = text.char_indices().nth(LONGEST_EXCERPT) {
            text.truncate(end);
            text.push('…');
            break;
        }
    }
    text
}

/// `nav#top.site-nav`; for bare text the element around it.
pub fn selector(tree: &Tree, id: Id) -> String {
    let id = if tree.name(id) == Name::Text { tree.parent(id) } else { id };
    let mut selector = tree.name(id).to_string();
    if let Some(name) = tree.attribute(id, Attribute::Id) {
        selector = format!("{selector}#{name}");
    }
    for class in tree.attribute(id, Attribute::Class).unwrap_or_default().split_ascii_whitespace().take(2) {
        selector = format!("{selector}.{class}");
    }
    selector.chars().take(LONGEST_EXCERPT).collect()
}
