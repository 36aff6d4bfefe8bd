//! Fonts that say what their letters mean, that say it wrongly, and that ask for too much.

use super::*;

/// The text of a page in a font.
fn shown(content: &str, font: &str, more: &[Vec<u8>]) -> String {
    let fonts = [&[font.as_bytes().to_vec()], more].concat();
    let content = format!("BT /F 10 Tf 50 700 Td {content} Tj ET BT /H 10 Tf 50 600 Td (End.) Tj ET");
    let reading = read(&page(&content, "", &fonts)).unwrap();
    render::markdown(&tidy::blocks(reading.blocks)).trim_end().to_owned()
}

fn map(entries: &str) -> Vec<u8> {
    let map = format!("begincmap 1 begincodespacerange <00> <ff> endcodespacerange {entries} endcmap");
    stream(map.as_bytes(), "")
}

#[test]
fn a_map_that_is_worth_nothing_gives_way_to_names() {
    let named = |base: &str| {
        format!(
            "<</Type/Font/Subtype/{base}/BaseFont/Own/FirstChar 65/LastChar 67/Widths[600 600 600]\
             /Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[65/alef/f_i 67/eacute]>>/ToUnicode 7 0 R>>"
        )
    };
    let cases = [
        ("3 beginbfchar <41> <0000> <42> <fffd> <43> <> endbfchar", "אfié"),
        ("1 beginbfchar <41> <0078> endbfchar 1 beginbfrange <42> <43> <0079> endbfrange", "xyz"),
        ("1 beginbfchar <41> <e041> endbfchar", "אfié"),
    ];
    for base in ["Type1", "TrueType"] {
        for (entries, expected) in cases {
            assert_eq!(
                shown("(ABC)", &named(base), &[map(entries)]),
                format!("{expected}\n\nEnd."),
                "{base} {entries}"
            );
        }
    }
}

#[test]
fn bitmap_fonts_keep_to_the_order_of_tex() {
    let widths = "50 ".repeat(128);
    let font = format!(
        "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[.01 0 0 .01 0 0]/CharProcs<<>>\
         /Encoding<</Type/Encoding/Differences[0/a0/a1]>>/FirstChar 0/LastChar 127/Widths[{widths}]/Resources<<>>>>"
    );
    assert_eq!(shown("(e\\016cient)", &font, &[]), "efficient\n\nEnd.");
}

#[test]
fn fonts_that_ask_for_too_much_are_not_loaded() {
    let wide = |widths: &str| {
        format!(
            "<</Type/Font/Subtype/Type0/BaseFont/Wide/Encoding/Identity-H/DescendantFonts\
             [<</Type/Font/Subtype/CIDFontType2/BaseFont/Wide/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>{widths}>>]>>"
        )
    };
    let late = |first: &str| {
        format!("<</Type/Font/Subtype/Type1/BaseFont/Late/FirstChar {first}/LastChar 4000000000/Widths[600]>>")
    };
    let endless = "9".repeat(400);
    let fonts = [
        wide("/W[0 4294967295 500]"),
        wide(&format!("/W[{}]", "0 200000 500 ".repeat(9))),
        wide("/W2[0 4294967295 1 2 3]"),
        late("2000000000"),
        late("3999999999"),
        late(&endless),
    ];
    for font in fonts {
        assert!(shown("(words)", &font, &[]).ends_with("End."), "{font}");
    }
}

#[test]
fn no_code_stands_for_a_book() {
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Own/Encoding/WinAnsiEncoding/ToUnicode 7 0 R>>";
    let book = format!("1 beginbfchar <41> <{}> endbfchar", "0061".repeat(100_000));
    assert_eq!(shown("(AA)", font, &[map(&book)]), "AA\n\nEnd.");
}

#[test]
fn names_of_fonts_tell_how_letters_look() {
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-BoldOblique>>";
    assert_eq!(shown("(Bold words that go on and on.)", font, &[]), "***Bold words that go on and on.***\n\nEnd.");
}
