//! Reads one file as the service reads a page, within ten seconds of processor time, and prints its text as Markdown.
//!
//! ```sh
//! cargo run --release -p extract --example within -- page.html text/html https://example.com/page
//! ```

use std::error::Error;
use std::time::Duration;

use extract::{Budget, Hint, extract_within, markdown};
use nix::time::{ClockId, clock_gettime};

/// So much processor time the reading may take.
const SECS: f64 = 10.0;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("within FILE [CONTENT_TYPE [URL]]")?;
    let hint = Hint { content_type: arguments.next(), url: arguments.next(), english: true, ..Hint::default() };
    let bytes = std::fs::read(path)?;
    let started = worked()?;
    let gone = || worked().map_or(f64::INFINITY, |now| now.saturating_sub(started).as_secs_f64() / SECS);
    let page = extract_within(&bytes, &hint, &Budget::counted(&gone))?;
    for warning in &page.warnings {
        eprintln!("warning: {warning}");
    }
    print!("{}", markdown(&page.blocks));
    Ok(())
}

/// How long this thread has had a processor.
fn worked() -> nix::Result<Duration> {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from)
}
