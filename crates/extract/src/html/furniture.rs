//! Takes the furniture out of a page: what sites put around every text and marks as such.

use dom_query::{Document, NodeRef};

use super::element;

/// Names that sites give to furniture, as whole words of a class or an id.
const NAMES: [&str; 40] = [
    "breadcrumb",
    "breadcrumbs",
    "related-articles",
    "related-posts",
    "recent-articles",
    "recently-viewed",
    "article-votes",
    "article-vote",
    "article-comments",
    "comments-area",
    "comment-list",
    "share-buttons",
    "social-share",
    "social-links",
    "sharing",
    "pagination",
    "pager",
    "prev-next",
    "page-nav",
    "pagenav",
    "feedback",
    "helpful",
    "was-this-helpful",
    "toc",
    "table-of-contents",
    "on-this-page",
    "skip-link",
    "skip-to-content",
    "cookie-banner",
    "cookie-consent",
    "newsletter",
    "site-header",
    "site-footer",
    "sphinxsidebar",
    "footer",
    "navbar",
    "sidebar-nav",
    "edit-this-page",
    "last-updated",
    "search-form",
];

/// Whatever holds more of the page than this, in percent, is no furniture, whatever it is called.
const MAX_SHARE: usize = 40;

/// Removes navigation, headers, footers, and what names itself so.
pub fn remove(page: &Document) {
    let all = page.text().len();
    let furniture: Vec<NodeRef> = page.root().descendants_it().filter(is_furniture).collect();
    for node in furniture {
        if node.text().len() * 100 <= all * MAX_SHARE {
            node.remove_from_parent();
        }
    }
}

fn is_furniture(node: &NodeRef) -> bool {
    if !node.is_element() {
        return false;
    }
    let name = element::name(node);
    match name.as_str() {
        "html" | "body" | "main" | "article" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => false,
        "nav" | "dialog" => true,
        // An article's own header and footer are part of it.
        "header" | "footer" => !is_in_article(node),
        "aside" => !element::is_admonition(node, &name) && !is_in_article(node),
        _ => has_role(node) || is_named(node),
    }
}

fn is_in_article(node: &NodeRef) -> bool {
    node.ancestors_it(None).any(|outer| outer.has_name("article") || outer.has_name("main"))
}

fn has_role(node: &NodeRef) -> bool {
    let role = element::attribute(node, "role");
    matches!(
        role.as_deref(),
        Some("navigation" | "banner" | "contentinfo" | "complementary" | "search" | "dialog" | "alertdialog")
    )
}

fn is_named(node: &NodeRef) -> bool {
    let is_name = |text: String| {
        let lower = text.to_ascii_lowercase().replace('_', "-");
        lower.split_ascii_whitespace().any(|word| NAMES.contains(&word))
    };
    ["class", "id"].iter().filter_map(|name| element::attribute(node, name)).any(is_name)
}
