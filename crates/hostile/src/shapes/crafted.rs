//! Pages that are made with a reader in mind: crowded tags, a few bytes to write out many times, parts to search in vain, data,
//! and bytes that are not what they say.

use super::pages::{ENDING, START};
use crate::shape::{Shape, filled, numbered};

/// All of them.
pub fn shapes() -> Vec<Shape> {
    [tags(), amplified(), searched(), data(), encoded(), early()].into_iter().flatten().collect()
}

/// Tags with more in them than tags have.
fn tags() -> Vec<Shape> {
    vec![
        Shape::made(ENDING, "attributes: 100,000 of one tag", |_| {
            let attributes: Vec<String> = (0..100_000).map(|number| format!(" a{number}=x")).collect();
            format!("{START}<div{}>text</div>", attributes.concat()).into_bytes()
        }),
        Shape::numbered(ENDING, "attributes: all of one tag", "<main><div", |number| format!(" a{number}=x")),
        Shape::filled(ENDING, "attributes: quotes", "<main><p>Some words.<div", " a='>'"),
        Shape::filled(ENDING, "attributes: slashes", "<main><p>Some words.<div", "/a"),
        Shape::filled(ENDING, "attributes: one value", "<main><p>Some words.<div class='", "word "),
        Shape::filled(ENDING, "attributes: one name", "<main><p>Some words.<div ", "word"),
        Shape::filled(ENDING, "attributes: one name of a tag", "<main><p>Some words.<", "word"),
        Shape::filled(
            ENDING,
            "attributes: 120 a tag",
            START,
            "<p a b c d e f g h i j k l m n o p q r s t u v w x y z>x",
        ),
        Shape::numbered(ENDING, "ids", START, |number| format!("<div id=i{number} class=c{number}>x</div>")),
        Shape::numbered(ENDING, "nested: font with its own attributes", START, |number| {
            format!("<font color=c{number}>x")
        }),
        Shape::numbered(ENDING, "nested: b with its own class, and p", START, |number| {
            format!("<b class=c{number}>x<p>")
        }),
        Shape::numbered(ENDING, "nested: links of their own", START, |number| format!("<a href=/p{number}><table>")),
        Shape::numbered(ENDING, "names: each element another", START, |number| format!("<x{number}>x")),
        Shape::made(ENDING, "classes: many words each", |size| {
            let words: Vec<String> = (0..600).map(|number| format!("a-{number}-b")).collect();
            filled(START, &format!("<div class='{}'>x</div>", words.join(" ")), size)
        }),
        Shape::made(ENDING, "styles: long", |size| {
            filled(START, &format!("<div style='{}'>x</div>", "color:red;".repeat(400)), size)
        }),
    ]
}

/// A few bytes that are told again and again.
#[expect(clippy::too_many_lines, reason = "a table")]
fn amplified() -> Vec<Shape> {
    let long = || "y".repeat(4_000);
    vec![
        Shape::made(ENDING, "told often: the base of links", move |size| {
            filled(
                &format!("<!doctype html><base href=https://example.com/{}/><main><p>Some words.", long()),
                "<a href=a>b</a>,",
                size,
            )
        }),
        Shape::made(ENDING, "told often: the address of one link", move |size| {
            filled(&format!("{START}<a href=https://example.com/{}>", long()), "<b>x</b>y", size)
        }),
        Shape::made(ENDING, "told often: the address of one link over paragraphs", move |size| {
            filled(&format!("{START}<a href=https://example.com/{}>", long()), "<div>x</div>", size)
        }),
        Shape::made(ENDING, "told often: the base of images", move |size| {
            filled(
                &format!("<!doctype html><base href=https://example.com/{}/><main><p>Some words.", long()),
                "<img src=a>b",
                size,
            )
        }),
        Shape::made(ENDING, "told often: a cell that spans", |size| {
            let row = "<tr><td>x".repeat(60);
            let cell = "Words of one cell. ".repeat(size / 19);
            format!("{START}<table><tr><th rowspan=50 colspan=50>{cell}<td>x{row}</table>").into_bytes()
        }),
        Shape::made(ENDING, "told often: cells that span", |size| {
            let words = "Words of one cell. ".repeat(200);
            let table = format!("<table><tr><td rowspan=50 colspan=50>{words}<td>x{}</table>", "<tr><td>x".repeat(50));
            filled(START, &table, size)
        }),
        Shape::made(ENDING, "told often: the label of a tab", |size| {
            let label = "Words of one label. ".repeat(size / 40);
            let tabs = "<li role=tab aria-controls=p>a".repeat(300);
            filled(
                &format!("{START}<ul role=tablist><li role=tab aria-controls=p>{label}{tabs}</ul>"),
                "<div id=p role=tabpanel>x</div>",
                size,
            )
        }),
        Shape::made(ENDING, "told often: the words of nested lists", |size| {
            let text = "Words of one item. ".repeat(size / 19);
            format!("{START}{}{text}", "<ul><li><a href=#x>x</a>".repeat(400)).into_bytes()
        }),
        Shape::made(ENDING, "told often: the words of nested headings", |size| {
            let text = "Words of one heading. ".repeat(size / 22);
            format!("{START}{}{text}", "<div><h2>".repeat(200)).into_bytes()
        }),
        Shape::made(ENDING, "told often: the words of nested links", |size| {
            let text = "Words of one link. ".repeat(size / 19);
            format!("{START}{}{text}", "<sup><a href=#x><div>".repeat(8)).into_bytes()
        }),
        Shape::made(ENDING, "told often: the words of nested cells", |size| {
            let text = "Words of one cell. ".repeat(size / 19);
            format!("{START}{}{text}", "<table><tr><td>a<td>".repeat(200)).into_bytes()
        }),
        Shape::made(ENDING, "told often: the words of nested code", |size| {
            let text = "Words of code. ".repeat(size / 15);
            format!("{START}{}{text}", "<code class=language-x><br>".repeat(400)).into_bytes()
        }),
        Shape::made(ENDING, "told often: the words of nested terms", |size| {
            let text = "Words of a term. ".repeat(size / 17);
            format!("{START}{}{text}", "<dl><dt>".repeat(200)).into_bytes()
        }),
        Shape::made(ENDING, "told often: the words of nested roles", |size| {
            let text = "Words of a role. ".repeat(size / 17);
            format!(
                "{START}{}{text}",
                "<div role=table><div role=row><div role=cell>a</div><div role=cell>".repeat(100)
            )
            .into_bytes()
        }),
        Shape::made(ENDING, "told often: what an author is called", |size| {
            let text = "Words of a name. ".repeat(size / 17);
            format!("{START}{}{text}", "<div itemprop=author class=byline>".repeat(400)).into_bytes()
        }),
    ]
}

/// Parts in parts, each of which is searched for something that comes late or not at all.
fn searched() -> Vec<Shape> {
    let around = |name: &'static str, part: &'static str, times: usize| {
        Shape::made(ENDING, format!("searched: {name}"), move |size| {
            filled(&[START, &part.repeat(times)].concat(), "<br>", size)
        })
    };
    let saying = |name: &'static str, part: &'static str, times: usize| {
        Shape::made(ENDING, format!("searched: {name}"), move |size| {
            filled(&[START, &part.repeat(times)].concat(), "Some words here. ", size)
        })
    };
    vec![
        around("consent in consent", "<div class=cookie-consent>", 480),
        around("links in tables", "<a href=x><table>", 160),
        around("summaries", "<details><summary>", 240),
        around("lists of definitions", "<dl><dd>", 240),
        around("roles of tables", "<div role=table><div role=row><div role=cell>a</div><div role=cell>", 150),
        saying("paths in paths", "<ul class=breadcrumb><li>", 240),
        saying("headings with ids", "<h2><div id=a>", 240),
        saying("lines of code", "<pre>", 480),
        saying("names", "<div itemprop=author class=byline>", 480),
        saying("footnotes", "<dl class=footnote><dt>", 240),
        Shape::made(ENDING, "searched: headings after line ends", |size| {
            let words = "Some words here. ".repeat(size / 34);
            let start = format!("{START}<p>{words}</p><div>{}", "<br>".repeat(size / 16));
            filled(&start, "<h2>Related articles</h2>", size)
        }),
        Shape::made(ENDING, "searched: headings in a header", |size| {
            let start = format!("<main><p>{}</main><header>", "Some words here. ".repeat(size / 34));
            filled(&start, "<h1>x</h1>", size)
        }),
        Shape::made(ENDING, "searched: sections under one heading", |size| {
            let heading = format!("{START}<h2>{}</h2>", "Words of a heading. ".repeat(size / 40));
            let words = "Some words here. ".repeat(6);
            numbered(&heading, |number| format!("<p>{number} {words}"), size)
        }),
        Shape::made(ENDING, "searched: pictures in one paragraph", |size| {
            numbered(START, |number| format!("word <img src=x alt='picture {number}'>"), size)
        }),
        Shape::made(ENDING, "searched: rows beside a wide one", |size| {
            filled(&format!("{START}<table><tr>{}", "<td>a".repeat(200)), "<tr><td>a", size)
        }),
    ]
}

/// What applications carry along.
fn data() -> Vec<Shape> {
    const LINKED: &str = "<!doctype html><p>Some words.<script type=application/ld+json>";
    const NEXT: &str = "<!doctype html><p>Some words.<script id=__NEXT_DATA__ type=application/json>";
    let closed = |name: String, start: &'static str, [open, item, close]: [&'static str; 3]| {
        Shape::made(ENDING, name, move |size| {
            [filled(&[start, open].concat(), item, size), [close, "</script>"].concat().into_bytes()].concat()
        })
    };
    let values = [
        ("objects", ["[", "{\"\":0},", "0]"]),
        ("numbers", ["[", "1,", "0]"]),
        ("arrays", ["[", "[],", "0]"]),
        ("nesting", ["", "[", ""]),
        ("one text", ["{\"@type\":\"Article\",\"text\":\"", "Words and words. ", "\"}"]),
        ("authors", ["{\"@type\":\"Article\",\"author\":[", "{\"name\":\"Jo\"},", "0]}"]),
        ("texts", ["{\"posts\":[", "{\"cooked\":\"<p>Words here.\"},", "0]}"]),
    ];
    let mut shapes = Vec::new();
    for (kind, start) in [("linked", LINKED), ("state", NEXT)] {
        shapes.extend(values.map(|(name, parts)| closed(format!("data: {kind}, {name}"), start, parts)));
    }
    shapes.push(Shape::filled(ENDING, "data: many states", START, "<div data-page='{\"body\":\"a b\"}'></div>"));
    shapes
}

/// Bytes that are not UTF-8, or are not what they say.
fn encoded() -> Vec<Shape> {
    let page =
        |size: usize| String::from_utf8_lossy(&filled(START, "<p>Some words, 日本語 and Ελληνικά.", size)).into_owned();
    let utf_16 = |text: String, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let utf_32 = |text: String| text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect::<Vec<u8>>();
    let declared = |name: &'static str, label: &'static str, pattern: &'static [u8]| {
        Shape::made(ENDING, format!("encoding: {name}"), move |size| {
            let start = format!("<!doctype html><meta charset={label}><main><p>Some words. ");
            [start.as_bytes(), &pattern.repeat(size / pattern.len())].concat()
        })
    };
    vec![
        Shape::made(ENDING, "encoding: UTF-16, little end first", move |size| {
            [b"\xff\xfe".to_vec(), utf_16(page(size / 2), u16::to_le_bytes)].concat()
        }),
        Shape::made(ENDING, "encoding: UTF-16, big end first", move |size| {
            [b"\xfe\xff".to_vec(), utf_16(page(size / 2), u16::to_be_bytes)].concat()
        }),
        Shape::made(ENDING, "encoding: UTF-32", move |size| {
            [b"\xff\xfe\0\0".to_vec(), utf_32(page(size / 4))].concat()
        }),
        Shape::made(ENDING, "encoding: UTF-32 of nothing sensible", |size| {
            [b"\xff\xfe\0\0".to_vec(), vec![0x7f; size]].concat()
        }),
        declared("bytes that are no UTF-8", "utf-8", b"word \xff\xfe\xc3( "),
        declared("bytes that are no Shift_JIS", "shift_jis", b"\x81\x00\xfd\xff "),
        declared("ISO-2022-JP that switches", "iso-2022-jp", b"\x1b$B$\"\x1b(B"),
        declared("GB18030 of four bytes", "gb18030", b"\x81\x30\x81\x30"),
        declared("Big5", "big5", b"\xa4\xa4\x88\x62"),
        declared("windows-1252 called UTF-8", "utf-8", b"caf\xe9 "),
        Shape::made(ENDING, "encoding: byte order marks", |size| filled("", "\u{feff}", size)),
        Shape::made(ENDING, "encoding: undeclared and mixed", |size| {
            let start = b"<!doctype html><main><p>Some words. ".to_vec();
            [start, b"\xe9\x82\xa0\xc3\xa9 ".repeat(size / 6)].concat()
        }),
    ]
}

/// Pages in which the hurtful part comes first.
fn early() -> Vec<Shape> {
    vec![
        Shape::filled(ENDING, "before the page: white space", "", " "),
        Shape::filled(ENDING, "before the page: doctypes", "<!doctype html>", "<!doctype html>"),
        Shape::filled(ENDING, "before the page: heads", "<html>", "<head><title>x</title></head>"),
        Shape::filled(ENDING, "without main: divs with words", "<!doctype html>", "<div><div>Some words.</div></div>"),
        Shape::filled(ENDING, "without main: nested articles", "<!doctype html>", "<article><p>Some words."),
    ]
}
