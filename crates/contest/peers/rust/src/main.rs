//! Reads the pages of an index with one extractor: `peer-extract NAME INDEX OUT`. The contract stands in
//! `crates/contest/src/reader.rs`.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The stack that both need on the deeper pages.
const STACK_BYTES: usize = 1024 * 1024 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(|| run().map_err(|error| error.to_string()))?;
    thread.join().map_err(|_| "the reader panicked")??;
    Ok(())
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, index, out] = arguments.as_slice() else { return Err("peer-extract NAME INDEX OUT".into()) };
    let extract = match name.as_str() {
        "rs-trafilatura" => rs_trafilatura,
        "dom_smoothie" => dom_smoothie,
        other => return Err(format!("no extractor is called {other}").into()),
    };
    let (mut pages, mut time) = (0, Duration::ZERO);
    for line in fs::read_to_string(index)?.lines() {
        let page: Value = serde_json::from_str(line)?;
        let field = |name: &str| page[name].as_str().unwrap_or_default();
        let bytes = fs::read(field("path"))?;
        let html = String::from_utf8_lossy(&bytes);
        let started = Instant::now();
        let text = extract(&html, field("url"));
        time += started.elapsed();
        pages += 1;
        fs::write(Path::new(out).join(format!("{}.txt", field("id"))), text)?;
    }
    println!("{}", json!({ "pages": pages, "secs": time.as_secs_f64() }));
    Ok(())
}

fn rs_trafilatura(html: &str, url: &str) -> String {
    let options = rs_trafilatura::Options { url: Some(url.to_owned()), ..rs_trafilatura::Options::default() };
    rs_trafilatura::extract_with_options(html, &options).map(|found| found.content_text).unwrap_or_default()
}

fn dom_smoothie(html: &str, url: &str) -> String {
    let config = dom_smoothie::Config { text_mode: dom_smoothie::TextMode::Formatted, ..dom_smoothie::Config::default() };
    let url = Some(url).filter(|url| !url.is_empty());
    let reader = dom_smoothie::Readability::new(html, url, Some(config));
    let article = reader.and_then(|mut reader| reader.parse());
    article.map(|article| article.text_content.to_string()).unwrap_or_default()
}
