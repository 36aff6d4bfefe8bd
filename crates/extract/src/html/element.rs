//! What the names and attributes of elements mean to a reader.

use dom_query::NodeRef;

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

/// The element's name; empty for what is no element.
pub fn name(node: &NodeRef) -> String {
    node.node_name().map(|name| name.to_string()).unwrap_or_default()
}

/// An attribute that is there and not blank.
pub fn attribute(node: &NodeRef, name: &str) -> Option<String> {
    node.attr(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Whether the class attribute has one of these words.
pub fn has_class(node: &NodeRef, words: &[&str]) -> bool {
    attribute(node, "class").is_some_and(|class| class.split_ascii_whitespace().any(|word| words.contains(&word)))
}

/// How an element of this name takes part in the text.
pub fn role(name: &str) -> Role {
    match name {
        "script" | "style" | "noscript" | "template" | "head" | "svg" | "canvas" | "iframe" | "object" | "embed"
        | "audio" | "video" | "select" | "datalist" | "textarea" | "input" | "annotation" | "annotation-xml"
        | "map" | "progress" | "meter" | "frameset" | "link" | "meta" | "title" | "base" => Role::Nothing,
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "dd" | "details"
        | "dialog" | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1"
        | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup" | "hr" | "html" | "legend" | "li" | "main"
        | "menu" | "nav" | "ol" | "p" | "pre" | "search" | "section" | "summary" | "table" | "tbody" | "td"
        | "tfoot" | "th" | "thead" | "tr" | "ul" => Role::Block,
        _ => Role::Inline,
    }
}

/// Marks beside the text that are no text: permalink signs, line numbers, buttons without a question.
pub fn is_ornament(node: &NodeRef, name: &str) -> bool {
    match name {
        "a" => is_permalink(node),
        // The questions of an accordion are buttons; "Copy" and "Share" are buttons too.
        "button" => {
            !["aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle"].iter().any(|name| node.has_attr(name))
        }
        "td" | "th" | "span" | "div" => {
            has_class(node, &["linenos", "lineno", "line-numbers", "gutter", "gl", "line-numbers-rows", "rouge-gutter"])
        }
        _ => false,
    }
}

fn is_permalink(node: &NodeRef) -> bool {
    let is_local = attribute(node, "href").is_none_or(|href| href.contains('#'));
    let text = node.text();
    let mark = text.trim();
    let is_mark =
        mark.is_empty() || matches!(mark, "#" | "¶" | "§" | "🔗" | "\u{200b}" | "\u{f0c1}" | "Link" | "Permalink");
    is_local && is_mark && node.children_it(false).all(|child| !child.has_name("img"))
}

/// Boxes that quote or warn.
pub fn is_admonition(node: &NodeRef, name: &str) -> bool {
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
    match name {
        "aside" | "div" | "section" => attribute(node, "role").as_deref() == Some("note") || has_class(node, &WORDS),
        _ => false,
    }
}
