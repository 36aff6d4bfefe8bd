//! What paragraphs say.

use super::*;

/// The tokens of what a paragraph says.
fn says(paragraph: &str) -> Vec<String> {
    of(paragraph).text.split_terminator(END).map(str::to_owned).collect()
}

#[test]
fn a_paragraph_ends_with_one_full_stop() {
    for text in ["a b", "a b.", "a b:", "a b...", "a b…"] {
        assert_eq!(says(text), ["a", "b", "."], "{text:?}");
    }
    assert_eq!(says("a?"), ["a", "?"]);
    assert_eq!(says(" \n "), Vec::<String>::new());
}

#[test]
fn what_changes_by_itself_says_nothing() {
    let texts = [
        "Last updated: 3 May 2024",
        "Updated 3 days ago",
        "Stand: 03.05.2024",
        "Last updated: 05/2024",
        "最終更新日：2024年5月3日",
        "5 min read",
        "1.2k views · 3 comments · Updated 2024-05-03T10:15:00Z",
        "- Last modified on Tuesday, May 3rd, 2024",
        "Session ID: 8f14e45f-ceea-467a",
        "117 out of 160 found this helpful",
    ];
    for text in texts {
        assert_eq!(says(text), Vec::<String>::new(), "{text:?}");
    }
}

#[test]
fn what_only_looks_like_it_stays() {
    let texts = [
        "Updated to version 3.5",
        "Updated fee: 5 €",
        "Stand: 5",
        "Last updated: 30 days",
        "- 10,000 views",
        "Session: Monday",
        "Session ID: none",
        "10,000 views a month",
        "5 minutes",
        "Updated 3 May 2024 prices",
    ];
    for text in texts {
        assert_ne!(says(text), Vec::<String>::new(), "{text:?}");
    }
}

#[test]
fn the_rest_of_a_line_stays_behind_its_date() {
    assert_eq!(says("Last updated: 3 May 2024. Wait 5 days."), ["Wait", "5", "days", "."]);
    assert_eq!(says("Last updated: 3 May 2024 | Wait 5 days"), ["Wait", "5", "days", "."]);
    assert_eq!(says("Updated on 3 May 2024 (valid from 1 June 2024)"), says("(valid from 1 June 2024)"));
}

#[test]
fn copyrights_lose_their_years_alone() {
    for text in ["© 2024 Acme", "© 2019–2025 Acme", "Copyright (c) 2019, 2025 Acme", "© Acme 2024"] {
        assert_eq!(says(text), ["©", "Acme", "."], "{text:?}");
    }
    assert_eq!(says("Copyright lasts 50 years"), ["Copyright", "lasts", "50", "years", "."]);
    assert_eq!(says("Copyright ends in 2050"), ["Copyright", "ends", "in", "2050", "."]);
}

#[test]
fn links_lead_elsewhere_and_sentences_do_not() {
    for text in ["[a](b)", "- [a](b)\n- [c d](e)", "Home | Docs | Blog"] {
        assert!(of(text).is_navigation, "{text:?}");
    }
    for text in ["- Export\n- Import", "See [a](b)", "a", "", "Home | Docs"] {
        assert!(!of(text).is_navigation, "{text:?}");
    }
}

#[test]
fn code_is_kept_letter_by_letter() {
    assert_eq!(says("```py\n  a = “b”\n```"), ["`  a = “b”"]);
    assert_ne!(of("`a b`"), of("`a  b`"));
}
