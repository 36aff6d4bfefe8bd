//! What must hold of every document, whatever its bytes.

use std::cell::Cell;

use extract::{Budget, Extracted, Failure, Hint, explain, extract, extract_within, markdown};

/// What is known of a document of this media type.
pub fn hint(content_type: &str) -> Hint {
    let url = Some("https://example.com/a/b?c".to_owned());
    Hint { content_type: Some(content_type.to_owned()), url, english: true, ..Hint::default() }
}

/// Reads a document, with and without passages.
pub fn check(bytes: &[u8], content_type: &str) {
    check_by(content_type, |hint| extract(bytes, hint));
}

/// The same for formats whose documents may take long: the time is over after so many looks at the clock, which is the same
/// on every run.
pub fn check_in_time(bytes: &[u8], content_type: &str) {
    check_by(content_type, |hint| {
        let looks = Cell::new(0_u32);
        let gone = || {
            looks.set(looks.get() + 1);
            f64::from(looks.get()) / LOOKS
        };
        extract_within(bytes, hint, &Budget::counted(&gone))
    });
}

/// About a second's worth with instruments.
const LOOKS: f64 = 200.0;

fn check_by(content_type: &str, read: impl Fn(&Hint) -> Result<Extracted, Failure>) {
    for baser in [false, true] {
        let hint = Hint { baser, ..hint(content_type) };
        let found = read(&hint);
        assert_eq!(found, read(&hint), "reading twice reads the same");
        if let Ok(page) = found {
            assert_storable(&page);
            // Whatever is written from the tree must not depend on what is in it.
            let _ = markdown(&page.blocks);
        }
    }
}

/// Explains a page.
pub fn check_explanation(bytes: &[u8]) {
    if let Ok(found) = explain(bytes, &hint("text/html")) {
        assert!(found.parts.iter().all(|part| !part.reason.is_empty()));
    }
}

/// What a database and a JSON reader ask for.
fn assert_storable(page: &Extracted) {
    let json = serde_json::to_string(page).expect("a document can be written as JSON");
    let back: Extracted = serde_json::from_str(&json).expect("a document can be read from JSON");
    assert_eq!(&back, page);
    assert!(!json.contains("\\u0000"), "no database keeps NUL");
    let is_plain = |text: &str| !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    assert!(page.paragraphs.iter().all(|text| is_plain(text)) && is_plain(&page.title));
    assert!(!page.title.is_empty() && !page.blocks.is_empty());
}
