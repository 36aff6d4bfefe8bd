//! What is kept and what is left out, and in which words.

use super::explain;
use crate::site::Site;

const PAGE: &str = "<html><body><nav id=top><a href=/>Home</a></nav>
<div class='layout'><div class='article-body'><h1>Refunds</h1>
<p>A refund is paid back to the card that was charged, within five working days of the request.</p>
<ul><li>Open billing</li><li>Press refund</li></ul>
<div class='share-buttons'>Tell your friends about it</div>
<h2>Related articles</h2><p><a href=/a>Invoices</a></p>
</div><p>Answers are written by people who use the product.</p></div>
<select><option>All regions</select></body></html>";

#[test]
fn every_part_has_a_reason() {
    let found = explain(PAGE, None, &Site::default());
    let told: Vec<_> =
        found.parts.iter().map(|part| (part.is_kept, part.element.as_str(), part.reason.as_str())).collect();
    let content = "the content, by the word `article-body` (Zendesk)";
    let expected = [
        (false, "nav#top", "the landmark <nav>"),
        (true, "h1", content),
        (true, "p", content),
        (true, "li", content),
        (true, "li", content),
        (false, "div.share-buttons", "around the text, by the word `share-buttons` (sharing)"),
        (false, "h2", "under the heading “Related articles”"),
        (false, "p", "under the heading “Related articles”"),
        (false, "p", "outside of the part that holds the content"),
        (false, "select", "a <select> is no text"),
    ];
    assert_eq!(told, expected);
    assert_eq!(found.notes, Vec::<String>::new());
}

#[test]
fn a_page_that_says_things_twice_is_noted() {
    let slide = "<p>The words of a slide that a carousel repeats, so that it can go round and round for ever.</p>";
    let found = explain(&format!("<main><h1>Offers</h1>{slide}{slide}</main>"), None, &Site::default());
    assert!(found.notes.iter().any(|note| note.ends_with("word for word: 1")), "{:?}", found.notes);
}

#[test]
fn an_endless_nest_is_explained() {
    let found = explain(&format!("{}deep", "<div>".repeat(50_000)), None, &Site::default());
    assert_eq!(found.parts.len(), 1);
    assert!(found.parts[0].is_kept);
}
