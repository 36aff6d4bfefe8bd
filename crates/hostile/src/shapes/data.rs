//! Separated values, JSON and XML.

use crate::shape::{Shape, filled, numbered};

/// All of them.
pub fn shapes() -> Vec<Shape> {
    [separated(), json(), xml()].into_iter().flatten().collect()
}

fn separated() -> Vec<Shape> {
    const START: &str = "name,value,note\none,1,a\ntwo,2,b\n";
    let patterns = [
        ("quotes", "\""),
        ("separators", ","),
        ("rows", "a,b,c\n"),
        ("rows of one value", "a\n"),
        ("blank rows", "\n"),
        ("values that stay open", "\"x,y\n"),
        ("quotes in quotes", "\"a\"\"b\","),
        ("one line", "word,"),
        ("rows with line ends inside", "\"a\nb\",c\n"),
        ("tabs", "\t"),
        ("every separator", "a;b,c\td|e\n"),
        ("Chinese", "退款,三十天\n"),
    ];
    let shapes = patterns.into_iter().map(|(name, pattern)| Shape::filled("csv", name, START, pattern));
    let wide = [
        Shape::made("csv", "1,000,000 columns", |_| {
            format!("{}\n{}\n", "a,".repeat(1_000_000), "1,".repeat(1_000_000)).into_bytes()
        }),
        Shape::made("csv", "rows of 1,000 columns", |size| filled("", &format!("{}\n", "ab,".repeat(1_000)), size)),
        Shape::made("csv", "one value", |size| filled("a,b\n1,\"", "words and words ", size)),
    ];
    shapes.chain(wide).collect()
}

fn json() -> Vec<Shape> {
    let closed = |name: &str, open: &'static str, item: &'static str, close: &'static str| {
        Shape::made("json", name, move |size| [filled(open, item, size), close.as_bytes().to_vec()].concat())
    };
    vec![
        closed("arrays in arrays", "[\"word\", ", "[", ""),
        Shape::made("json", "arrays in arrays, closed", |size| {
            [b"[\"word\", ".to_vec(), b"[".repeat(size / 2), b"]".repeat(size / 2), b"]".to_vec()].concat()
        }),
        closed("objects in objects", "[\"word\", ", "{\"a\":", ""),
        closed("numbers", "[\"word\", ", "1,", "0]"),
        closed("objects", "[\"word\", ", "{\"\":0},", "0]"),
        closed("one text", "[\"word\", \"", "Words and words. ", "\"]"),
        closed("one text of escapes", "[\"word\", \"", "\\u0041\\n\\\"", "\"]"),
        closed("texts", "[\"word\", ", "\"Some words.\",", "0]"),
        closed("lines of objects", "", "{\"text\":\"Some words.\"}\n", ""),
        closed("names", "{\"word\":1,", "\"name of it\":\"x\",", "\"z\":0}"),
        closed("white space", "[\"word\",", " ", "0]"),
        closed("one number", "[\"word\",", "9", "]"),
    ]
}

fn xml() -> Vec<Shape> {
    const START: &str = "<?xml version='1.0'?><root>Some words. ";
    let patterns = [
        ("elements in elements", "<a>"),
        ("elements with words", "<a>word</a>"),
        ("blank elements", "<a/>"),
        ("attributes", "<a b='c' d='e'/>"),
        ("comments", "<!--x-->"),
        ("one comment", "<!--"),
        ("CDATA", "<![CDATA[x]]>"),
        ("entities", "&amp;&lt;"),
        ("entities that are none", "&a;"),
        ("instructions", "<?a b?>"),
        ("an open tag", "<a "),
        ("text", "Words that go on and on. "),
        ("ends without starts", "</a>"),
    ];
    let shapes = patterns.into_iter().map(|(name, pattern)| Shape::filled("xml", name, START, pattern));
    let bombs = [
        Shape::made("xml", "entities of entities", |size| {
            let entity = |at: usize| {
                let inner = format!("&e{};", at.saturating_sub(1)).repeat(10);
                format!("<!ENTITY e{at} \"{}\">", if at == 0 { "words".to_owned() } else { inner })
            };
            let entities: Vec<String> = (0..20).map(entity).collect();
            let start = format!("<?xml version='1.0'?><!DOCTYPE r [{}]><r>Some words. &e19;", entities.concat());
            filled(&start, "&e19;", size)
        }),
        Shape::made("xml", "a long entity, used often", |size| {
            let start = format!(
                "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e \"{}\">]><r>Some words. ",
                "word ".repeat(size / 10)
            );
            filled(&start, "&e;", size)
        }),
        Shape::made("xml", "attributes of one tag", |size| {
            numbered("<?xml version='1.0'?><r>word<a", |at| format!(" a{at}='x'"), size)
        }),
        Shape::made("xml", "names of elements", |size| {
            numbered("<?xml version='1.0'?><r>word", |at| format!("<n{at}>x</n{at}>"), size)
        }),
    ];
    shapes.chain(bombs).collect()
}
