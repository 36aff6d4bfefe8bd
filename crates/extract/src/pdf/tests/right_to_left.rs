//! Pages of Hebrew, whose letters stand at known places.

use super::*;

/// Which of the codes of the font are the letters of Hebrew, a vowel and a ligature of Arabic; the others are ASCII.
const MEANINGS: &str = "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange \
    3 beginbfrange <20> <40> <0020> <41> <5b> <05d0> <61> <7a> <0061> endbfrange \
    2 beginbfchar <7e> <05b8> <7d> <fefb> endbfchar endcmap end";

/// The width of every letter, in points.
const WIDTH: u32 = 6;

fn code(sign: char) -> char {
    match sign {
        'א'..='ת' => char::from_u32(u32::from(sign) - 0x5d0 + 0x41).unwrap(),
        '\u{5b8}' => '~',
        '\u{fefb}' => '}',
        sign => sign,
    }
}

fn escaped(text: &str) -> String {
    text.chars().map(code).collect::<String>().replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)")
}

/// A page with this content, in letters of 10 points.
fn page(content: &str) -> Vec<u8> {
    let widths = "600 ".repeat(256);
    file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_vec(),
        stream(format!("BT /F 10 Tf {content} ET").as_bytes(), ""),
        format!(
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 0/LastChar 255/Widths[{widths}]/ToUnicode 6 0 R>>"
        )
        .into_bytes(),
        stream(MEANINGS.as_bytes(), ""),
    ])
}

/// A line that looks like this, drawn from its left end.
fn from_the_left(x: u32, top: u32, shown: &str) -> String {
    format!("1 0 0 1 {x} {} Tm ({}) Tj ", 800 - top, escaped(shown))
}

/// The same line, drawn letter by letter from its right end.
fn from_the_right(x: u32, top: u32, shown: &str) -> String {
    let letters: Vec<String> =
        (0..).zip(shown.chars()).map(|(at, sign)| from_the_left(x + WIDTH * at, top, &sign.to_string())).collect();
    letters.into_iter().rev().collect()
}

#[test]
fn lines_are_read_from_the_right_whatever_end_they_were_drawn_from() {
    let shown = "47 קרפ ואר (abc) םלוע םולש";
    for content in [from_the_left(300, 60, shown), from_the_right(300, 60, shown)] {
        check(&page(&content), "שלום עולם (abc) ראו פרק 47");
    }
}

#[test]
fn lines_in_other_text_keep_its_direction() {
    let content = from_the_left(50, 60, "we assume םלוע םולש means good news");
    check(&page(&content), "we assume שלום עולם means good news");
}

#[test]
fn marks_and_ligatures_stay_with_their_letters() {
    // The vowel is drawn before its letter or behind it, over the right half of it.
    let mark = from_the_left(312, 58, "\u{5b8}");
    let word = from_the_left(300, 60, "םולש");
    check(&page(&(mark.clone() + &word)), "שלָום");
    check(&page(&(word + &mark)), "שלָום");
    check(&page(&from_the_left(300, 60, "\u{fefb}")), "لا");
}

#[test]
fn a_passage_stands_for_its_text_over_its_whole_width() {
    let content =
        from_the_left(324, 60, "םולש ") + "1 0 0 1 300 740 Tm /Span<</ActualText<FEFF05D005D105D2>>>BDC (xyz) Tj EMC";
    check(&page(&content), "שלום אבג");
}

#[test]
fn the_right_column_and_the_right_cell_come_first() {
    let right = ["הנושארה הרושה איה תאז", "היינשה הרושה איה תאז", "תישילשה הרושה איה תאז"];
    let left = ["תיעיברה הרושה איה תאז", "תישימחה הרושה איה תאז", "תישישה הרושה איה תאזו"];
    let lines = (0..).zip(right.iter().zip(left));
    let content: String = lines
        .map(|(at, (right, left))| from_the_left(50, 100 + 12 * at, left) + &from_the_left(310, 100 + 12 * at, right))
        .collect();
    check(
        &page(&content),
        "זאת היא השורה הראשונה זאת היא השורה השנייה זאת היא השורה השלישית\n\nזאת היא השורה הרביעית זאת היא השורה החמישית וזאת היא השורה השישית",
    );
    let cell = |at: u32, [one, two, three]: [&str; 3]| {
        from_the_left(300, 100 + 14 * at, one)
            + &from_the_left(200, 100 + 14 * at, two)
            + &from_the_left(100, 100 + 14 * at, three)
    };
    let table = [["תינכת", "תומוקמ", "ריחמ"], ["ןטק", "5", "10"], ["לודג", "50", "90"]];
    let content: String = (0..).zip(table).map(|(at, row)| cell(at, row)).collect();
    check(&page(&content), "| תכנית | מקומות | מחיר |\n| --- | --- | --- |\n| קטן | 5 | 10 |\n| גדול | 50 | 90 |");
}
