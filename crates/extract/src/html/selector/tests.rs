//! What selectors match, and why others are refused.

use super::{Selector, check_selector};
use crate::html::parse;

const PAGE: &str = r#"<body><div id="a" class="box wide md:flex"><p class="note" lang="en-GB">one</p>
    <section role="main"><p class="note">two</p><x-card><p data-testid="three">three</p></x-card></section></div>
    <p id="z">four <a href="https://example.com/x.pdf">five</a></p></body>"#;

/// The words of each element that a selector matches.
fn matched(selector: &str) -> Vec<String> {
    let tree = parse::parse(PAGE);
    let ids = Selector::parse(selector).unwrap_or_else(|error| panic!("{error}")).matches(&tree);
    ids.into_iter().map(|id| crate::html::element::words(&tree, id)).collect()
}

#[test]
fn selectors_match_as_in_browsers() {
    let cases: [(&str, &[&str]); 24] = [
        ("p", &["one", "two", "three", "four five"]),
        ("P.note", &["one", "two"]),
        (".note.other", &[]),
        ("#z", &["four five"]),
        ("p#z a", &["five"]),
        ("div > p", &["one"]),
        ("div p", &["one", "two", "three"]),
        ("div > section > p", &["two"]),
        ("body div section p", &["two", "three"]),
        ("body > p", &["four five"]),
        ("div > div p", &[]),
        ("x-card p", &["three"]),
        ("x-card", &["three"]),
        ("y-card", &[]),
        ("*[role=main] > *", &["two", "three"]),
        ("[role]", &["two three"]),
        ("[class~='wide'] > p", &["one"]),
        ("[lang|=en]", &["one"]),
        ("[href^=\"https:\"]", &["five"]),
        ("[href$='.pdf']", &["five"]),
        ("[href*=example]", &["five"]),
        ("[href*='']", &[]),
        (".md\\:flex > p", &["one"]),
        (" p.note , #z,a ", &["one", "two", "four five", "five"]),
    ];
    for (selector, expected) in cases {
        assert_eq!(matched(selector), expected, "{selector}");
    }
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    let cases = [
        ("", "``: here a selector is missing"),
        ("p,", "`p,`: here a selector is missing"),
        ("p > > a", "`> a` in `p > > a`: here a selector is missing"),
        (
            "h2 + p",
            "`+ p` in `h2 + p`: siblings are not supported; use the descendant (space) or the child (`>`) combinator",
        ),
        ("p::before", "`::before` in `p::before`: pseudo-elements are not supported; name the element itself"),
        ("a:not(.b) i", "`:not(` in `a:not(.b) i`: pseudo-classes are not supported; use classes, ids or attributes"),
        ("p.", "`.` in `p.`: a class has no name"),
        ("[data-x=1]", "`[data-x=1]`: this attribute is not kept when pages are read; use classes, ids or roles"),
        ("[role=main", "`[role=main`: `]` is missing"),
        ("[role='main]", "`[role='main]`: the value is missing or its quote is not closed"),
        ("[role=main i]", "`[role=main i]`: after the value, only `]` may follow; flags are not supported"),
        ("p & a", "`& a` in `p & a`: here a selector is missing"),
    ];
    for (selector, expected) in cases {
        assert_eq!(check_selector(selector).map_err(|error| error.to_string()), Err(expected.to_owned()));
    }
}
