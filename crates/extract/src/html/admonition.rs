//! Tells boxes that warn, advise or explain by the words that generators and help centres give them.

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// Classes that name such a box as a whole, in lower case.
const WORDS: &[&str] = &[
    "admonition",
    "admonitionblock",
    "admonition-block",
    "theme-admonition",
    "markdown-alert",
    "confluence-information-macro",
    "ak-editor-panel",
    "starlight-aside",
    "custom-block",
    "callout",
    "alert",
    "note",
    "warning",
    "tip",
    "caution",
    "important",
    "hint",
    "danger",
    "notice",
    "infobox",
];
/// Parts of longer names, such as `callout-blue`.
const PARTS: &[&str] = &["admonition", "callout"];
/// Parts of the names of what stands inside of such a box.
const INNER: &[&str] = &[
    "title",
    "heading",
    "header",
    "content",
    "body",
    "icon",
    "inner",
    "text",
    "label",
    "message",
    "image",
    "wrapper",
    "container",
    "list",
    "group",
];

/// Whether an element is such a box.
pub fn is_admonition(tree: &Tree, id: Id) -> bool {
    match tree.name(id) {
        Name::Aside | Name::Div | Name::Section | Name::Figure => {
            tree.attribute(id, Attribute::Role) == Some("note") || element::classes(tree, id).any(names_box)
        }
        _ => false,
    }
}

fn names_box(class: &str) -> bool {
    if class.len() > 48 {
        return false;
    }
    let is_in = |words: &[&str], text: &str| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    let mut parts = class.split(['-', '_']).filter(|part| !part.is_empty());
    is_in(WORDS, class) || (parts.clone().any(|part| is_in(PARTS, part)) && !parts.any(|part| is_in(INNER, part)))
}
