//! Texts as people write them.

use crate::{render, tidy};

fn check(text: &str, expected: &str) {
    assert_eq!(render::markdown(&tidy::blocks(super::read(text).blocks)).trim_end(), expected, "{text}");
}

#[test]
fn headings_paragraphs_and_attributes() {
    check(
        "= Title\n:toc: left\n// a remark\n\n== One\n\nText\nover lines. +\nnext\n\n=== Deep",
        "# Title\n\n## One\n\nText over lines.\\\nnext\n\n### Deep",
    );
}

#[test]
fn lists_nest_by_their_marks() {
    check("* one\n** inner\n* two\n\nText\n\n. a\n. b\n", "- one\n  - inner\n- two\n\nText\n\n1. a\n2. b");
}

#[test]
fn code_notes_and_tables_are_kept() {
    check(
        "[source,Rust]\n----\nfn a() {}\n\n== no heading\n----\n\nNOTE: Mind\nthis.\n\n|===\n|A |B\n\n|1\n|2\n|3 |4\n|===\n",
        "```rust\nfn a() {}\n\n== no heading\n```\n\n> Mind this.\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |",
    );
}

#[test]
fn marks_inside_of_lines_are_resolved() {
    check(
        "Use `a_b`, *bold*, _slanted_, snake_case_name, https://example.com/[a page], link:https://example.com/x[x^], <<id,there>> and xref:b.adoc[b].",
        "Use `a_b`, **bold**, *slanted*, snake\\_case\\_name, [a page](https://example.com/), [x](https://example.com/x), there and b.",
    );
}

#[test]
fn hostile_texts_end() {
    for text in
        ["* ".repeat(50_000), "`".repeat(50_000), "<<".repeat(50_000), "----\n".repeat(5_001), "|===\n|".to_owned()]
    {
        super::read(&text);
    }
}
