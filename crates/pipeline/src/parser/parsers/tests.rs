//! Which documents are read where, and that neither place waits for the other.

use std::time::Duration;

use extract::{Extracted, Hint};
use model::{Failure, FailureCode};

use super::super::tests::{GOOD, entry, html, stalled, this_binary};
use super::{Limits, Parsers};

const RICH: &str = r"{\rtf1\ansi Words in a rich text.\par}";

fn parsers(limits: Limits) -> Parsers {
    Parsers::with(this_binary(), entry("parse_child_entry"), 1, limits)
}

async fn read(parsers: &Parsers, hint: &Hint, text: &str) -> Result<Extracted, Failure> {
    parsers.extract(hint, text.as_bytes(), text.len() as u64).await
}

/// The bytes decide, not what the server calls them.
#[tokio::test]
async fn pages_and_texts_are_read_here_and_all_else_in_children() {
    let parsers = parsers(Limits::default());
    let untold = Hint::default();
    let plain = Hint { content_type: Some("text/plain".to_owned()), ..Hint::default() };
    let markdown = Hint { content_type: Some("text/markdown".to_owned()), ..Hint::default() };
    for (hint, text, mime_type) in [
        (&html(), GOOD, "text/html"),
        (&markdown, "# Refunds\n\nThey are paid back.", "text/markdown"),
        (&plain, "They are paid back.", "text/plain"),
        (&untold, GOOD, "text/html"),
    ] {
        assert_eq!(read(&parsers, hint, text).await.unwrap().mime_type, mime_type);
        assert!(parsers.children().idle_ids().is_empty(), "{mime_type} was read in a child");
    }
    let rich = read(&parsers, &html(), RICH).await.unwrap();
    assert_eq!((rich.mime_type.as_str(), parsers.children().idle_ids().len()), ("application/rtf", 1));
}

#[tokio::test]
async fn what_is_too_large_for_this_process_goes_to_a_child() {
    let parsers = parsers(Limits { bytes_in_place: 10, ..Limits::default() });
    assert_eq!(read(&parsers, &html(), GOOD).await.unwrap().title, "Refunds");
    assert_eq!(parsers.children().idle_ids().len(), 1);
}

/// The head of the body is one part, the rest another.
#[tokio::test]
async fn a_long_page_arrives_whole() {
    let parsers = parsers(Limits::default());
    let page = format!("<main>{}</main>", "<p>Words of a paragraph.</p>".repeat(20_000));
    assert_eq!(read(&parsers, &html(), &page).await.unwrap().paragraphs.len(), 20_000);
    let book = format!(r"{{\rtf1\ansi {}}}", r"Words of a paragraph.\par ".repeat(20_000));
    assert_eq!(read(&parsers, &html(), &book).await.unwrap().paragraphs.len(), 20_000);
}

#[tokio::test]
async fn a_page_does_not_wait_behind_a_child_that_is_stuck() {
    let parsers = parsers(Limits { wall: Duration::from_secs(3), ..Limits::default() });
    // Its head comes and its rest never does, so that the child has begun.
    let length = super::HEAD + 100;
    let (mut near, far) = stalled(length).await;
    let head = format!("{RICH}{}", " ".repeat(usize::try_from(super::HEAD).unwrap() - RICH.len()));
    tokio::io::AsyncWriteExt::write_all(&mut near, head.as_bytes()).await.unwrap();
    let hint = html();
    let stuck = parsers.extract(&hint, far, length);
    let page = async {
        for _ in 0..20 {
            read(&parsers, &hint, GOOD).await.unwrap();
        }
    };
    let (stuck, ()) = tokio::join!(stuck, page);
    assert_eq!(stuck.unwrap_err().code, FailureCode::ResourceLimit);
    assert_eq!(read(&parsers, &hint, RICH).await.unwrap().mime_type, "application/rtf");
}

#[tokio::test]
async fn a_page_that_takes_too_long_is_cut_and_says_so() {
    let parsers = parsers(Limits { cpu_in_place: Duration::from_millis(10), ..Limits::default() });
    let page = format!("<main><h1>Long</h1>{}</main>", "<p>Words of a <b>paragraph</b>.</p>".repeat(200_000));
    let found = read(&parsers, &html(), &page).await.unwrap();
    assert!(found.warnings.iter().any(|warning| warning.contains("took longer than allowed")), "{:?}", found.warnings);
    assert!(found.paragraphs.len() < 200_000);
}

#[tokio::test]
async fn a_body_that_ends_early_or_never_comes_harms_nobody() {
    let parsers = parsers(Limits { wall: Duration::from_secs(2), ..Limits::default() });
    let short = parsers.extract(&html(), &b"<p>"[..], 10).await.unwrap_err();
    assert_eq!(short.text, "the body ended 7 bytes before its length of 10");
    let (_near, far) = stalled(100).await;
    let late = parsers.extract(&html(), far, 100).await.unwrap_err();
    assert_eq!(
        (late.code, late.text.as_str()),
        (FailureCode::ResourceLimit, "reading the document took longer than 2 s")
    );
    assert_eq!(read(&parsers, &html(), GOOD).await.unwrap().title, "Refunds");
}

#[tokio::test]
async fn a_text_that_would_burst_the_process_is_refused() {
    // Time enough to read all of it, however slow the machine is.
    let time = Duration::from_mins(2);
    let parsers = parsers(Limits { cpu_in_place: time, wall: time, ..Limits::default() });
    let refused = read(&parsers, &html(), &"<p>a b".repeat(700_000)).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::TooLarge, "{refused}");
}
