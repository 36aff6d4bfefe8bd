//! What the names and attributes of elements mean to a reader.

use super::attribute::Attribute;
use super::name::Name;
use super::tree::{Id, Tree};

/// How an element takes part in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Not text at all.
    Nothing,
    /// Starts a new block.
    Block,
    /// Goes on with the line.
    Inline,
}

/// Whether the class attribute has one of these words.
pub fn has_class(tree: &Tree, id: Id, words: &[&str]) -> bool {
    classes(tree, id).any(|word| words.contains(&word))
}

/// How an element of this name takes part in the text.
pub fn role(name: Name) -> Role {
    if is_silent(name) {
        Role::Nothing
    } else if is_block(name) {
        Role::Block
    } else {
        Role::Inline
    }
}

fn is_silent(name: Name) -> bool {
    matches!(
        name,
        Name::Script
            | Name::Style
            | Name::Noscript
            | Name::Template
            | Name::Head
            | Name::Svg
            | Name::Canvas
            | Name::Iframe
            | Name::Object
            | Name::Embed
            | Name::Audio
            | Name::Video
            | Name::Select
            | Name::Datalist
            | Name::Textarea
            | Name::Input
            | Name::Annotation
            | Name::AnnotationXml
            | Name::Map
            | Name::Progress
            | Name::Meter
            | Name::Frameset
            | Name::Link
            | Name::Meta
            | Name::Title
            | Name::Base
            | Name::Noframes
            | Name::Noembed
            | Name::Rp
    )
}

fn is_block(name: Name) -> bool {
    name.heading().is_some()
        || matches!(
            name,
            Name::Address
                | Name::Article
                | Name::Aside
                | Name::Blockquote
                | Name::Body
                | Name::Caption
                | Name::Center
                | Name::Dd
                | Name::Details
                | Name::Dialog
                | Name::Dir
                | Name::Div
                | Name::Dl
                | Name::Dt
                | Name::Fieldset
                | Name::Figcaption
                | Name::Figure
                | Name::Footer
                | Name::Form
                | Name::Header
                | Name::Hgroup
                | Name::Hr
                | Name::Html
                | Name::Legend
                | Name::Li
                | Name::Main
                | Name::Menu
                | Name::Nav
                | Name::Ol
                | Name::P
                | Name::Pre
                | Name::Search
                | Name::Section
                | Name::Summary
                | Name::Table
                | Name::Tbody
                | Name::Td
                | Name::Tfoot
                | Name::Th
                | Name::Thead
                | Name::Tr
                | Name::Ul
                | Name::Listing
                | Name::Xmp
                | Name::Plaintext
        )
}

/// Whoever asks for a line wants a name, a label or a mark. More bytes than this, white space included, are none of them;
/// parts of parts would all be read to their ends otherwise, each for nothing.
const LONGEST_LINE: usize = 2_000;

/// The words that an element shows, on one line.
pub fn words(tree: &Tree, id: Id) -> String {
    gathered(tree, id, usize::MAX).unwrap_or_default()
}

/// The words that an element shows, on one line, if they are as few as those of a line.
pub fn line(tree: &Tree, id: Id) -> Option<String> {
    gathered(tree, id, LONGEST_LINE)
}

/// The text in an element as it is written, if it is as short as a line.
pub fn raw_line(tree: &Tree, id: Id) -> Option<String> {
    let mut text = String::new();
    for node in id..tree.end(id) {
        if text.len() + tree.words(node).len() > LONGEST_LINE {
            return None;
        }
        text.push_str(tree.words(node));
    }
    Some(text)
}

/// Whether an element shows no words outside of one that it holds.
pub fn says_only(tree: &Tree, outer: Id, inner: Id) -> bool {
    let mut at = outer;
    while at < tree.end(outer) {
        let is_passed = at == inner || role(tree.name(at)) == Role::Nothing;
        if !is_passed && !tree.words(at).trim().is_empty() {
            return false;
        }
        at = if is_passed { tree.end(at) } else { at + 1 };
    }
    true
}

fn gathered(tree: &Tree, id: Id, most: usize) -> Option<String> {
    let (mut words, mut at, mut blocks) = (String::new(), id, Vec::new());
    while at < tree.end(id) {
        if words.len().saturating_add(tree.words(at).len()) > most {
            return None;
        }
        while blocks.pop_if(|end| *end <= at).is_some() {
            words.push(' ');
        }
        match role(tree.name(at)) {
            Role::Nothing if at > id => {
                at = tree.end(at);
                continue;
            }
            Role::Block => {
                words.push(' ');
                blocks.push(tree.end(at));
            }
            _ if tree.name(at) == Name::Br => words.push(' '),
            _ => words.push_str(tree.words(at)),
        }
        at += 1;
    }
    (words.len() <= most).then(|| words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The words of the class attribute.
pub fn classes(tree: &Tree, id: Id) -> impl Iterator<Item = &str> {
    tree.attribute(id, Attribute::Class).unwrap_or_default().split_ascii_whitespace()
}
