//! Reads one file as the service reads a page, within ten seconds, and prints its text as Markdown.
//!
//! ```sh
//! cargo run --release -p extract --example within -- page.html text/html https://example.com/page
//! ```

use std::error::Error;
use std::time::Instant;

use extract::{Budget, Hint, extract_within, markdown};

const SECS: f64 = 10.0;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("within FILE [CONTENT_TYPE [URL]]")?;
    let hint = Hint { content_type: arguments.next(), url: arguments.next(), english: true, ..Hint::default() };
    let started = Instant::now();
    let gone = || started.elapsed().as_secs_f64() / SECS;
    let page = extract_within(&std::fs::read(path)?, &hint, &Budget::counted(&gone))?;
    for warning in &page.warnings {
        eprintln!("warning: {warning}");
    }
    print!("{}", markdown(&page.blocks));
    Ok(())
}
