//! What is left out of a document that is longer than its reader goes is said in a warning.

use extract::{Extracted, Hint, extract};

use super::hostile_files::zip;

const SIZE: usize = 1024 * 1024;

fn read(text: &str, content_type: &str) -> Extracted {
    let hint = Hint { content_type: Some(content_type.to_owned()), ..Hint::default() };
    extract(text.as_bytes(), &hint).unwrap()
}

/// Whether one warning, and no more, says so.
fn says(page: &Extracted, words: &str) -> bool {
    page.warnings.iter().filter(|text| text.contains(words)).count() == 1
}

#[test]
fn long_texts_are_read_in_part() {
    for (content_type, most) in [("text/markdown", 4), ("text/x-rst", 2), ("text/asciidoc", 2)] {
        let page = read(&"word word\n".repeat((most + 1) * SIZE / 10), content_type);
        assert!(says(&page, "very long"), "{content_type}: {:?}", page.warnings);
        let length: usize = page.paragraphs.iter().map(String::len).sum();
        assert!(length <= most * SIZE && length + 64 > most * SIZE, "{content_type}: {length}");
    }
}

#[test]
fn markdown_of_very_many_marks() {
    let page = read(&"a\n".repeat(SIZE), "text/markdown");
    assert!(says(&page, "very many marks"), "{:?}", page.warnings);
}

#[test]
fn long_html_of_an_e_mail() {
    let long = format!("<p>Start</p><!--{}\n--><p>End</p>", "x".repeat(8 * SIZE));
    let message = format!("Subject: Long\nContent-Type: text/html; charset=utf-8\n\n{long}");
    let page = read(&message, "message/rfc822");
    assert_eq!(page.paragraphs.last().map(String::as_str), Some("Start"));
    assert!(says(&page, "very long"), "{:?}", page.warnings);
}

#[test]
fn many_parts_of_an_e_mail_with_html() {
    let part =
        format!("--b\nContent-Type: text/html; charset=utf-8\n\n<p>Start</p><!--{}\n-->\n", "x".repeat(3 * SIZE));
    let page =
        read(&format!("Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n{}", part.repeat(4)), "message/rfc822");
    assert!(says(&page, "very long"), "{:?}", page.warnings);
    assert_eq!(page.paragraphs.iter().filter(|text| *text == "Start").count(), 3);
}

#[test]
fn long_chapters_of_a_book() {
    let numbers = (0..SIZE).map(|number| number.to_string()).collect::<Vec<_>>().join("\n");
    let chapter = format!("<p>Start</p><!--{numbers}-->").into_bytes();
    let names = ["a", "b", "c", "d"];
    let item = |name| format!("<item id='{name}' href='{name}' media-type='text/html'/><itemref idref='{name}'/>");
    let mut parts = vec![
        ("mimetype", b"application/epub+zip".to_vec()),
        ("META-INF/container.xml", b"<container><rootfile full-path='p.opf'/></container>".to_vec()),
        ("p.opf", format!("<package>{}</package>", names.map(item).concat()).into_bytes()),
    ];
    parts.extend(names.map(|name| (name, chapter.clone())));
    let page = extract(&zip(&parts), &Hint::default()).unwrap();
    assert!(says(&page, "very long"), "{:?}", page.warnings);
    assert_eq!(page.paragraphs.iter().filter(|text| *text == "Start").count(), 3);
}

#[test]
fn columns_beyond_the_last() {
    for (count, is_said) in [(256, false), (257, true)] {
        let row = vec!["word"; count].join(",");
        let page = read(&format!("{row},,\n").repeat(3), "text/csv");
        assert_eq!(says(&page, "first 256 columns"), is_said, "{:?}", page.warnings);
    }
}
