//! Reads a document from the standard input and writes it as Markdown: `read [URL] < page.html`. Links are made absolute
//! with the address, where one is given.

use std::error::Error;
use std::io::{self, Read, Write};

use extract::{Extracted, Hint, extract, markdown};

fn main() -> Result<(), Box<dyn Error>> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    let hint = Hint { url: std::env::args().nth(1), ..Hint::default() };
    let read = extract(&bytes, &hint).map_err(|failure| failure.to_string())?;
    io::stderr().write_all(about(&read).as_bytes())?;
    io::stdout().write_all(markdown(&read.blocks).as_bytes())?;
    Ok(())
}

/// What the document says about itself, one thing a line.
fn about(read: &Extracted) -> String {
    let mut lines = vec![format!("title: {}", read.title), format!("type: {}", read.mime_type)];
    lines.extend(read.language.iter().map(|language| format!("language: {language}")));
    lines.extend(read.authors.iter().map(|author| format!("author: {author}")));
    lines.extend(read.published.iter().map(|date| format!("published: {date}")));
    lines.extend(read.modified.iter().map(|date| format!("modified: {date}")));
    lines.extend(read.breadcrumbs.iter().map(|step| format!("under: {step}")));
    lines.extend(read.warnings.iter().map(|warning| format!("warning: {warning}")));
    lines.join("\n") + "\n"
}
