//! Reads the best known hostile pages in this process, each on a thread with a stack as small as those of asynchronous programs.

use std::thread;

use anyhow::{Result, anyhow};
use extract::{Hint, extract};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

const STACK: usize = 2 * 1024 * 1024;

/// A page and what it took.
pub struct Page {
    pub name: &'static str,
    pub bytes: u64,
    /// Seconds of processor time of its thread.
    pub cpu_secs: f64,
    pub outcome: String,
}

/// Reads them all.
pub fn run() -> Result<Vec<Page>> {
    pages().into_iter().map(|(name, page)| read(name, page)).collect()
}

fn pages() -> Vec<(&'static str, String)> {
    let attributes: Vec<String> = (0..100_000).map(|number| format!(" a{number}=x")).collect();
    let fonts: Vec<String> = (0..20_000).map(|number| format!("<font color=c{number}>x<p>")).collect();
    vec![
        ("20,000 nested div", format!("{}text{}", "<div>".repeat(20_000), "</div>".repeat(20_000))),
        ("200,000 nested div", format!("{}text", "<div>".repeat(200_000))),
        ("20,000 nested b", format!("{}text", "<b>".repeat(20_000))),
        ("20,000 nested font, each another colour", fonts.concat()),
        ("2,000 times an open a and table", format!("{}text", "<a href=x><table>".repeat(2_000))),
        ("svg in math in svg", format!("{}<p>text", "<svg><math><desc><mi>".repeat(10_000))),
        ("100,000 attributes", format!("<div{}>text</div>", attributes.concat())),
        ("200,000 p", "<p>Some words here.".repeat(200_000)),
        ("20 MB of text", format!("<p>{}", "Words that go on and on without any end. ".repeat(500_000))),
        ("100,000 nested li", "<ul><li>x".repeat(100_000)),
        ("50,000 nested dl", "<dl><dd>x".repeat(50_000)),
        ("20,000 nested tables", "<table><tr><td>x".repeat(20_000)),
    ]
}

fn read(name: &'static str, page: String) -> Result<Page> {
    let bytes = page.len() as u64;
    let work = thread::Builder::new().stack_size(STACK).spawn(move || {
        let hint = Hint { content_type: Some("text/html".to_owned()), ..Hint::default() };
        let before = thread_secs();
        let found = extract(page.as_bytes(), &hint);
        let cpu_secs = thread_secs() - before;
        let outcome = found.map_or_else(|failure| failure.to_string(), |page| format!("{} blocks", page.blocks.len()));
        Page { name, bytes, cpu_secs, outcome }
    })?;
    work.join().map_err(|_| anyhow!("{name}: the reader panicked"))
}

/// The processor time of this thread, in seconds.
fn thread_secs() -> f64 {
    let micros = getrusage(UsageWho::RUSAGE_THREAD)
        .map_or(0, |usage| usage.user_time().num_microseconds() + usage.system_time().num_microseconds());
    std::time::Duration::from_micros(micros.unsigned_abs()).as_secs_f64()
}
