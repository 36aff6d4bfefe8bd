//! Whatever the bytes, the answer is a text or a failure, and the text can be stored.

use extract::{Extracted, Hint, extract};
use proptest::prelude::*;

const PAGE: &str = include_str!("../../fixtures/docs-page/page.html");

/// As small as the stack of a worker thread.
fn with_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(test).unwrap().join().unwrap();
}

fn hint(content_type: &str, baser: bool) -> Hint {
    let url = Some("https://example.com/a/b?c".to_owned());
    Hint { content_type: Some(content_type.to_owned()), url, english: true, baser, ..Hint::default() }
}

/// What a database and a JSON reader ask for.
fn assert_storable(page: &Extracted) {
    let json = serde_json::to_string(page).unwrap();
    assert_eq!(&serde_json::from_str::<Extracted>(&json).unwrap(), page);
    let texts = page.paragraphs.iter().chain([&page.title]);
    for text in texts {
        assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{text:?}");
    }
    assert!(!json.contains("\\u0000"));
    assert!(!page.title.is_empty());
}

fn check(bytes: &[u8], content_type: &str) {
    for baser in [false, true] {
        if let Ok(page) = extract(bytes, &hint(content_type, baser)) {
            assert_storable(&page);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for content_type in ["text/html", "text/markdown", "text/plain", "text/html; charset=shift_jis", ""] {
            check(&bytes, content_type);
        }
    }

    #[test]
    fn any_soup_of_tags(tags in proptest::collection::vec(tag(), 0..60)) {
        check(tags.concat().as_bytes(), "text/html");
    }

    #[test]
    fn a_page_that_breaks_off(at in 0..PAGE.len()) {
        check(&PAGE.as_bytes()[..at], "text/html");
    }
}

fn tag() -> impl Strategy<Value = String> {
    static NAMES: &[&str] = &[
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "pre",
        "code",
        "a href='/x'",
        "h1",
        "h3",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "details",
        "summary",
        "img src=a.png alt=x",
        "b",
        "em",
        "svg",
        "template",
        "select",
        "br",
        "body",
        "main",
    ];
    static TEXTS: &[&str] =
        &["Some words here. ", "&#0;&#1;&#27;", "\u{0}", "&nbsp;", "多分", "e\u{301}", "-\n", " ", "</", "<!--"];
    prop_oneof![
        proptest::sample::select(NAMES).prop_map(|name| format!("<{name}>")),
        proptest::sample::select(NAMES).prop_map(|name| format!("</{}>", name.split(' ').next().unwrap())),
        proptest::sample::select(TEXTS).prop_map(str::to_owned),
    ]
}

#[test]
fn nesting_stays_readable_for_json() {
    with_stack(|| {
        for (open, text) in [("<ul><li>", "x"), ("<blockquote>", "Some words."), ("<div><dl><dt>a<dd>", "b")] {
            let page = format!("<main><p>Words before the deep part of the page.</p>{}{text}", open.repeat(150));
            check(page.as_bytes(), "text/html");
        }
        check(b"words\n\n```sq\xff\x10\0l\ncode\n```\n", "text/markdown");
        check("> ".repeat(500).as_bytes(), "text/markdown");
        check(("> ".repeat(300) + "deep").as_bytes(), "text/markdown");
        let lists: String = (0..200).flat_map(|depth| ["  ".repeat(depth), "- item\n".to_owned()]).collect();
        check(lists.as_bytes(), "text/markdown");
    });
}

#[test]
fn numbers_have_a_limit() {
    check(b"<ol start=18446744073709551615><li>one<li>two</ol>", "text/html");
    let row = "<tr><td rowspan=99999 colspan=99999>x</td><td>y</td></tr>".repeat(300);
    check(format!("<table>{row}</table>").as_bytes(), "text/html");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn pages_that_are_made_to_hurt() {
    let attributes = (0..100_000).map(|number| format!(" a{number}=x")).collect::<Vec<_>>().concat();
    let pages = [
        "<div>".repeat(20_000) + "text",
        "<div>".repeat(200_000) + "text",
        "<b>".repeat(20_000) + "text",
        "<a href=x><table>".repeat(2_000) + "text",
        "<svg><math><desc><mi>".repeat(10_000) + "<p>text",
        format!("<div{attributes}>text"),
        format!("<div{}>text", " a='>'".repeat(100_000)),
        format!("<div{}>text", " a=\"b\"".repeat(100_000)),
        format!("<div{}>text", " a".repeat(100_000)),
        format!("<div{}>text", "/a".repeat(100_000)),
        format!("</div{}>text", " a='b'".repeat(100_000)),
        "<p>Some text here.".repeat(200_000),
        format!("<p>{}", "text that goes on and on ".repeat(800_000)),
        "<ul><li>text".repeat(20_000),
        "<table><tr><td>text".repeat(5_000),
        "<h2>Related articles</h2>text".repeat(20_000),
        (0..20_000)
            .map(|part| {
                format!("<div hidden id=S:{part}><h2>Related</h2>text<template id=B:{}></template></div>", part + 1)
            })
            .collect::<Vec<_>>()
            .concat(),
        "<div hidden style='display:none' class='a'>text</div>".repeat(50_000),
        "<div class=page-sidebar>text</div>".repeat(50_000),
        "<blockquote>text".repeat(20_000),
        "<blockquote><ul><li>text".repeat(10_000),
        "The text of the page has “good” words that are read as they are. ".repeat(50_000),
        format!("<main lang=en><p>{}", "The text is about refer\u{2010}\nences in the page. ".repeat(10_000)),
        format!(
            "<main><p>{}",
            (0..10_000).map(|at| format!("text <img src=a alt='image {at}'> ")).collect::<Vec<_>>().concat()
        ),
        format!(
            "<main><h2>{}</h2>{}",
            "text ".repeat(25_000),
            (0..10_000).map(|at| format!("<p>{at} {}", "words of a paragraph ".repeat(5))).collect::<Vec<_>>().concat()
        ),
        format!(
            "<p>{}</p><div>{}{}</div>",
            "text ".repeat(50_000),
            "<br>".repeat(25_000),
            "<h2>Related articles</h2>".repeat(10_000)
        ),
        format!("{}{}", "<div class=cookie-consent>".repeat(400), "<br>".repeat(25_000) + "text"),
        format!("{}{}", "<a href=x><table>".repeat(150), "<br>".repeat(25_000) + "text"),
        format!("{}{}", "<details><summary>".repeat(200), "<br>".repeat(25_000) + "text"),
        format!("{}{}", "<ul class=breadcrumb><li>".repeat(150), "text ".repeat(50_000)),
        format!("{}{}", "<ul><li><a href=#x>x</a>".repeat(90), "text ".repeat(50_000)),
        format!("{}{}", "<h2><div id=a>".repeat(200), "text ".repeat(50_000)),
        format!("{}{}", "<code class=language-x><br>".repeat(400), "text ".repeat(50_000)),
        format!("{}{}", "<div itemprop=author class=byline>".repeat(50), "text ".repeat(50_000)),
        format!("<header>{}</header><main><p>{}", "<h1>x</h1>".repeat(50_000), "text ".repeat(25_000)),
        format!("<p>text<script type=application/ld+json>[{}0]</script>", "{\"\":0},".repeat(100_000)),
    ];
    with_stack(move || {
        for page in pages {
            let found = extract(page.as_bytes(), &hint("text/html", false)).unwrap();
            assert!(found.paragraphs.iter().any(|text| text.contains("text")), "{page:.60}");
        }
    });
}

/// A few kilobytes ask for gigabytes: the base of all links, the address of one, a cell as large as the page, a label.
#[test]
fn little_is_not_told_often() {
    let long = format!("https://example.com/{}/", "y".repeat(4_000));
    let columns = format!("<table><tr>{}{}", "<td>text".repeat(200), "<tr><td>text".repeat(20_000));
    let pages = [
        format!("<base href={long}><main><p>text {}", "<a href=a>b</a>,".repeat(50_000)),
        format!("<base href={long}><main><p>text {}", "<img src=a>b".repeat(50_000)),
        format!("<main>text<a href={long}>{}", "<b>x</b>y".repeat(50_000)),
        format!("<main>text<a href={long}>{}", "<div>x</div>".repeat(50_000)),
        format!(
            "<main>text<table><tr><th rowspan=50 colspan=50>{}<td>x{}",
            "Words of one cell. ".repeat(20_000),
            "<tr><td>x".repeat(60)
        ),
        format!(
            "<main>text{}",
            format!("<table>{}</table>", "<tr><td rowspan=50 colspan=50><td>x".repeat(50)).repeat(500)
        ),
        format!(
            "<main>text<ul role=tablist><li role=tab id=t>{}</ul>{}",
            "Words of one label. ".repeat(10_000),
            "<div role=tabpanel aria-labelledby=t>x</div>".repeat(5_000)
        ),
        columns,
    ];
    with_stack(move || {
        for page in pages {
            let found = extract(page.as_bytes(), &hint("text/html", false)).unwrap();
            let size = serde_json::to_string(&found).unwrap().len();
            assert!(size < 64 * 1024 * 1024, "{size} bytes of {page:.60}");
            assert!(found.paragraphs.iter().any(|text| text.contains("text")), "{page:.60}");
        }
        let links = "*a*b".repeat(50_000);
        let text = format!("# Links\n\n[{links}](https://example.com/{})", "y".repeat(100_000));
        let found = extract(text.as_bytes(), &hint("text/markdown", false)).unwrap();
        assert!(serde_json::to_string(&found).unwrap().len() < 64 * 1024 * 1024);
        assert!(found.warnings.iter().any(|warning| warning.contains("left out")), "{:?}", found.warnings);
    });
}

/// The words of a page without its markup.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_twice_reads_the_same(tags in proptest::collection::vec(tag(), 0..60)) {
        let page = tags.concat();
        let read = || extract(page.as_bytes(), &hint("text/html", false)).ok();
        prop_assert_eq!(read(), read());
    }

    #[test]
    fn what_is_read_stood_there_and_once(words in proptest::collection::vec(word(), 1..40)) {
        let numbered = words.iter().enumerate().map(|(number, (tag, word))| format!("<{tag}>{word}{number}x</{tag}>"));
        let page = numbered.collect::<Vec<_>>().concat();
        if let Ok(found) = extract(page.as_bytes(), &hint("text/html", false)) {
            let marks: Vec<String> = words.iter().enumerate().map(|(number, (_, word))| format!("{word}{number}x")).collect();
            for text in &found.paragraphs {
                let rest = marks.iter().fold(letters(text), |rest, mark| rest.replacen(mark, "", 1));
                prop_assert!(rest.is_empty(), "{rest} is not in {page}");
            }
            let all = found.paragraphs.join("\n");
            for (number, (_, word)) in words.iter().enumerate() {
                let marked = format!("{word}{number}x");
                prop_assert!(all.matches(&marked).count() <= 1, "{marked} in {all}");
            }
        }
    }
}

fn word() -> impl Strategy<Value = (&'static str, &'static str)> {
    let tags = proptest::sample::select(
        &["p", "div", "b", "li", "h2", "td", "span", "section", "article", "a href=y", "dd", "nav"][..],
    );
    (
        tags.prop_map(|tag| tag.split(' ').next().unwrap_or(tag)),
        proptest::sample::select(&["alpha", "beta", "gamma"][..]),
    )
}
