//! Files that are made here: pages with letters at known places, damaged ones and hostile ones.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use model::{Failure, FailureCode};

use super::*;
use crate::{render, tidy};

mod damage;
mod fonts;
mod information;
mod interpreter;
mod right_to_left;

fn read(bytes: &[u8]) -> Result<Reading, Failure> {
    super::read(bytes, &Budget::endless())
}

/// A file of these objects; the first is the catalogue.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    file_with(objects, "")
}

/// Such a file with more entries in its trailer.
fn file_with(objects: &[Vec<u8>], entries: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n").into_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let start = bytes.len();
    let count = objects.len() + 1;
    bytes.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").into_bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    bytes.extend(format!("trailer\n<</Size {count}/Root 1 0 R{entries}>>\nstartxref\n{start}\n%%EOF").into_bytes());
    bytes
}

fn stream(data: &[u8], entries: &str) -> Vec<u8> {
    let mut object = format!("<</Length {}{entries}>>stream\n", data.len()).into_bytes();
    object.extend(data);
    object.extend(b"\nendstream");
    object
}

/// A file of pages, 600 by 800 points, each with a content stream. Fonts: `/H` Helvetica, `/C` Courier.
fn pages(contents: &[Vec<u8>]) -> Vec<u8> {
    let kids = (0..contents.len()).map(|at| format!("{} 0 R ", 5 + 2 * at)).collect::<Vec<_>>().concat();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}>>", contents.len()).into_bytes(),
    ];
    for font in ["Helvetica", "Courier"] {
        objects.push(format!("<</Type/Font/Subtype/Type1/BaseFont/{font}>>").into_bytes());
    }
    for (at, content) in contents.iter().enumerate() {
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {} 0 R/Resources<</Font<</H 3 0 R/C 4 0 R>>>>>>",
            6 + 2 * at
        );
        objects.extend([page.into_bytes(), content.clone()]);
    }
    file(&objects)
}

/// A file of one page with these instructions, resources and further objects, from the sixth on. Font `/H` is Helvetica.
fn page(content: &str, resources: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</H 5 0 R/F 6 0 R>>{resources}>>>>"
    );
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        page.into_bytes(),
        stream(content.as_bytes(), ""),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ];
    objects.extend_from_slice(more);
    file(&objects)
}

/// Text at places: font, size, distance from the left and from the top, text.
fn text(lines: &[(&str, u32, u32, u32, &str)]) -> Vec<u8> {
    let mut content = String::from("BT ");
    for (font, size, x, top, text) in lines {
        let text = text.replace('(', "\\(").replace(')', "\\)");
        write!(content, "/{font} {size} Tf 1 0 0 1 {x} {} Tm ({text}) Tj ", 800 - top).unwrap();
    }
    stream((content + "ET").as_bytes(), "")
}

/// Lines of text of one size below each other.
fn column<'a>(x: u32, top: u32, lines: &[&'a str]) -> Vec<(&'static str, u32, u32, u32, &'a str)> {
    (0..).zip(lines).map(|(at, line)| ("H", 10, x, top + 12 * at, *line)).collect()
}

fn check(bytes: &[u8], expected: &str) {
    let reading = read(bytes).unwrap();
    assert_eq!(render::markdown(&tidy::blocks(reading.blocks)).trim_end(), expected);
}

fn failure(bytes: &[u8]) -> Failure {
    read(bytes).err().unwrap()
}

#[test]
fn sizes_make_headings_and_gaps_make_paragraphs() {
    let mut lines = vec![("H", 20, 50, 60, "The manual"), ("H", 14, 50, 100, "First steps")];
    lines.extend(column(
        50,
        130,
        &[
            "A first paragraph that goes on over its line and is",
            "longer than that.",
            "It says more here, on a line that is about as long,",
            "and ends.",
        ],
    ));
    lines.extend(column(50, 190, &["A second paragraph."]));
    check(
        &pages(&[text(&lines)]),
        "# The manual\n\n## First steps\n\nA first paragraph that goes on over its line and is longer than that.\n\n\
         It says more here, on a line that is about as long, and ends.\n\nA second paragraph.",
    );
}

#[test]
fn columns_are_read_one_after_the_other() {
    let left = [
        "The left column is read from its",
        "top to its end before the right",
        "column begins, and words are info-",
        "rmation that is joined again, even",
    ];
    let right = [
        "across the gap between the two. It",
        "has lines of its own, which stand",
        "at the same heights as the others",
        "do, and ends here.",
    ];
    let mut lines = vec![("H", 18, 150, 60, "A title over both columns")];
    // Drawn line by line across the gap, as some programs do.
    for (at, pair) in (0..).zip(left.iter().zip(right)) {
        lines.extend([("H", 10, 50, 100 + 12 * at, *pair.0), ("H", 10, 310, 100 + 12 * at, pair.1)]);
    }
    check(
        &pages(&[text(&lines)]),
        "# A title over both columns\n\nThe left column is read from its top to its end before the right column begins, and words \
         are information that is joined again, even across the gap between the two. It has lines of its own, which stand at \
         the same heights as the others do, and ends here.",
    );
}

#[test]
fn tables_lists_and_code_are_told_apart() {
    let mut lines = column(50, 60, &["Some text comes first, so that the size is known."]);
    for (at, row) in (0..).zip([["Plan", "Seats", "Price"], ["Small", "5", "10 EUR"], ["Large", "50", "90 EUR"]]) {
        lines.extend([(50, row[0]), (150, row[1]), (250, row[2])].map(|(x, cell)| ("H", 10, x, 100 + 14 * at, cell)));
    }
    lines.extend(column(50, 180, &["- One item of a list", "- Another item"]));
    lines.extend([("C", 10, 50, 240, "if ready:"), ("C", 10, 74, 252, "start()")]);
    check(
        &pages(&[text(&lines)]),
        "Some text comes first, so that the size is known.\n\n| Plan | Seats | Price |\n| --- | --- | --- |\n| Small | 5 | 10 EUR |\n\
         | Large | 50 | 90 EUR |\n\n- One item of a list\n- Another item\n\n```\nif ready:\n    start()\n```",
    );
}

#[test]
fn what_repeats_on_pages_is_dropped() {
    let words = ["alpha", "beta", "gamma", "delta"];
    let contents: Vec<Vec<u8>> = (1_u32..)
        .zip(words)
        .map(|(number, word)| {
            let (head, foot) = (format!("Section {word} {number}"), format!("Page {number} of 4"));
            let body = format!("This page is about {word}.");
            text(&[
                ("H", 8, 50, 30, "The handbook"),
                ("H", 8, 400, 30, &head),
                ("H", 10, 50, 200, &body),
                ("H", 8, 250, 780, &foot),
            ])
        })
        .collect();
    let expected = words.map(|word| format!("This page is about {word}.")).join("\n\n");
    check(&pages(&contents), &expected);
}

#[test]
fn signs_that_only_join_letters_are_resolved() {
    let resolved = |text: &str| {
        let mut found = String::new();
        text.chars().for_each(|sign| strings::resolved(sign, &mut found));
        found
    };
    assert_eq!(resolved("e\u{fb03}cient, \u{2f70} x\u{b2} \u{f0b7}"), "efficient, 示 x\u{b2} •");
    assert_eq!(strings::text_string(b"\xfe\xff\x00A\x20\xac"), "A€");
}

#[test]
fn hyphens_stay_where_the_document_writes_them() {
    let mut words = Words::default();
    words.learn("a well-known word and information everywhere else");
    let cases = [
        ("infor-", "mation", Some(false)),
        ("well-", "known", Some(true)),
        ("Rhein-", "Main", Some(true)),
        ("a -", "b", None),
        ("whole", "word", None),
    ];
    for (before, after, expected) in cases {
        assert_eq!(words.joins(before, after), expected, "{before} {after}");
    }
}

#[test]
fn closed_files_say_why() {
    let picture = stream(b"A", "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray");
    let scanned = file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>".to_vec(),
        stream(b"600 0 0 800 0 0 cm /X Do", ""),
        picture,
    ]);
    let cases = [
        (scanned, FailureCode::EmptyContent, "no OCR"),
        (pages(&[text(&[])]), FailureCode::EmptyContent, "no text"),
        (b"%PDF-1.7".to_vec(), FailureCode::ParseFailed, "export it again"),
    ];
    for (bytes, code, words) in cases {
        let failure = failure(&bytes);
        assert!(failure.code == code && failure.text.contains(words), "{failure}");
    }
}

#[test]
fn a_page_that_is_cut_says_so() {
    let long = text(&[("H", 1, 50, 60, &"ab ".repeat(70_000))]);
    let reading = read(&pages(&[long, text(&[("H", 10, 50, 60, "The next page is whole.")])])).unwrap();
    assert_eq!(reading.warnings, ["pages with more letters than people read were cut: 1"]);
    assert!(render::markdown(&reading.blocks).ends_with("The next page is whole.\n"));
}

#[test]
fn hostile_files_end_in_bounds() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("<</Type/Catalog/Pages 2 0 R/X {}{}>>", open.repeat(depth), close.repeat(depth)).into_bytes()
    };
    let kids = |ids: &str| format!("<</Type/Pages/Kids[{ids}]/Count 9>>").into_bytes();
    let catalogue = b"<</Type/Catalog/Pages 2 0 R>>".to_vec();
    let files = [
        file(&[nested("[", "]", 200_000), kids("")]),
        file(&[nested("<</A ", ">>", 10_000), kids("")]),
        pages(&[stream(("[".repeat(200_000) + " TJ").as_bytes(), "")]),
        pages(&[stream("q ".repeat(200_000).as_bytes(), "")]),
        pages(&[stream(b"BT /H 1e38 Tf 1e38 0 0 1e38 1e38 1e38 Tm (a) Tj /H 1e-38 Tf (b) Tj ET", "")]),
        file(&[catalogue.clone(), kids("2 0 R 2 0 R")]),
        file(&[catalogue.clone(), kids("3 0 R 3 0 R"), kids("2 0 R 4 0 R"), kids("3 0 R 3 0 R 2 0 R")]),
    ];
    let on_a_small_stack = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    let done = on_a_small_stack.spawn(move || files.iter().map(|file| read(file).is_ok()).collect::<Vec<_>>());
    assert_eq!(done.unwrap().join().unwrap().len(), 7);
}

#[test]
fn bombs_end_in_a_reason() {
    let packed = |data: &[u8]| {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    };
    let mut layers = packed(&vec![b' '; 140 * 1024 * 1024]);
    for filters in ["/FlateDecode", "[/FlateDecode/FlateDecode]", "[/FlateDecode/FlateDecode/FlateDecode]"] {
        let failure = failure(&pages(&[stream(&layers, &format!("/Filter{filters}"))]));
        assert_eq!(failure.code, FailureCode::TooLarge, "{failure}");
        layers = packed(&layers);
    }
}
