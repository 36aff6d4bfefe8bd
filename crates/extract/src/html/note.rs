//! Reads small raised and lowered signs: the marks of footnotes, and powers, which change what a number means.

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// A longer text is no mark.
const LONGEST_MARK: usize = 4;
/// A larger part of a page is no mark, in nodes.
const LARGEST: usize = 24;
/// A longer text is no power.
const LONGEST_POWER: usize = 12;

/// The mark of a footnote that a link to the note shows, in brackets.
pub fn mark(tree: &Tree, link: Id) -> Option<String> {
    let href = tree.attribute(link, Attribute::Href)?;
    if tree.end(link) - link > LARGEST {
        return None;
    }
    let text = element::line(tree, link)?;
    if !href.contains('#') || text.is_empty() || text.chars().count() > LONGEST_MARK || text.starts_with(['[', '(']) {
        return None;
    }
    let is_named = || {
        tree.attribute(link, Attribute::Role) == Some("doc-noteref")
            || tree.has(link, Attribute::DataFootnoteRef)
            || element::classes(tree, link).any(|class| class.starts_with("footnote"))
    };
    let is_sign = || text.chars().all(|c| !c.is_alphabetic()) || text.chars().count() == 1;
    let is_raised = || {
        let mut around = tree.ancestors(link).take(2).filter(|outer| tree.end(*outer) - outer <= LARGEST);
        around.any(|outer| tree.name(outer) == Name::Sup && element::line(tree, outer).as_ref() == Some(&text))
    };
    (is_named() || (is_sign() && is_raised())).then(|| format!("[{text}]"))
}

/// The label of a footnote, which stands before its text.
pub fn label(tree: &Tree, id: Id) -> Option<String> {
    let is_label = tree.name(id) == Name::Span
        && element::has_class(tree, id, &["label"])
        && matches!(tree.attribute(tree.parent(id), Attribute::Role), Some("doc-footnote" | "doc-biblioentry"));
    is_label.then(|| format!("{} ", element::words(tree, id)))
}

/// How a raised text is written, where it is a power or the number of a note; nothing for one that reads well as it is,
/// such as the end of `1st`.
pub fn raised(tree: &Tree, sup: Id) -> Option<String> {
    if tree.end(sup) - sup > LARGEST {
        return None;
    }
    if (sup..tree.end(sup)).any(|id| matches!(tree.name(id), Name::A | Name::Img | Name::Math)) {
        return None;
    }
    let text = element::line(tree, sup)?;
    if text.chars().count() > LONGEST_POWER || text.contains('[') {
        return None;
    }
    let small: Option<String> = text.chars().map(small).collect();
    let is_number = text.chars().any(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '−' | '='));
    small.or_else(|| is_number.then(|| format!("^({text})")))
}

fn small(c: char) -> Option<char> {
    Some(match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '+' => '⁺',
        '-' | '−' => '⁻',
        '=' => '⁼',
        '(' => '⁽',
        ')' => '⁾',
        'n' => 'ⁿ',
        ',' | '*' | '†' | '‡' => c,
        _ => return None,
    })
}
