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
    tree.attribute(id, Attribute::Class)
        .is_some_and(|class| class.split_ascii_whitespace().any(|word| words.contains(&word)))
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

/// Marks beside the text that are no text: permalink signs, line numbers, buttons without a question.
pub fn is_ornament(tree: &Tree, id: Id) -> bool {
    match tree.name(id) {
        Name::A => is_permalink(tree, id),
        // The questions of an accordion are buttons; "Copy" and "Share" are buttons too.
        Name::Button => {
            let opens =
                [Attribute::AriaExpanded, Attribute::AriaControls, Attribute::DataToggle, Attribute::DataBsToggle];
            !opens.iter().any(|attribute| tree.has(id, *attribute))
                && tree.attribute(id, Attribute::Role) != Some("tab")
        }
        Name::Td | Name::Th | Name::Span | Name::Div => {
            const WORDS: [&str; 8] = [
                "linenos",
                "lineno",
                "line-numbers",
                "gutter",
                "gl",
                "line-numbers-rows",
                "rouge-gutter",
                "visually-hidden",
            ];
            has_class(tree, id, &WORDS)
        }
        _ => false,
    }
}

fn is_permalink(tree: &Tree, id: Id) -> bool {
    let is_local = tree.attribute(id, Attribute::Href).is_none_or(|href| href.contains('#'));
    if !is_local || tree.end(id) > id + 8 {
        return false;
    }
    let text = tree.text(id);
    let mark = text.trim();
    let is_mark =
        mark.is_empty() || matches!(mark, "#" | "¶" | "§" | "🔗" | "\u{200b}" | "\u{f0c1}" | "Link" | "Permalink");
    is_mark && (id..tree.end(id)).all(|inner| tree.name(inner) != Name::Img)
}

/// Boxes that quote or warn.
pub fn is_admonition(tree: &Tree, id: Id) -> bool {
    const WORDS: [&str; 14] = [
        "admonition",
        "callout",
        "theme-admonition",
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
        "admonition-block",
    ];
    match tree.name(id) {
        Name::Aside | Name::Div | Name::Section => {
            tree.attribute(id, Attribute::Role) == Some("note") || has_class(tree, id, &WORDS)
        }
        _ => false,
    }
}
