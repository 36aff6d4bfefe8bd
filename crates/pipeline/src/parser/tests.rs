//! What hostile pages, dying children and crowds do to the parsers: nothing that lasts.

mod captured;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use extract::{Extracted, Hint};
use model::{Failure, FailureCode};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};

use super::Limits;
use super::pool::Children;

pub(super) const GOOD: &str = "<html lang=en><title>Refunds</title><main><h1>Refunds</h1><p>You can ask for a refund within thirty \
    days of your purchase.</p><p>The money is back on your card after five working days.</p></main>";

/// The children are this test binary, running only the test below.
#[test]
#[ignore = "the body of the children that the other tests start"]
fn parse_child_entry() {
    super::child_main();
}

/// The arguments that make this binary run one of its ignored tests.
pub(super) fn entry(name: &str) -> Vec<OsString> {
    let entry = format!("{}::{name}", module_path!().split_once("::").unwrap().1);
    [entry.as_str(), "--exact", "--ignored", "--nocapture"].map(Into::into).to_vec()
}

pub(super) fn this_binary() -> PathBuf {
    std::env::current_exe().unwrap()
}

pub(super) fn parsers(size: usize, limits: Limits) -> Children {
    Children::new(this_binary(), entry("parse_child_entry"), size, limits)
}

pub(super) fn html() -> Hint {
    Hint {
        content_type: Some("text/html".to_owned()),
        url: Some("https://example.com/a".to_owned()),
        ..Hint::default()
    }
}

async fn read(parsers: &Children, page: &str) -> Result<Extracted, Failure> {
    parsers.extract(&html(), page.as_bytes(), page.len() as u64).await
}

pub(super) async fn reads_a_good_page(parsers: &Children) {
    let page = read(parsers, GOOD).await.unwrap();
    assert_eq!(page.title, "Refunds");
    assert_eq!(page.paragraphs.len(), 3, "{:?}", page.paragraphs);
}

/// A body of `length` bytes of which only the first part ever comes.
pub(super) async fn stalled(length: u64) -> (DuplexStream, DuplexStream) {
    let (mut near, far) = duplex(usize::try_from(length).unwrap());
    near.write_all(b"<p>").await.unwrap();
    (near, far)
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_pages_end_and_a_good_one_follows() {
    let limits = Limits { cpu: Duration::from_secs(4), wall: Duration::from_secs(15), ..Limits::default() };
    let parsers = parsers(1, limits.clone());
    let attributes: String = (0..100_000).flat_map(|n| [" a".to_owned(), n.to_string()]).collect();
    let pages = [
        ("nested b", "<b>".repeat(20_000)),
        ("nested div", "<div>".repeat(200_000)),
        ("attributes", format!("<p{attributes}>text</p>")),
        ("open tables", "<table><tr><td>".repeat(5_000)),
        ("nested lists", "<ul><li>x".repeat(3_000)),
    ];
    for (name, page) in pages {
        let started = Instant::now();
        if let Err(failure) = read(&parsers, &page).await {
            let expected = [FailureCode::ResourceLimit, FailureCode::ParseFailed, FailureCode::EmptyContent];
            assert!(expected.contains(&failure.code), "{name}: {failure}");
        }
        assert!(started.elapsed() < limits.wall + Duration::from_secs(5), "{name}");
        reads_a_good_page(&parsers).await;
    }
}

#[tokio::test]
async fn memory_has_a_limit() {
    // Time enough that memory ends first, however slow the machine is.
    let time = Duration::from_mins(2);
    let limits = Limits { memory_bytes: 400 * 1024 * 1024, cpu: time, wall: time, ..Limits::default() };
    let parsers = parsers(1, limits);
    let failure = read(&parsers, &"<i>x</i>".repeat(4_000_000)).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::ResourceLimit, "{failure}");
    assert!(failure.text.contains("more than 400 MiB of memory"), "{failure}");
    reads_a_good_page(&parsers).await;
}

#[tokio::test]
async fn time_on_the_clock_has_a_limit() {
    let parsers = parsers(1, Limits { wall: Duration::from_secs(2), ..Limits::default() });
    let (_near, far) = stalled(100).await;
    let failure = parsers.extract(&html(), far, 100).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::ResourceLimit);
    assert_eq!(failure.text, "reading the document took longer than 2 s");
    reads_a_good_page(&parsers).await;
}

/// The one thread here stands still for longer than a document has, as in a process that is stopped.
#[tokio::test]
async fn time_in_which_the_process_stood_still_does_not_count() {
    let parsers = parsers(1, Limits { wall: Duration::from_secs(2), ..Limits::default() });
    let (mut near, far) = duplex(GOOD.len());
    let hint = html();
    let reading = parsers.extract(&hint, far, GOOD.len() as u64);
    let standing_still = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        std::thread::sleep(Duration::from_secs(4));
        near.write_all(GOOD.as_bytes()).await.unwrap();
    };
    let (answer, ()) = tokio::join!(reading, standing_still);
    assert_eq!(answer.unwrap().title, "Refunds");
}

#[tokio::test]
async fn children_are_reused_and_replaced() {
    let parsers = parsers(1, Limits { documents: 2, ..Limits::default() });
    reads_a_good_page(&parsers).await;
    let first = parsers.idle_ids();
    assert_eq!(first.len(), 1);
    reads_a_good_page(&parsers).await;
    assert!(parsers.idle_ids().is_empty(), "it has served its two documents");
    reads_a_good_page(&parsers).await;
    assert_ne!(parsers.idle_ids(), first);
}

#[tokio::test]
async fn a_child_that_has_grown_is_replaced() {
    let parsers = parsers(1, Limits { kept_bytes: 1, ..Limits::default() });
    reads_a_good_page(&parsers).await;
    assert!(parsers.idle_ids().is_empty(), "every process holds more than a byte");
}

#[tokio::test]
async fn an_idle_child_that_died_is_replaced_unnoticed() {
    let parsers = parsers(1, Limits::default());
    reads_a_good_page(&parsers).await;
    let before = parsers.idle_ids();
    end(before[0]);
    reads_a_good_page(&parsers).await;
    assert_ne!(parsers.idle_ids(), before);
}

#[tokio::test]
async fn a_child_that_is_killed_while_it_reads_is_a_failure() {
    let parsers = parsers(1, Limits::default());
    reads_a_good_page(&parsers).await;
    let id = parsers.idle_ids()[0];
    let (_near, far) = stalled(100).await;
    let hint = html();
    let reading = parsers.extract(&hint, far, 100);
    let killing = async {
        // The child is taken out of the pool once the exchange is under way.
        while !parsers.idle_ids().is_empty() {
            tokio::task::yield_now().await;
        }
        end(id);
    };
    let (answer, ()) = tokio::join!(reading, killing);
    let failure = answer.map(|page| page.title).unwrap_err();
    // Killed before it had taken the request, the document goes to a fresh child and waits there for its body.
    assert_eq!(failure.code, FailureCode::ResourceLimit, "{failure}");
    reads_a_good_page(&parsers).await;
}

pub(super) fn end(id: u32) {
    kill(Pid::from_raw(i32::try_from(id).unwrap()), Signal::SIGKILL).unwrap();
}

#[tokio::test]
async fn a_dropped_reading_takes_its_child_along() {
    let parsers = parsers(1, Limits::default());
    reads_a_good_page(&parsers).await;
    let before = parsers.idle_ids();
    let (_near, far) = stalled(100).await;
    let cut = tokio::time::timeout(Duration::from_millis(300), parsers.extract(&html(), far, 100)).await;
    assert!(cut.is_err());
    assert!(parsers.idle_ids().is_empty());
    reads_a_good_page(&parsers).await;
    assert_ne!(parsers.idle_ids(), before);
}

#[tokio::test]
async fn a_body_is_larger_than_any_pipe() {
    let parsers = parsers(1, Limits::default());
    let text = "A paragraph of a long plain text.\n\n".repeat(60_000);
    let hint = Hint { content_type: Some("text/plain".to_owned()), ..Hint::default() };
    let page = parsers.extract(&hint, text.as_bytes(), text.len() as u64).await.unwrap();
    assert_eq!(page.paragraphs.len(), 60_000);
}

#[tokio::test]
async fn a_body_that_ends_early_is_our_fault() {
    let parsers = parsers(1, Limits::default());
    let failure = parsers.extract(&html(), &b"<p>"[..], 10).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Internal, "{failure}");
    assert!(failure.text.contains("ended 7 bytes before its length of 10"), "{failure}");
    reads_a_good_page(&parsers).await;
}

#[tokio::test]
async fn a_text_that_would_burst_the_parent_is_refused() {
    let time = Duration::from_mins(2);
    let parsers = parsers(1, Limits { cpu: time, wall: time, ..Limits::default() });
    let crowd = "a line of some more words than anybody would ever write here\n\n".repeat(400_000);
    let hint = Hint { content_type: Some("text/plain".to_owned()), ..Hint::default() };
    let refused = parsers.extract(&hint, crowd.as_bytes(), crowd.len() as u64).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::TooLarge, "{refused}");
    reads_a_good_page(&parsers).await;
}

#[tokio::test]
async fn failures_come_through() {
    let parsers = parsers(1, Limits::default());
    let png = parsers.extract(&html(), &b"\x89PNG\r\n\x1a\n"[..], 8).await.unwrap_err();
    assert_eq!(png.code, FailureCode::UnsupportedType);
    assert!(png.text.starts_with("image/png"), "{png}");
    assert_eq!(parsers.idle_ids().len(), 1, "a refusal is no fault of the child");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_shares_two_children() {
    let parsers = parsers(2, Limits::default());
    let crowd: Vec<_> = (0..40)
        .map(|_| {
            let parsers = parsers.clone();
            tokio::spawn(async move { reads_a_good_page(&parsers).await })
        })
        .collect();
    for one in crowd {
        one.await.unwrap();
    }
    assert!((1..=2).contains(&parsers.idle_ids().len()));
}

#[tokio::test]
async fn a_program_that_is_no_parser_is_told() {
    for (program, argument) in [("/no/such/program", ""), ("/bin/true", ""), ("/bin/cat", "/proc/cpuinfo")] {
        let parsers = Children::new(program.into(), vec![argument.into()], 1, Limits::default());
        let failure = read(&parsers, GOOD).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::Internal, "{failure}");
        assert!(failure.text.starts_with("cannot start a parser: "), "{failure}");
    }
}
