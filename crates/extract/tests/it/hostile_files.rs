//! Files of every format but HTML that are made to hurt: each ends with a text or with a reason, on a small stack.
//!
//! They are small beside what the service takes, so that tests without optimisation are quick.

use std::io::Write as _;

use extract::{Hint, extract};
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use model::FailureCode;

const SIZE: usize = 1024 * 1024;

/// Marks that become blocks take the most time.
const MARKS: usize = 128 * 1024;

/// What the file must end with.
#[derive(Debug, Clone, Copy)]
enum End {
    /// A text that holds this.
    Text(&'static str),
    /// A failure of this kind.
    Reason(FailureCode),
    /// Either.
    Any,
}

use End::{Any, Reason, Text};

fn check(name: &'static str, bytes: Vec<u8>, content_type: &'static str, end: End) {
    let work = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(move || {
        let hint = Hint { content_type: Some(content_type.to_owned()), ..Hint::default() };
        extract(&bytes, &hint)
    });
    let found = work.unwrap().join().unwrap_or_else(|_| panic!("{name} made the reader panic"));
    match (end, found) {
        (Text(expected), Ok(page)) => {
            assert!(page.paragraphs.iter().any(|text| text.contains(expected)), "{name}: {:.200?}", page.paragraphs);
        }
        (Reason(code), Err(failure)) => assert_eq!(failure.code, code, "{name}: {failure}"),
        (Any, Ok(_)) => {}
        (Any, Err(failure)) => assert!(!failure.text.is_empty(), "{name}"),
        (end, found) => panic!("{name} should end with {end:?}, and ended with {:.200?}", found.map(|page| page.title)),
    }
}

/// A pattern that fills the size.
fn filled(start: &str, pattern: &str) -> Vec<u8> {
    let mut text = start.to_owned();
    text.push_str(&pattern.repeat(MARKS / pattern.len()));
    text.into_bytes()
}

#[test]
fn marks_without_end() {
    let markdown = [
        "> ",
        ">",
        "[",
        "*",
        "*a ",
        "_a_",
        "`",
        "`a",
        "![",
        "<",
        "- ",
        "|",
        "&amp;",
        "[a](b",
        "[a]: b\n",
        "[^a]: x\n\n",
        "`` ` ",
        "<!--",
        "<a ",
        "\t- a\n",
        "---\n",
        "# a\n",
        "~~a",
        "{",
        "<A>{",
        "1. a\n   ",
        "$a$ ",
    ];
    let restructured = ["a\n=\n", "* a\n", "``a", "*a", ".. a\n", "+-+\n", "= =\n", "`a <b>`_ ", "|a|", "  a\n"];
    let asciidoc = ["==", "== a\n", "*a", "* a\n", "|===\n|a\n", "+", "`a", "*****", "include::a[]\n", "====\n"];
    for (patterns, content_type) in
        [(&markdown[..], "text/markdown"), (&restructured[..], "text/x-rst"), (&asciidoc[..], "text/asciidoc")]
    {
        for pattern in patterns {
            check("marks", filled("Some words.\n\n", pattern), content_type, Text("Some words."));
        }
    }
}

#[test]
fn values_without_end() {
    for pattern in ["\"", ",", "a,b,c\n", "\"x,y\n", "\n", "\"a\"\"b\",", "\t"] {
        check("separated values", filled("a,b,c\n1,2,3\n4,5,6\n", pattern), "text/csv", Text("a"));
    }
    for pattern in ["[", "{\"a\":", "[1,", "\"a", "\\"] {
        check("JSON", filled("[\"word\", ", pattern), "application/json", Any);
    }
    let laughs = "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><r>word &b;</r>";
    check("entities", laughs.as_bytes().to_vec(), "application/xml", Text("word"));
    for pattern in ["<a>", "<a/>", "<a b='c'>", "<!--", "<![CDATA[", "&a;", "<a "] {
        check("XML", filled("<?xml version='1.0'?><r>word", pattern), "application/xml", Any);
    }
}

#[test]
fn rich_text_without_end() {
    let patterns = [
        "{",
        "}",
        "some words \\par ",
        "\\trowd\\cellx1\\intbl a\\cell\\row ",
        "\\intbl a\\cell ",
        "\\b\\b0",
        "\\bin2147483647 ",
        "\\u65 a",
        "{\\*\\x ",
        "\\'4",
        "{\\field{\\*\\fldinst HYPERLINK",
        "{\\info{\\title a",
    ];
    for pattern in patterns {
        check("rich text", filled("{\\rtf1 Some words.\\par\\uc1000000 ", pattern), "", Any);
    }
}

#[test]
fn messages_without_end() {
    let part = |at: usize| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n");
    let nested = (0..20_000).map(part).collect::<Vec<_>>().concat();
    check("nested parts", format!("Subject: a\n{nested}\ntext").into_bytes(), "message/rfc822", Any);
    let many = filled("Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n", "--b\n\nhello\n");
    check("many parts", many, "message/rfc822", Text("hello"));
    check("messages", filled("Subject: a\n", "Content-Type: message/rfc822\n\n"), "message/rfc822", Any);
    check("header", filled("From: b\nSubject: a\nX: ", " y\n"), "message/rfc822", Any);
    check("words", filled("From: b\nSubject: ", "=?utf-8?q?a?= "), "message/rfc822", Any);
    check("parameters", filled("From: b\nSubject: a\nContent-Type: multipart/mixed; ", "a=b;"), "message/rfc822", Any);
}

/// A zip container of deflated parts.
pub fn zip(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in parts {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).unwrap();
        let packed = encoder.finish().unwrap();
        let number = |count: usize| u32::try_from(count).unwrap().to_le_bytes();
        let (offset, length) = (number(bytes.len()), u16::try_from(name.len()).unwrap().to_le_bytes());
        let sizes = [&[0; 4][..], &number(packed.len()), &number(data.len()), &length].concat();
        bytes.extend([b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0", &sizes[..], &[0; 2], name.as_bytes(), &packed].concat());
        let tail = [&[0; 12][..], &offset, name.as_bytes()].concat();
        directory.extend([b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0", &sizes[..], &tail].concat());
    }
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let places = [directory.len(), bytes.len()].map(|count| u32::try_from(count).unwrap().to_le_bytes()).concat();
    bytes.extend(directory);
    bytes.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &places, &[0; 2]].concat());
    bytes
}

fn document(body: &str) -> Vec<u8> {
    zip(&[("word/document.xml", format!("<w:document><w:body>{body}</w:body></w:document>").into_bytes())])
}

const PARAGRAPH: &str = "<w:p><w:r><w:t>Some words.</w:t></w:r></w:p>";

#[test]
fn documents_that_nest_and_repeat() {
    let cases = [
        ("tables in tables", "<w:tbl><w:tr><w:tc>".repeat(50_000)),
        ("cells", format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", format!("<w:tc>{PARAGRAPH}</w:tc>").repeat(15_000))),
        ("fields", "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r></w:p>".repeat(15_000)),
        ("notes", "<w:p><w:r><w:footnoteReference w:id='1'/></w:r></w:p>".repeat(15_000)),
        ("attributes", format!("<w:p {}>", (0..80_000).map(|at| format!("a{at}='x' ")).collect::<Vec<_>>().concat())),
        ("text boxes", "<w:p><w:r><w:txbxContent>".repeat(40_000)),
        ("deletions", "<w:del>".repeat(100_000)),
    ];
    for (name, body) in cases {
        check(name, document(&format!("{PARAGRAPH}{body}")), "", Text("Some words."));
    }
    let wide = "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='1000000'/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>";
    check("spans", document(&format!("{PARAGRAPH}{}", wide.repeat(5_000))), "", Text("Some words."));
}

#[test]
fn zip_bombs_end_in_a_reason() {
    let blank = vec![b' '; 70 * SIZE];
    check("bomb", zip(&[("word/document.xml", blank.clone())]), "", Reason(FailureCode::TooLarge));
    check("book", zip(&[("META-INF/container.xml", blank)]), "", Reason(FailureCode::TooLarge));
    let many: Vec<(String, Vec<u8>)> = (0..30_000).map(|at| (format!("word/{at}"), Vec::new())).collect();
    let many: Vec<(&str, Vec<u8>)> = many.iter().map(|(name, data)| (name.as_str(), data.clone())).collect();
    check("parts", zip(&many), "", Reason(FailureCode::TooLarge));
}

#[test]
fn sheets_without_end() {
    let cell = "<c t='inlineStr'><is><t>word</t></is></c>";
    let sheet = |rows: String| {
        zip(&[
            ("xl/workbook.xml", b"<workbook><sheets><sheet name='S' r:id='r1'/></sheets></workbook>".to_vec()),
            (
                "xl/_rels/workbook.xml.rels",
                b"<R><Relationship Id='r1' Type='x/worksheet' Target='worksheets/sheet1.xml'/></R>".to_vec(),
            ),
            ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").into_bytes()),
        ])
    };
    check("rows", sheet(format!("<row>{cell}{cell}</row>").repeat(30_000)), "", Text("word"));
    check("columns", sheet(format!("<row>{}</row>", cell.repeat(60_000))), "", Text("word"));
    let far =
        |at: usize| format!("<row r='{}'><c r='A{}' t='inlineStr'><is><t>word</t></is></c></row>", at * 50, at * 50);
    check("far cells", sheet((1..10_000).map(far).collect::<Vec<_>>().concat()), "", Text("word"));
    let open = |kind: &str, body: String| {
        let content = format!("<o:document><o:body><o:{kind}>{body}</o:{kind}></o:body></o:document>");
        zip(&[("mimetype", b"application/vnd.oasis.opendocument".to_vec()), ("content.xml", content.into_bytes())])
    };
    let row = "<table-row number-rows-repeated='1048576'><table-cell number-columns-repeated='16384'><p>word</p></table-cell></table-row>";
    let rows = row.repeat(50);
    check("repeated cells", open("spreadsheet", format!("<table>{rows}</table>")), "", Text("word"));
    check("spaces", open("text", format!("<p>word{}</p>", "<s c='1000000000'/>".repeat(5_000))), "", Text("word"));
    check("lists", open("text", format!("<p>word</p>{}", "<list><list-item>".repeat(30_000))), "", Text("word"));
}

/// A PDF of these objects; the first is the catalogue. Readers find them without a table, too.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    for (number, object) in (1..).zip(objects) {
        bytes.extend(format!("{number} 0 obj\n").into_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    bytes.extend(b"trailer\n<</Root 1 0 R>>\n");
    bytes
}

fn stream(data: &[u8], entries: &str) -> Vec<u8> {
    [format!("<</Length {}{entries}>>stream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

/// A page with a content stream; objects from the sixth on are `more`.
fn page(content: Vec<u8>, more: Vec<Vec<u8>>) -> Vec<u8> {
    let resources = "<</Font<</H 5 0 R/T 6 0 R>>/XObject<</X 6 0 R>>>>";
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources{resources}>>").into_bytes(),
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ];
    objects.extend(more);
    pdf(&objects)
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn packed_streams_of_a_pdf_end_in_a_reason() {
    let packed = zlib(&vec![b' '; 140 * SIZE]);
    let hex: Vec<u8> = packed.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
    let runs = b"\x81 ".repeat(SIZE + SIZE / 8);
    let cases = [
        ("hex", stream(&hex, "/Filter[/ASCIIHexDecode/FlateDecode]")),
        ("runs", stream(&runs, "/Filter/RunLengthDecode")),
        ("packed runs", stream(&zlib(&runs), "/Filter[/FlateDecode/RunLengthDecode]")),
    ];
    for (name, content) in cases {
        check(name, page(content, Vec::new()), "", Reason(FailureCode::TooLarge));
    }
}

#[test]
fn drawings_that_call_themselves_end() {
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 600 800]";
    let words = b"BT /H 10 Tf 50 700 Td (Some words.) Tj ET /X Do".to_vec();
    // Each form draws the next ten times, so that the last would be drawn as often as there are grains of sand.
    let tower: Vec<Vec<u8>> = (6..26)
        .map(|at| {
            let next = format!("{form}/Resources<</XObject<</X {} 0 R>>>>", at + 1);
            stream(&b"/X Do ".repeat(10), &next)
        })
        .collect();
    check("tower of forms", page(stream(&words, ""), tower), "", Text("Some words."));
    let circle = stream(b"/X Do /X Do", &format!("{form}/Resources<</XObject<</X 6 0 R>>>>"));
    check("circle of forms", page(stream(&words, ""), vec![circle]), "", Text("Some words."));
    let runs = [&words[..], &b" BT /H 10 Tf (abc) Tj ET".repeat(5_000)].concat();
    check("runs of letters", page(stream(&runs, ""), Vec::new()), "", Text("Some words."));
    let font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<</a 7 0 R>>\
        /Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[500]/Resources<</Font<</T 6 0 R>>>>>>";
    let letter = stream(b"500 0 d0 BT /T 10 Tf (aaaa) Tj ET", "");
    check("circle of letters", page(stream(b"BT /T 10 Tf (aaaa) Tj ET", ""), vec![font.to_vec(), letter]), "", Any);
}

#[test]
fn trees_and_tables_of_a_pdf_end() {
    let catalogue = b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>".to_vec();
    let kids = |ids: &str| format!("<</Type/Pages/Kids[{ids}]/Count 9>>").into_bytes();
    let leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>".to_vec();
    let circle = b"<</First 4 0 R/Next 4 0 R/Title(Words)>>".to_vec();
    let tower = (2..14).map(|at| kids(&format!("{} 0 R ", at + 1).repeat(10)));
    let tower: Vec<Vec<u8>> = [catalogue.clone()].into_iter().chain(tower).chain([leaf.clone()]).collect();
    let nested = |open: &str, close: &str, depth: usize| {
        format!("<</Type/Catalog/Pages 2 0 R/X {}{}>>", open.repeat(depth), close.repeat(depth)).into_bytes()
    };
    let cases = [
        ("tower of pages", pdf(&tower)),
        ("circle of pages", pdf(&[catalogue.clone(), kids("2 0 R 2 0 R")])),
        ("circle of bookmarks", pdf(&[catalogue.clone(), kids("3 0 R"), leaf.clone(), circle])),
        ("one page often", pdf(&[catalogue.clone(), kids(&"3 0 R ".repeat(60_000)), leaf.clone()])),
        ("arrays in arrays", pdf(&[nested("[", "]", 200_000), kids("3 0 R"), leaf.clone()])),
        ("dictionaries in dictionaries", pdf(&[nested("<</A ", ">>", 20_000), kids("3 0 R"), leaf.clone()])),
        (
            "length of itself",
            pdf(&[catalogue.clone(), kids("3 0 R"), b"<</Length 3 0 R>>stream\nBT\nendstream".to_vec()]),
        ),
        (
            "objects in themselves",
            pdf(&[
                catalogue,
                kids("3 0 R"),
                leaf,
                stream(b"4 0 5 10 <<>> 4 0 R", "/Type/ObjStm/N 2/First 8/Extends 4 0 R"),
            ]),
        ),
        ("objects without end", filled("%PDF-1.4\n", "1 0 obj ")),
        ("streams without end", filled("%PDF-1.4\n", "stream\n")),
    ];
    for (name, bytes) in cases {
        check(name, bytes, "", Any);
    }
}
