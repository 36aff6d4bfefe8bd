//! Documents as programs write them.

use crate::{render, tidy};

fn check(body: &str, expected: &str) {
    let document = format!(
        "{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 Arial;}}{{\\f1\\fcharset204 Arial Cyr;}}}}{{\\stylesheet{{\\s1 heading 1;}}}}{body}}}"
    );
    let reading = super::read(document.as_bytes()).unwrap();
    assert_eq!(render::markdown(&tidy::blocks(reading.blocks)).trim_end(), expected, "{body}");
}

#[test]
fn letters_of_all_alphabets_are_read() {
    check(
        r"caf\'e9 \u8364? {\f1\'cf\'f0} \u-10179?\u-8704? \{x\}\~y \ldblquote q\rdblquote\par",
        "café € Пр 😀 {x} y “q”",
    );
    check(r"\uc2\u252\'fcx y\uc0\u228 z", "ü yäz");
}

#[test]
fn paragraphs_headings_looks_and_links_are_kept() {
    check(
        r#"{\info{\title The title}{\author A}}\pard\s1 Heading\par\pard Some {\b bold} and {\i slanted}\line next{\v hidden}\par
{\field{\*\fldinst{HYPERLINK "https://example.com/"}}{\fldrslt{link}}} end\par\pard\outlinelevel1 Two\par{\*\unknown x}{\footer Page}"#,
        "# Heading\n\nSome **bold** and *slanted*\\\nnext\n\n[link](https://example.com/) end\n\n## Two",
    );
}

#[test]
fn lists_nest() {
    check(
        r"{\listtext\bullet\tab}\ls1 One\par{\listtext\bullet\tab}\ls1\ilvl1 Inner\par\pard Text\par{\listtext 3.\tab}\ls2\ilvl0 Three\par",
        "- One\n  - Inner\n\nText\n\n3. Three",
    );
}

#[test]
fn tables_have_rows_and_cells() {
    check(
        r"\pard Before\par\trowd\trhdr\cellx1\cellx2\pard\intbl A\cell B\cell\row\trowd\pard\intbl 1\par more\cell 2\cell\row\pard After\par",
        "Before\n\n| A | B |\n| --- | --- |\n| 1<br>more | 2 |\n\nAfter",
    );
}

#[test]
fn damaged_and_hostile_documents_end_in_bounds() {
    let deep = format!("{{\\rtf1 x{}deep", "{".repeat(300_000));
    let reading = super::read(deep.as_bytes()).unwrap();
    assert_eq!((render::markdown(&reading.blocks).as_str(), reading.warnings.len()), ("x\n", 1));
    assert!(super::read(b"{\\rtf1\\fonttbl").is_err());
    for bytes in [
        &b"{\\rtf1 a\\bin99999999999 b}"[..],
        b"{\\rtf1 \\'zz\\'4",
        b"{\\rtf1}}}}}\\",
        b"\\u\\u99999999999\\uc-1\\cell\\row\\row",
    ] {
        let _ = super::read(bytes);
    }
}
