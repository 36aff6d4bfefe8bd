//! Office packages and rich text.

use super::archive::{Packed, packed, zip};
use crate::shape::{Shape, filled, numbered};

/// Just under the cap of one part, which inflates from far less.
const LARGE_PART: usize = 47 * 1024 * 1024;

const PARAGRAPH: &str = "<w:p><w:r><w:t>Some words.</w:t></w:r></w:p>";

/// All of them.
pub fn shapes() -> Vec<Shape> {
    [documents(), full_documents(), workbooks(), slides(), rich_texts()].into_iter().flatten().collect()
}

fn document(body: &[u8], more: Vec<Packed>) -> Vec<u8> {
    let start = b"<w:document xmlns:w='w'><w:body>".to_vec();
    let mut parts = vec![packed("word/document.xml", &[start, body.to_vec()].concat())];
    parts.extend(more);
    zip(&parts)
}

const BODIES: [(&str, &str); 20] = [
    ("paragraphs", "<w:p><w:r><w:t>a</w:t></w:r></w:p>"),
    ("blank paragraphs", "<w:p/>"),
    ("paragraphs in paragraphs", "<w:p><w:r><w:t>a"),
    ("runs", "<w:r><w:t>a</w:t></w:r>"),
    ("runs, bold and not", "<w:r><w:b/><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r>"),
    ("tables in tables", "<w:tbl><w:tr><w:tc>"),
    ("tables in tables, with words", "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p>"),
    ("tables", "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"),
    ("cells of one row", "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"),
    (
        "cells that span",
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='1000000'/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>",
    ),
    (
        "cells merged downwards",
        "<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr>",
    ),
    ("text boxes", "<w:p><w:r><w:txbxContent><w:p><w:r><w:t>a</w:t></w:r></w:p>"),
    (
        "fields",
        "<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>HYPERLINK \"https://example.com\"</w:instrText></w:r>",
    ),
    ("notes", "<w:p><w:r><w:footnoteReference w:id='1'/></w:r></w:p>"),
    ("deletions", "<w:del><w:r><w:t>a</w:t></w:r>"),
    (
        "lists",
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='8'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>",
    ),
    ("headings", "<w:p><w:pPr><w:outlineLvl w:val='1'/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>"),
    ("pictures", "<w:p><w:r><w:docPr descr='a'/></w:r></w:p>"),
    ("line ends", "<w:r><w:br/></w:r>"),
    ("tabs", "<w:r><w:tab/><w:t>a</w:t></w:r>"),
];

fn documents() -> Vec<Shape> {
    let bodies = BODIES.iter().map(|(name, pattern)| {
        Shape::made("docx", *name, move |size| document(&filled(PARAGRAPH, pattern, size), Vec::new()))
    });
    let relation = "<R><Relationship Id='r1' Type='x/hyperlink' Target='https://example.com/";
    let often = Shape::made("docx", "told often: the address of a link", move |size| {
        let relations = format!("{relation}{}'/></R>", "y".repeat(100_000));
        let body = filled("<w:p><w:hyperlink r:id='r1'>", "<w:r><w:b/><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r>", size);
        document(&body, vec![packed("word/_rels/document.xml.rels", relations.as_bytes())])
    });
    let fields = Shape::made("docx", "told often: the address of a field", |size| {
        let start = format!(
            "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>HYPERLINK \"https://example.com/{}\"</w:instrText><w:fldChar w:fldCharType='separate'/></w:r>",
            "y".repeat(100_000)
        );
        document(&filled(&start, "<w:fldChar w:fldCharType='begin'/>", size), Vec::new())
    });
    let noted = Shape::made("docx", "notes, all defined", |size| {
        let notes = numbered("<w:footnotes>", |at| format!("<w:footnote w:id='{at}'>{PARAGRAPH}</w:footnote>"), size);
        let body = numbered(PARAGRAPH, |at| format!("<w:p><w:r><w:footnoteReference w:id='{at}'/></w:r></w:p>"), size);
        let relations = b"<R><Relationship Id='r1' Type='x/footnotes' Target='footnotes.xml'/></R>";
        document(&body, vec![packed("word/footnotes.xml", &notes), packed("word/_rels/document.xml.rels", relations)])
    });
    let styled = Shape::made("docx", "styles based on styles", |size| {
        let styles = numbered(
            "<w:styles>",
            |at| format!("<w:style w:styleId='s{}'><w:basedOn w:val='s{at}'/></w:style>", at + 1),
            size,
        );
        let relations = b"<R><Relationship Id='r1' Type='x/styles' Target='styles.xml'/></R>";
        let body = format!(
            "{PARAGRAPH}{}",
            "<w:p><w:pPr><w:pStyle w:val='s9999'/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>".repeat(20_000)
        );
        document(
            body.as_bytes(),
            vec![packed("word/styles.xml", &styles), packed("word/_rels/document.xml.rels", relations)],
        )
    });
    let attributes = Shape::made("docx", "attributes of one element", |size| {
        document(&numbered(&format!("{PARAGRAPH}<w:p"), |at| format!(" a{at}='x'"), size), Vec::new())
    });
    bodies.chain([often, fields, noted, styled, attributes]).collect()
}

/// As large as a part may be: packed, these files are far smaller than what is unpacked.
fn full_documents() -> Vec<Shape> {
    let full = |name: &str, pattern: &'static str| {
        Shape::made("docx", format!("at the cap: {name}"), move |_| {
            document(&filled(PARAGRAPH, pattern, LARGE_PART), Vec::new())
        })
    };
    let noise = |name: &str, pattern: fn(usize) -> String| {
        Shape::made("docx", format!("at the cap: {name}"), move |_| {
            document(&numbered(PARAGRAPH, pattern, LARGE_PART), Vec::new())
        })
    };
    vec![
        full("paragraphs", BODIES[0].1),
        noise("paragraphs of numbers", |at| format!("<w:p><w:r><w:t>{at}</w:t></w:r></w:p>")),
        noise("tables", |at| format!("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{at}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>")),
        noise("cells", |at| format!("<w:tc><w:p><w:r><w:t>{at}</w:t></w:r></w:p></w:tc>")),
        noise("runs", |at| format!("<w:r><w:b/><w:t>{at}</w:t></w:r><w:r><w:t>{at}</w:t></w:r>")),
        noise("text in Chinese", |at| format!("<w:p><w:r><w:t>我们将在三十天内退款{at}</w:t></w:r></w:p>")),
        noise("one text", |at| if at == 0 { "<w:p><w:r><w:t>".to_owned() } else { format!("word{at} ") }),
        Shape::made("docx", "at the cap: three parts", |_| {
            let body = numbered(PARAGRAPH, |at| format!("<w:p><w:r><w:t>{at}</w:t></w:r></w:p>"), LARGE_PART);
            let notes =
                numbered("<w:footnotes>", |at| format!("<w:footnote w:id='{at}'>{PARAGRAPH}</w:footnote>"), LARGE_PART);
            let relations = b"<R><Relationship Id='r1' Type='x/footnotes' Target='footnotes.xml'/><Relationship Id='r2' Type='x/endnotes' Target='endnotes.xml'/></R>";
            let more = vec![
                packed("word/footnotes.xml", &notes),
                packed("word/endnotes.xml", &notes),
                packed("word/_rels/document.xml.rels", relations),
            ];
            document(&body, more)
        }),
    ]
}

fn workbook(sheets: usize, strings: &[u8], rows: &[u8]) -> Vec<u8> {
    let named: Vec<String> = (0..sheets).map(|at| format!("<sheet name='S{at}' r:id='r{at}'/>")).collect();
    let related: Vec<String> = (0..sheets)
        .map(|at| format!("<Relationship Id='r{at}' Type='x/worksheet' Target='worksheets/sheet1.xml'/>"))
        .collect();
    let shared = "<Relationship Id='s' Type='x/sharedStrings' Target='sharedStrings.xml'/>";
    zip(&[
        packed("xl/workbook.xml", format!("<workbook><sheets>{}</sheets></workbook>", named.concat()).as_bytes()),
        packed("xl/_rels/workbook.xml.rels", format!("<R>{shared}{}</R>", related.concat()).as_bytes()),
        packed("xl/sharedStrings.xml", &[b"<sst>", strings].concat()),
        packed("xl/worksheets/sheet1.xml", &[b"<worksheet><sheetData>", rows].concat()),
    ])
}

fn workbooks() -> Vec<Shape> {
    const CELL: &str = "<c t='inlineStr'><is><t>word</t></is></c>";
    const SHARED: &str = "<c t='s'><v>0</v></c>";
    let filled_with = |name: &str, start: &'static str, pattern: &'static str| {
        Shape::made("xlsx", name, move |size| workbook(1, b"<si><t>word</t></si>", &filled(start, pattern, size)))
    };
    vec![
        filled_with("rows", "", "<row><c t='inlineStr'><is><t>word</t></is></c><c><v>1</v></c></row>"),
        filled_with("columns", "<row>", CELL),
        filled_with("blank rows", "", "<row/>"),
        filled_with("cells that do not close", "<row>", "<c t='inlineStr'><is><t>word"),
        filled_with(
            "the last cell of all, and others",
            "<row r='1048576'><c r='XFD1048576' t='s'><v>0</v></c></row>",
            "<row r='9'><c r='XFD9' t='s'><v>0</v></c></row>",
        ),
        Shape::made("xlsx", "far cells", |size| {
            let row = |at: usize| {
                format!(
                    "<row r='{}'><c r='A{}' t='s'><v>0</v></c><c r='XFD{}' t='s'><v>0</v></c></row>",
                    at * 100,
                    at * 100,
                    at * 100
                )
            };
            workbook(1, b"<si><t>word</t></si>", &numbered("", row, size))
        }),
        Shape::made("xlsx", "shared strings", |size| {
            let strings = numbered("", |at| format!("<si><t>word {at}</t></si>"), size);
            workbook(1, &strings, &numbered("", |at| format!("<row><c t='s'><v>{at}</v></c></row>"), size))
        }),
        Shape::made("xlsx", "shared strings at the cap", |_| {
            workbook(
                1,
                &numbered("", |at| format!("<si><t>{at}</t></si>"), LARGE_PART),
                format!("<row>{SHARED}</row>").as_bytes(),
            )
        }),
        Shape::made("xlsx", "told often: one shared string", |size| {
            let string = format!("<si><t>{}</t></si>", "Some words. ".repeat(100_000));
            workbook(1, string.as_bytes(), &filled("", &format!("<row>{SHARED}{SHARED}</row>"), size / 4))
        }),
        Shape::made("xlsx", "500 sheets of one part", |size| {
            let rows = filled("", &format!("<row>{CELL}{CELL}</row>"), size / 20);
            workbook(500, b"", &rows)
        }),
        Shape::made("xlsx", "number formats", |size| {
            workbook(1, b"", &numbered("", |at| format!("<row><c s='{}'><v>{at}.5e300</v></c></row>", at % 50), size))
        }),
    ]
}

fn slides() -> Vec<Shape> {
    let deck = |count: usize, slide: Vec<u8>| {
        let ids: Vec<String> = (0..count).map(|at| format!("<p:sldId r:id='r{at}'/>")).collect();
        let related: Vec<String> = (0..count)
            .map(|at| format!("<Relationship Id='r{at}' Type='x/slide' Target='slides/slide1.xml'/>"))
            .collect();
        zip(&[
            packed(
                "ppt/presentation.xml",
                format!("<p:presentation><p:sldIdLst>{}</p:sldIdLst></p:presentation>", ids.concat()).as_bytes(),
            ),
            packed("ppt/_rels/presentation.xml.rels", format!("<R>{}</R>", related.concat()).as_bytes()),
            packed("ppt/slides/slide1.xml", &slide),
        ])
    };
    let start = "<p:sld><p:sp><p:txBody><a:p><a:r><a:t>Some words.</a:t></a:r></a:p>";
    vec![
        Shape::made("pptx", "paragraphs", move |size| {
            deck(1, filled(start, "<a:p><a:r><a:t>a</a:t></a:r></a:p>", size))
        }),
        Shape::made("pptx", "shapes in shapes", move |size| {
            deck(1, filled(start, "<p:grpSp><p:sp><p:txBody><a:p><a:r><a:t>a</a:t></a:r></a:p>", size))
        }),
        Shape::made("pptx", "tables in tables", move |size| deck(1, filled(start, "<a:tbl><a:tr><a:tc>", size))),
        Shape::made("pptx", "10,000 times one slide", move |_| {
            deck(10_000, filled(start, "<a:p><a:r><a:t>words here</a:t></a:r></a:p>", 20_000))
        }),
        Shape::made("pptx", "100,000 times one slide", move |_| deck(100_000, filled(start, "", 0))),
    ]
}

fn rich_texts() -> Vec<Shape> {
    const START: &str = "{\\rtf1\\ansi Some words.\\par ";
    let patterns = [
        ("groups in groups", "{"),
        ("groups in groups with words", "{\\b x"),
        ("groups that close", "}"),
        ("paragraphs", "a\\par "),
        ("bold on and off", "\\b a\\b0 b"),
        ("rows", "\\trowd\\cellx1\\intbl a\\cell\\row "),
        ("cells", "\\intbl a\\cell "),
        ("cells without rows", "\\trowd\\cellx1\\cellx2 a\\cell"),
        ("binary data", "\\bin2147483647 "),
        ("characters", "\\u22810 a"),
        ("characters in hexadecimal", "\\'e9"),
        ("destinations", "{\\*\\x a}"),
        ("fields", "{\\field{\\*\\fldinst HYPERLINK \"https://example.com\"}{\\fldrslt a}}"),
        ("fields in fields", "{\\field{\\*\\fldinst HYPERLINK \"https://example.com\"}{\\fldrslt a"),
        ("information", "{\\info{\\title a"),
        ("fonts", "{\\fonttbl{\\f1\\fcharset128 a;}}"),
        ("text", "Words that go on and on. "),
        ("pictures", "{\\pict 00ff00ff}"),
    ];
    let shapes = patterns.into_iter().map(|(name, pattern)| Shape::filled("rtf", name, START, pattern));
    let often = Shape::made("rtf", "told often: the address of a field", |size| {
        let start = format!(
            "{START}{{\\field{{\\*\\fldinst HYPERLINK \"https://example.com/{}\"}}{{\\fldrslt ",
            "y".repeat(100_000)
        );
        filled(&start, "{\\b a}b", size)
    });
    shapes.chain([often]).collect()
}
