//! Short lines that sites set around texts and that no name gives away: who asks, who shares, when it was changed.

use super::element::{self, Role};
use super::name::Name;
use super::tree::{Id, Tree};

/// The most letters of such a line.
pub const LONGEST: u32 = 80;

/// A button is made of at most so many nodes.
const MAX_BUTTON: usize = 12;

/// How they begin, in lower case, in the languages that help centres are written in most.
const BEGINNINGS: [&str; 36] = [
    "was this helpful",
    "was this page helpful",
    "was this article helpful",
    "was this information helpful",
    "did this answer your question",
    "did you find it helpful",
    "did you find this",
    "how did you feel about this doc",
    "have more questions?",
    "still need help?",
    "still stuck?",
    "last updated",
    "last modified",
    "modified on:",
    "updated on ",
    "page last ",
    "this page was last modified",
    "powered by ",
    "share this article",
    "back to top",
    "skip to ",
    "edit this page",
    "edit on github",
    "view this page on github",
    "on this page",
    "in this article",
    "war dieser artikel hilfreich",
    "zuletzt aktualisiert",
    "cet article vous a-t-il",
    "mis à jour le",
    "¿fue útil",
    "última actualización",
    "please sign in to leave a comment",
    "you must be logged in",
    "log in to reply",
    "sign in to reply",
];
/// What they say as a whole.
const WHOLE: [&str; 15] = [
    "print",
    "share",
    "copy link",
    "table of contents",
    "contents",
    "loading",
    "loading...",
    "facebook",
    "twitter",
    "linkedin",
    "advertisement",
    "follow",
    "reply",
    "subscribe",
    "click to expand...",
];

/// What buttons say, which are links on many sites.
const BUTTONS: [&str; 48] = [
    "add to bag",
    "add to basket",
    "add to cart",
    "add to compare",
    "add to wishlist",
    "apply now",
    "book now",
    "buy now",
    "contact sales",
    "contact us",
    "create account",
    "create an account",
    "download now",
    "find out more",
    "get in touch",
    "get started",
    "join now",
    "learn more",
    "load more",
    "log in",
    "login",
    "more info",
    "quick view",
    "read article",
    "read full article",
    "read more",
    "register",
    "register now",
    "report",
    "save",
    "see all",
    "see details",
    "see more",
    "shop all",
    "shop now",
    "show all",
    "show more",
    "sign in",
    "sign up",
    "sign up now",
    "size guide",
    "start free trial",
    "start now",
    "try for free",
    "view all",
    "view details",
    "view more",
    "view product",
];

/// Headings of what comes after a text and is none of it.
const SECTIONS: [&str; 82] = [
    "related articles",
    "related posts",
    "related content",
    "related stories",
    "related products",
    "related topics you",
    "related items",
    "related reading",
    "related resources",
    "related services",
    "related searches",
    "related guides",
    "related discussions",
    "related questions",
    "related videos",
    "similar products",
    "similar topics",
    "similar items",
    "similar articles",
    "similar threads",
    "more topics",
    "recent events",
    "recent news",
    "featured insights",
    "featured posts",
    "featured articles",
    "news and notes",
    "trending topics",
    "in other news",
    "suggested topics",
    "suggested articles",
    "complete the look",
    "complete the set",
    "from our blog",
    "from the blog",
    "top collections",
    "product categories",
    "featured products",
    "you might like",
    "customer reviews",
    "customer ratings",
    "ratings & reviews",
    "ratings and reviews",
    "reviews summary",
    "sign up for",
    "subscribe to",
    "stay up to date",
    "submit correction",
    "recently viewed",
    "recent posts",
    "recent articles",
    "latest posts",
    "latest articles",
    "latest news",
    "more news",
    "more from",
    "more articles",
    "more stories",
    "more like this",
    "more posts",
    "you may also like",
    "you might also like",
    "you may also be interested",
    "you might also be interested",
    "keep reading",
    "read next",
    "read more articles",
    "up next",
    "recommended for you",
    "recommended articles",
    "customers also",
    "frequently bought together",
    "about the author",
    "leave a reply",
    "leave a comment",
    "post a comment",
    "subscribe to our newsletter",
    "sign up for our newsletter",
    "share this",
    "moderators online",
    "popular posts",
    "trending now",
];

/// Whether a heading begins a part that comes after the text.
pub fn begins_other(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    text.len() < 60 && SECTIONS.iter().any(|section| text.starts_with(section))
}

/// Whether a short block is such a line.
pub fn is_furniture(tree: &Tree, id: Id) -> bool {
    let name = tree.name(id);
    if name == Name::A || name == Name::Button {
        return is_button(tree, id);
    }
    let is_block =
        element::role(name) == Role::Block && !matches!(name, Name::Tr | Name::Td | Name::Th | Name::Dt | Name::Dd);
    if !is_block || tree.end(id) - id > 60 {
        return false;
    }
    let text = line(tree, id);
    if text.is_empty() {
        return false;
    }
    let is_turn = ["previous", "next", "prev "].iter().any(|word| text.starts_with(word));
    BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
        || (name.heading().is_none() && (WHOLE.contains(&text.as_str()) || is_label(&text)))
        || text.strip_suffix(" min read").is_some_and(|front| front.len() < 10)
        || (is_turn && is_all_links(tree, id))
}

/// Whether a link says what buttons say, on a line of its own.
fn is_button(tree: &Tree, id: Id) -> bool {
    let is_in_sentence = |other: Id| !tree.words(other).trim().is_empty();
    tree.end(id) - id <= MAX_BUTTON
        && is_label(&line(tree, id))
        && !tree.children(tree.parent(id)).take(MAX_BUTTON).any(is_in_sentence)
}

/// The words of a line in lower case; none of what is longer than any line.
fn line(tree: &Tree, id: Id) -> String {
    folded(&element::raw_line(tree, id).unwrap_or_default())
}

/// A text on one line, in lower case.
fn folded(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if line.is_ascii() {
        line.make_ascii_lowercase();
        return line;
    }
    line.to_lowercase()
}

/// A full stop ends a sentence, such as the step of a list that says "Sign in."
fn is_label(text: &str) -> bool {
    let text = text.strip_suffix("...").unwrap_or(text);
    BUTTONS.binary_search(&text.trim_end_matches([' ', '…', '→', '›', '»', '>'])).is_ok()
}

/// Whether every word of a part is in a link.
fn is_all_links(tree: &Tree, id: Id) -> bool {
    let mut at = id + 1;
    while at < tree.end(id) {
        if tree.name(at) == Name::A {
            at = tree.end(at);
            continue;
        }
        if !tree.words(at).trim().is_empty() {
            return false;
        }
        at += 1;
    }
    true
}
