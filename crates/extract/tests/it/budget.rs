//! A budget that runs out leaves the start of a document, and says so.

use std::cell::Cell;

use extract::{Budget, Extracted, Hint, extract, extract_within, needs_isolation};

fn hint(content_type: &str) -> Hint {
    Hint { content_type: Some(content_type.to_owned()), ..Hint::default() }
}

/// Reads with a clock that is over after it was asked so often.
fn read(text: &str, content_type: &str, asked_at_most: u32) -> Extracted {
    let asked = Cell::new(0);
    let gone = || {
        asked.set(asked.get() + 1);
        f64::from(asked.get()) / f64::from(asked_at_most)
    };
    extract_within(text.as_bytes(), &hint(content_type), &Budget::counted(&gone)).unwrap()
}

#[test]
fn what_was_read_in_time_is_the_start_and_a_warning() {
    let page = format!("<main><h1>Long</h1>{}</main>", "<p>Words of a <b>paragraph</b>.</p>\n".repeat(20_000));
    let markdown = format!("# Long\n\n{}", "Words of a *paragraph*.\n\n".repeat(20_000));
    let plain = "Words of a paragraph.\n\n".repeat(20_000);
    for (text, content_type) in [(&page, "text/html"), (&markdown, "text/markdown"), (&plain, "text/plain")] {
        let whole = extract(text.as_bytes(), &hint(content_type)).unwrap();
        let cut = read(text, content_type, 20);
        assert!(
            cut.paragraphs.len() > 100 && cut.paragraphs.len() < 20_000,
            "{content_type}: {}",
            cut.paragraphs.len()
        );
        // The last one may be cut inside.
        let kept = cut.paragraphs.len() - 1;
        assert_eq!(cut.paragraphs[..kept], whole.paragraphs[..kept], "{content_type}");
        assert_eq!(cut.warnings, ["reading it took longer than allowed; its end is missing"], "{content_type}");
        assert_eq!(cut, read(text, content_type, 20), "{content_type}: the same again");
        assert_eq!(read(text, content_type, u32::MAX), whole, "{content_type}: with time enough it is whole");
    }
}

#[test]
fn bytes_decide_what_needs_isolation() {
    let long = "words ".repeat(200_000);
    for (bytes, content_type, needs) in [
        ("<p>text", "text/html", false),
        ("# text", "text/markdown", false),
        ("text", "text/plain", false),
        (&long, "text/html", false),
        (&long, "text/plain", true),
        ("%PDF-1.7", "text/html", true),
        ("{\\rtf1 text}", "text/plain", true),
        ("PK\u{3}\u{4}", "text/html", true),
        ("a,b\n1,2\n", "text/csv", true),
    ] {
        assert_eq!(needs_isolation(bytes.as_bytes(), &hint(content_type)), needs, "{content_type} {bytes:.40}");
    }
}
