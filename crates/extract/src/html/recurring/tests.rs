//! What of a site's pages is remembered, and what is left out for it.

use std::fmt::Write;

use crate::{Extracted, Hint, Site, extract};

/// What a site puts below each of its texts; the number in it changes.
fn teaser(number: usize) -> String {
    format!("<div class='zone'><h3>More?</h3><p>Ask our {number} experts, they answer around the clock.</p></div>")
}

fn page(text: &str, teaser: &str) -> String {
    format!("<body><main><h1>Refunds</h1><p>{text}</p>{teaser}</main></body>")
}

fn read(page: &str, site: &Site) -> Extracted {
    let hint = Hint { content_type: Some("text/html".to_owned()), site: site.clone(), ..Hint::default() };
    extract(page.as_bytes(), &hint).unwrap_or_else(|failure| panic!("{failure}"))
}

/// What two pages of a site have in common.
fn recurring(one: &str, other: &str) -> Site {
    let [one, other] = [one, other].map(|page| read(page, &Site::default()).fingerprints);
    Site { recurring: one.into_iter().filter(|fingerprint| other.contains(fingerprint)).collect(), ..Site::default() }
}

const LONG: &str = "A refund goes back to the card that was charged, within five days of the request for it.";
const OTHER: &str = "Alerts tell your team when a queue grows faster than it is worked off, day and night.";

#[test]
fn what_recurs_is_left_out_as_a_whole() {
    let (one, other) = (page(LONG, &teaser(12)), page(OTHER, &teaser(7)));
    let site = recurring(&one, &other);
    assert!(crate::markdown(&read(&one, &Site::default()).blocks).contains("experts"));
    assert_eq!(crate::markdown(&read(&one, &site).blocks), format!("# Refunds\n\n{LONG}\n"));
}

#[test]
fn what_is_left_out_is_remembered_all_the_same() {
    let (one, other) = (page(LONG, &teaser(12)), page(OTHER, &teaser(7)));
    let site = recurring(&one, &other);
    assert_eq!(read(&one, &site).fingerprints, read(&one, &Site::default()).fingerprints);
}

#[test]
fn twins_keep_their_text() {
    let one = page(LONG, "");
    let site = recurring(&one, &one);
    assert!(!site.recurring.is_empty());
    assert_eq!(read(&one, &site).blocks, read(&one, &Site::default()).blocks);
}

#[test]
fn a_long_page_has_few_fingerprints_and_those_of_its_ends() {
    let mut text = String::from(OTHER);
    for number in 0..500 {
        let word: String = (0..number % 40).map(|_| 'x').collect();
        let _ = write!(text, "</p><p>{LONG} {word}{}y", number / 40);
    }
    let long = page(&text, &teaser(3));
    let found = read(&long, &Site::default()).fingerprints;
    assert!((2..=64).contains(&found.len()), "{}", found.len());
    let teaser = recurring(&long, &page(OTHER, &teaser(4)));
    assert!(!crate::markdown(&read(&long, &teaser).blocks).contains("experts"));
}

#[test]
fn short_blocks_and_headings_are_never_remembered() {
    let page = "<main><h1>A heading that is long enough to be a block of its own</h1><p>See also</p></main>";
    assert!(read(page, &Site::default()).fingerprints.is_empty());
}
