//! Texts as they are read, shown by the algorithm and read back.

use super::*;

/// How a text looks from left to right: turned around and mirrored by UAX #9.
fn shown(text: &str, base: Direction) -> String {
    let info = BidiInfo::new(text, Some(base.level()));
    let paragraph = &info.paragraphs[0];
    let levels = info.reordered_levels_per_char(paragraph, paragraph.range.clone());
    let signs: Vec<char> = text.chars().collect();
    let order = BidiInfo::reorder_visual(&levels);
    order.into_iter().map(|at| if levels[at].is_rtl() { mirrored(signs[at]) } else { signs[at] }).collect()
}

fn read(shown: &str, base: Direction) -> String {
    let signs: Vec<(char, ())> = shown.chars().map(|sign| (sign, ())).collect();
    logical(&signs, base).into_iter().map(|(sign, ())| sign).collect()
}

#[test]
fn what_is_shown_is_read_back() {
    let right = [
        "שלום עולם",
        "המחיר הוא 1,234.50 ש\"ח (כולל מע\"מ).",
        "גרסה 2.0 של Windows 11 זמינה",
        "ראה (abc) כאן, וגם [12].",
        "مرحبا بالعالم، كيف حالك؟",
        "من 1990-1995 في القاهرة",
        "الإصدار ٣٫١٤ من البرنامج Gleaner v2 متاح",
        "نسخه ۲٫۵ در سال ۱۴۰۲",
    ];
    for text in right {
        assert_eq!(read(&shown(text, Direction::RightToLeft), Direction::RightToLeft), text);
    }
    for text in ["The word שלום עולם means peace (12).", "see مرحبا بالعالم there", "plain text, 12 (34)"]
    {
        assert_eq!(read(&shown(text, Direction::LeftToRight), Direction::LeftToRight), text);
    }
}

#[test]
fn brackets_that_are_noted_as_they_are_read_stay() {
    // The first bracket of this line belongs to the line before it.
    assert_eq!(read("םש [12] ףוסב (הז", Direction::RightToLeft), "זה) בסוף [12] שם");
    let looks = [")םולש( וילא רמא", "(םולש) וילא רמא"];
    for shown in looks {
        assert_eq!(read(shown, Direction::RightToLeft), "אמר אליו (שלום)");
    }
}

#[test]
fn marks_follow_their_letters() {
    // Each letter with its vowels behind it, the letters from left to right.
    assert_eq!(read("םוֹלשָׁ", Direction::RightToLeft), "שָׁלוֹם");
    assert!(is_mark('\u{5b8}') && is_mark('\u{64e}') && !is_mark('ש'));
}

#[test]
fn most_letters_decide_the_direction() {
    let cases = [
        ("שלום Gleaner", Direction::LeftToRight),
        ("שלום עולם IBM", Direction::RightToLeft),
        ("12 34", Direction::LeftToRight),
        ("", Direction::LeftToRight),
    ];
    for (text, expected) in cases {
        assert_eq!(Direction::of(text.chars()), expected, "{text}");
    }
}
