//! Zip bombs, books and `OpenDocument`.

use super::archive::{Packed, overlapping, packed, zip};
use crate::shape::{Shape, filled, numbered};

/// The container's caps: one part, all parts, and how much a large part may inflate by.
const LARGEST_PART: usize = 48 * 1024 * 1024;

/// All of them.
pub fn shapes() -> Vec<Shape> {
    [bombs(), books(), open_documents()].into_iter().flatten().collect()
}

fn bombs() -> Vec<Shape> {
    let document = |text: Vec<u8>| zip(&[packed("word/document.xml", &text)]);
    vec![
        Shape::made("docx", "bomb: a part of 1 GiB of blanks", move |_| document(vec![b' '; 1 << 30])),
        Shape::made("docx", "bomb: a part at its cap", move |_| document(vec![b' '; LARGEST_PART])),
        Shape::made("docx", "bomb: one part under 65,000 names", |_| {
            let part = packed("word/document.xml", &vec![b'x'; 1 << 20]);
            overlapping(&part, &(0..65_000).map(|at| format!("word/{at}.xml")).collect::<Vec<_>>())
        }),
        Shape::made("docx", "bomb: one part under 15,000 names", |_| {
            let part = packed("word/document.xml", b"<w:document><w:body><w:p><w:r><w:t>Some words.</w:t></w:r></w:p>");
            let names =
                ["word/document.xml".to_owned()].into_iter().chain((0..15_000).map(|at| format!("word/{at}.xml")));
            overlapping(&part, &names.collect::<Vec<_>>())
        }),
        Shape::made("docx", "bomb: a container in a container", |size| {
            (0..8).fold(vec![b' '; size], |inner, at| zip(&[packed(format!("{at}.zip"), &inner)]))
        }),
        Shape::made("docx", "bomb: local headers without a directory", |size| {
            filled("", "PK\u{3}\u{4}\u{14}\0\0\0\u{8}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{1}\0\0\0x", size)
        }),
        Shape::made("docx", "bomb: many relations", |size| {
            let relations = numbered(
                "<R>",
                |at| format!("<Relationship Id='r{at}' Type='x/hyperlink' Target='https://example.com/{at}'/>"),
                size * 2,
            );
            let text = b"<w:document><w:body><w:p><w:r><w:t>Some words.</w:t></w:r></w:p>";
            zip(&[packed("word/document.xml", text), packed("word/_rels/document.xml.rels", &relations)])
        }),
    ]
}

fn book(spine: &str, chapters: Vec<Packed>) -> Vec<u8> {
    let container = b"<container><rootfiles><rootfile full-path='content.opf'/></rootfiles></container>";
    let package = format!("<package><metadata><title>Hostile</title></metadata>{spine}</package>");
    let mut parts = vec![
        packed("mimetype", b"application/epub+zip"),
        packed("META-INF/container.xml", container),
        packed("content.opf", package.as_bytes()),
    ];
    parts.extend(chapters);
    zip(&parts)
}

fn listed(count: usize, target: impl Fn(usize) -> String) -> String {
    let page = "application/xhtml+xml";
    let items = (0..count)
        .map(|at| format!("<item id='i{at}' href='{}' media-type='{page}'/><itemref idref='i{at}'/>", target(at)));
    items.collect()
}

fn books() -> Vec<Shape> {
    let chapter = |text: Vec<u8>| book(&listed(1, |_| "a.xhtml".to_owned()), vec![packed("a.xhtml", &text)]);
    let page = "<html><body><p>Some words.</p>";
    vec![
        Shape::made("epub", "100,000 chapters, all the same", move |_| {
            book(&listed(100_000, |_| "a.xhtml".to_owned()), vec![packed("a.xhtml", page.as_bytes())])
        }),
        Shape::made("epub", "100,000 chapters that are missing", move |_| {
            book(&listed(100_000, |at| format!("{at}.xhtml")), Vec::new())
        }),
        Shape::made("epub", "15,000 chapters", move |_| {
            let chapters = (0..15_000).map(|at| packed(format!("{at}.xhtml"), page.as_bytes())).collect();
            book(&listed(15_000, |at| format!("{at}.xhtml")), chapters)
        }),
        Shape::made("epub", "5,000 chapters, all the same and long", move |_| {
            let text = filled(page, "<p>Words here.</p>", 40_000);
            book(&listed(5_000, |_| "a.xhtml".to_owned()), vec![packed("a.xhtml", &text)])
        }),
        Shape::made("epub", "one chapter of divs", move |size| chapter(filled(page, "<div>x", size))),
        Shape::made("epub", "one chapter of b in b", move |size| chapter(filled(page, "<b>x<p>", size))),
        Shape::made("epub", "one chapter of tables", move |size| chapter(filled(page, "<table><tr><td>x", size))),
        Shape::made("epub", "one chapter of text", move |size| chapter(filled(page, "Words and words. ", size))),
        Shape::made("epub", "one chapter of a letter a paragraph", move |size| chapter(filled(page, "<p>x", size))),
        Shape::made("epub", "authors", move |size| {
            let authors = String::from_utf8_lossy(&filled("", "<creator>Jo Doe</creator>", size)).into_owned();
            book(&format!("{authors}{}", listed(1, |_| "a.xhtml".to_owned())), vec![packed("a.xhtml", page.as_bytes())])
        }),
    ]
}

fn open_documents() -> Vec<Shape> {
    let open = |kind: &'static str, body: Vec<u8>| {
        let mime = format!("application/vnd.oasis.opendocument.{kind}");
        let start = format!("<o:document><o:body><o:{kind}>").into_bytes();
        zip(&[packed("mimetype", mime.as_bytes()), packed("content.xml", &[start, body].concat())])
    };
    let patterns = [
        ("odt", "text", "paragraphs", "<p>word</p>"),
        ("odt", "text", "spans in spans", "<p><span>x"),
        ("odt", "text", "lists in lists", "<list><list-item><p>x</p>"),
        ("odt", "text", "tables in tables", "<table><table-row><table-cell><p>x</p>"),
        ("odt", "text", "frames in frames", "<frame><text-box><p>x</p>"),
        ("odt", "text", "notes", "<p>x<note><note-body><p>y</p></note-body></note></p>"),
        ("odt", "text", "spaces", "<p>word<s c='1000000000'/></p>"),
        ("odt", "text", "headings", "<h outline-level='9'>x</h>"),
        ("odt", "text", "one paragraph of links", "<a href='https://example.com/x'>x</a>"),
        (
            "ods",
            "spreadsheet",
            "repeated rows",
            "<table><table-row number-rows-repeated='1048576'><table-cell><p>x</p></table-cell></table-row></table>",
        ),
        (
            "ods",
            "spreadsheet",
            "repeated cells",
            "<table><table-row number-rows-repeated='9'><table-cell number-columns-repeated='16384'><p>x</p></table-cell></table-row></table>",
        ),
        ("odp", "presentation", "pages", "<page><frame><text-box><p>x</p></text-box></frame></page>"),
    ];
    let shapes = patterns.into_iter().map(move |(ending, kind, name, pattern)| {
        Shape::made(ending, name, move |size| open(kind, filled("<p>Some words.</p>", pattern, size)))
    });
    let repeated = Shape::made("ods", "told often: a cell", move |size| {
        let cell = format!(
            "<table-cell number-columns-repeated='256'><p>{}</p></table-cell>",
            "Some words. ".repeat(size / 12)
        );
        open(
            "spreadsheet",
            format!("<table><table-row number-rows-repeated='1000'>{cell}</table-row></table>").into_bytes(),
        )
    });
    let often = Shape::made("odt", "told often: the address of a link", move |size| {
        let start = format!("<p><a href='https://example.com/{}'>", "y".repeat(100_000));
        open("text", filled(&start, "<span>x</span><tab/>", size))
    });
    shapes.chain([repeated, often]).collect()
}
