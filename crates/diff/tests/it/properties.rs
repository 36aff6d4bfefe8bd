//! What holds for any two texts.

use diff::{Part, RowKind, RunKind, Shingles, apply, compare, is_material};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Words that are alike, signs and marks, so that everything happens often.
fn word() -> impl Strategy<Value = String> {
    let words = [
        "fee",
        "Fee",
        "30",
        "14",
        "days",
        "not",
        "may",
        "€",
        "5",
        "5 €",
        "\"a\"",
        "“a”",
        "–",
        "-",
        "…",
        "|",
        "·",
        "* ",
        "**fee**",
        "`x`",
        "[a](b)",
        "[",
        "](",
        "\n",
        "\n- ",
        "\n1. ",
        "\n```\n",
        "\n| a |",
        "# ",
        "> ",
        "Last updated:",
        "3 May 2024",
        "© 2024",
        "views",
        "\u{a0}",
        "  ",
        "\u{ad}",
        "天",
        "ไทย",
        "e\u{301}",
        "\\*",
        "https://a.example/?sid=1",
        "ﬁ",
        "\r\n",
    ];
    prop_oneof![8 => select(words.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,4}"]
}

fn paragraph() -> impl Strategy<Value = String> {
    (vec(word(), 0..8), any::<bool>()).prop_map(|(words, is_spaced)| words.join(if is_spaced { " " } else { "" }))
}

/// A text, and another one made of it: paragraphs dropped, moved, edited and added, or nothing in common at all.
fn texts() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let edits = vec((0..6_usize, any::<prop::sample::Index>(), paragraph()), 0..6);
    let edited = (vec(paragraph(), 0..12), edits).prop_map(|(old, edits)| {
        let mut new = old.clone();
        for (kind, at, text) in edits {
            edit(&mut new, kind, at, text);
        }
        (old, new)
    });
    prop_oneof![4 => edited, 1 => (vec(paragraph(), 0..6), vec(paragraph(), 0..6))]
}

fn edit(text: &mut Vec<String>, kind: usize, at: prop::sample::Index, words: String) {
    if text.is_empty() || kind == 0 {
        text.insert(at.index(text.len() + 1), words);
        return;
    }
    let at = at.index(text.len());
    match kind {
        1 => drop(text.remove(at)),
        2 => text.rotate_left(at),
        3 => text[at].push_str(&words),
        4 => text[at] = text[at].replacen(' ', &words, 1),
        _ => {
            let moved = text.remove(at);
            text.push(moved);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn applying_a_comparison_gives_the_new_text((old, new) in texts()) {
        let comparison = compare(&old, &new);
        prop_assert_eq!(&apply(&old, &comparison).unwrap(), &new);
        prop_assert_eq!(&apply(&new, &comparison.mirrored()).unwrap(), &old);
    }

    #[test]
    fn a_comparison_is_symmetric((old, new) in texts()) {
        let comparison = compare(&old, &new);
        prop_assert_eq!(comparison.clone().mirrored(), compare(&new, &old));
        prop_assert_eq!(comparison.clone().mirrored().mirrored(), comparison.clone());
        prop_assert_eq!(comparison.is_material(), is_material(&new, &old));
    }

    #[test]
    fn equal_texts_have_no_difference(text in vec(paragraph(), 0..12)) {
        let comparison = compare(&text, &text);
        prop_assert!(comparison.is_empty());
        prop_assert!(!comparison.is_material());
        prop_assert!(comparison.with_context(3).iter().all(|part| matches!(part, Part::Skipped(_))));
    }

    #[test]
    fn a_comparison_is_the_same_each_time((old, new) in texts()) {
        prop_assert_eq!(compare(&old, &new), compare(&old, &new));
    }

    #[test]
    fn each_paragraph_is_in_one_row((old, new) in texts()) {
        let comparison = compare(&old, &new);
        let mut olds: Vec<usize> = comparison.rows().iter().filter_map(|row| row.old).collect();
        olds.sort_unstable();
        prop_assert_eq!(olds, (0..old.len()).collect::<Vec<_>>());
        let news: Vec<usize> = comparison.rows().iter().filter_map(|row| row.new).collect();
        prop_assert_eq!(news, (0..new.len()).collect::<Vec<_>>(), "rows stand in the order of the new text");
    }

    #[test]
    fn rows_say_what_they_are((old, new) in texts()) {
        for row in compare(&old, &new).rows() {
            prop_assert_eq!(row.old.is_none(), row.kind == RowKind::Added);
            prop_assert_eq!(row.new.is_none(), row.kind == RowKind::Removed);
            let is_kept = row.runs.iter().all(|run| run.kind == RunKind::Kept);
            prop_assert!(row.kind != RowKind::Same || (is_kept && !row.is_material));
            prop_assert!(row.runs.iter().all(|run| !run.text.is_empty()));
            prop_assert!(row.runs.windows(2).all(|runs| runs[0].kind != runs[1].kind), "runs of one kind are one run");
        }
    }

    #[test]
    fn texts_that_differ_are_never_empty_comparisons((old, new) in texts()) {
        prop_assert_eq!(compare(&old, &new).is_empty(), old == new);
        prop_assert_eq!(compare(&old, &new).summary() == "no change", old == new);
    }

    #[test]
    fn showing_leaves_nothing_out_but_what_stayed((old, new) in texts(), context in 0..4_usize) {
        let comparison = compare(&old, &new);
        let parts = comparison.with_context(context);
        let rows = parts.iter().map(|part| match part { Part::Rows(rows) => rows.len(), Part::Skipped(count) => *count });
        prop_assert_eq!(rows.sum::<usize>(), comparison.rows().len());
        let changed = |rows: &[diff::Row]| rows.iter().filter(|row| row.kind != RowKind::Same).count();
        let shown = parts.iter().map(|part| match part { Part::Rows(rows) => changed(rows), Part::Skipped(_) => 0 });
        prop_assert_eq!(shown.sum::<usize>(), changed(comparison.rows()));
    }

    /// Whatever else changes, a number that is another one in a sentence matters.
    #[test]
    fn a_changed_number_always_matters((old, new) in texts(), at in any::<prop::sample::Index>(), a in 0..2_000_u32, b in 0..2_000_u32) {
        prop_assume!(a != b);
        let with = |text: &[String], number: u32| {
            let mut text = text.to_vec();
            text.insert(at.index(text.len() + 1), format!("The refund takes {number} business days."));
            text
        };
        prop_assert!(is_material(&with(&old, a), &with(&new, b)));
    }

    #[test]
    fn a_text_is_like_itself(text in vec(paragraph(), 0..12)) {
        let shingles = Shingles::of(&text);
        let expected = if shingles.is_empty() { 0.0 } else { 1.0 };
        prop_assert!((shingles.similarity(&shingles) - expected).abs() < f64::EPSILON);
        prop_assert!((shingles.signature().similarity(&shingles.signature()) - expected).abs() < f64::EPSILON);
    }
}
