//! Marks beside the text that are no text: permalink signs, line numbers, buttons without a question.

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// Words of classes that hold what stands beside a text: line numbers, and the drawing of a formula beside its source.
const BESIDE: &[&str] = &[
    "linenos",
    "lineno",
    "linenumber",
    "line-number",
    "line-numbers",
    "line-numbers-rows",
    "ln",
    "lnt",
    "ds-line-number",
    "gutter",
    "gl",
    "rouge-gutter",
    "hljs-ln-numbers",
    "crayon-nums",
    "cm-gutters",
    "CodeMirror-gutter-wrapper",
    "CodeMirror-linenumber",
    "blob-num",
    "visually-hidden",
    "katex-html",
    "MathJax",
    "MathJax_Preview",
    "MathJax_Display",
    "MathJax_SVG",
    "MathJax_CHTML",
    "mw-cite-backlink",
    "eqno",
];

/// A larger part of a page is no button for copying, in nodes.
const LONGEST_COPY: usize = 24;

/// So far before its picture the source of a formula begins, in nodes.
const MAX_FORMULA: usize = 2_000;

/// Whether an element is such a mark.
pub fn is_ornament(tree: &Tree, id: Id) -> bool {
    match tree.name(id) {
        Name::A => is_permalink(tree, id) || copies(tree, id),
        Name::Button => !opens(tree, id),
        Name::Td | Name::Th | Name::Span | Name::Div => element::has_class(tree, id, BESIDE) || copies(tree, id),
        Name::Custom(_) => copies(tree, id),
        Name::Img => is_drawn_formula(tree, id),
        _ => false,
    }
}

/// The questions of an accordion are buttons; "Copy" and "Share" are buttons too.
fn opens(tree: &Tree, id: Id) -> bool {
    const STATES: [Attribute; 4] =
        [Attribute::AriaExpanded, Attribute::AriaControls, Attribute::DataToggle, Attribute::DataBsToggle];
    const PARTS: [&str; 3] = ["accordion", "collapsible", "faq"];
    STATES.iter().any(|attribute| tree.has(id, *attribute))
        || tree.attribute(id, Attribute::Role) == Some("tab")
        || element::classes(tree, id).any(|class| class.split(['-', '_']).any(|part| PARTS.contains(&part)))
}

fn copies(tree: &Tree, id: Id) -> bool {
    const TEXTS: [&str; 6] = ["copy", "copy code", "copy link", "copy to clipboard", "copied", "copied!"];
    let says =
        |class: &str, word: &[u8]| class.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    let is_named = || {
        let class = tree.attribute(id, Attribute::Class);
        class.is_some_and(|class| says(class, b"copy") || says(class, b"clipboard"))
    };
    tree.end(id) - id < LONGEST_COPY && is_named() && {
        let words = element::line(tree, id).unwrap_or_default().to_ascii_lowercase();
        TEXTS.contains(&words.as_str())
    }
}

fn is_permalink(tree: &Tree, id: Id) -> bool {
    const MARKS: [&str; 13] =
        ["", "#", "¶", "§", "🔗", "\u{200b}", "\u{f0c1}", "Link", "Permalink", "↩", "^", "↑", "⤴"];
    let is_local = tree.attribute(id, Attribute::Href).is_none_or(|href| href.contains('#'));
    if !is_local || tree.end(id) > id + 8 {
        return false;
    }
    let Some(text) = element::raw_line(tree, id) else { return false };
    let mark = text.trim().trim_end_matches(['\u{fe0e}', '\u{fe0f}']);
    MARKS.contains(&mark) && (id..tree.end(id)).all(|inner| tree.name(inner) != Name::Img)
}

/// A picture of a formula whose source stands beside it.
fn is_drawn_formula(tree: &Tree, id: Id) -> bool {
    let outer = tree.parent(id);
    let has_source = || id - outer < MAX_FORMULA && (outer..id).any(|inner| tree.name(inner) == Name::Math);
    element::classes(tree, id).any(|class| class.starts_with("mwe-math-fallback")) && has_source()
}
