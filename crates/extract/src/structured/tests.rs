//! JSON and XML as text.

use crate::{render, tidy};

#[test]
fn json_is_kept_and_said_to_be_json() {
    let reading = super::json("{\"a\": [1, 2]}\n");
    assert_eq!(render::markdown(&tidy::blocks(reading.blocks)), "```json\n{\"a\": [1, 2]}\n```\n");
    assert_eq!(reading.warnings.len(), 1);
}

#[test]
fn elements_part_paragraphs_unless_they_stand_in_sentences() {
    let text = "<?xml version='1.0'?><feed><title>News &amp; more</title><entry><p>One <b>bold</b> word.</p><p>Two</p><c>Three</c></entry></feed>";
    let reading = super::xml(text);
    assert_eq!(render::paragraphs(&tidy::blocks(reading.blocks)), ["News & more", "One bold word.", "Two", "Three"]);
    assert_eq!(reading.warnings.len(), 1);
}

#[test]
fn hostile_xml_ends() {
    let laughs = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><x>&b;&b; text</x>";
    assert_eq!(render::paragraphs(&tidy::blocks(super::xml(laughs).blocks)), ["text"]);
    for text in ["<a>".repeat(200_000), "<a b='".to_owned(), format!("<a {}>x", "b='1' ".repeat(100_000))] {
        super::xml(&text);
    }
}
