//! Document formats: bytes and a hint in; title, text tree, paragraphs and language out. No I/O, no time, no network.

mod archive;
mod asciidoc;
mod baser;
mod budget;
mod build;
mod charset;
mod csv;
mod docx;
mod english;
mod epub;
mod format;
mod formats;
mod grid;
mod hint;
mod html;
mod language;
mod letter;
mod line;
mod mail;
mod markdown;
mod odf;
mod outline;
mod package;
mod pdf;
mod plain;
mod pptx;
mod reading;
mod render;
mod restructured;
mod rtf;
mod sentence;
mod sheet;
mod sniff;
mod structured;
mod tidy;
mod xlsx;
mod xml;

use model::{Block, Failure, FailureCode};
use serde::{Deserialize, Serialize};

pub use crate::budget::Budget;
use crate::format::Format;
pub use crate::hint::Hint;
pub use crate::html::explain::{Explanation, Part};
pub use crate::render::{markdown, paragraphs};

/// The most characters of a title.
const LONGEST_TITLE: usize = 300;

/// More bytes than any document people read; the fetcher's cap is lower.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Longer texts are exports and logs. They are read like any other, but nobody vouches for the memory that a million lines of
/// two letters take.
const LONGEST_TEXT: usize = 1024 * 1024;

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extracted {
    /// Its title; never empty.
    pub title: String,
    /// The BCP 47 code of its language, where that is certain.
    pub language: Option<String>,
    /// The type it was read as.
    pub mime_type: String,
    /// Its text tree.
    pub blocks: Vec<Block>,
    /// The tree as plain text: the blocks as they are, or passages when the hint asks for them.
    pub paragraphs: Vec<String>,
    /// What a person should know about the reading.
    pub warnings: Vec<String>,
    /// The address that the document calls its own.
    pub canonical_url: Option<String>,
}

/// Reads a document. Bad input is a [`Failure`], never a panic of ours; where [`needs_isolation`] says so, hostile input
/// may still end the process, so call this in a child process then.
pub fn extract(bytes: &[u8], hint: &Hint) -> Result<Extracted, Failure> {
    extract_within(bytes, hint, &Budget::endless())
}

/// Whether a document's reader may fail in ways that no caller can catch: by memory, by its stack, or by never ending. So do
/// those of every format but HTML, whose reader caps what it keeps, and Markdown and plain text of usual length.
pub fn needs_isolation(bytes: &[u8], hint: &Hint) -> bool {
    match sniff::sniff(bytes, hint) {
        Ok(Format::Html) => false,
        Ok(Format::Markdown | Format::Plain) => bytes.len() > LONGEST_TEXT,
        _ => true,
    }
}

/// Reads as much of a document as the budget has time for, and warns when that is not all. Only where [`needs_isolation`]
/// denies it is the budget kept.
pub fn extract_within(bytes: &[u8], hint: &Hint, budget: &Budget) -> Result<Extracted, Failure> {
    if bytes.len() > MAX_BYTES {
        let text = format!("the document has {} bytes; Gleaner reads up to {MAX_BYTES}", bytes.len());
        return Err(Failure::new(FailureCode::TooLarge, text));
    }
    let format = sniff::sniff(bytes, hint)?;
    let mut reading = match formats::read(format, bytes, hint) {
        Some(reading) => reading?,
        None => text(format, bytes, hint, budget),
    };

    let language = language::identify(&reading.blocks, reading.language.as_deref());
    let has_english_rules = hint.english && language.as_deref() == Some("en");
    if has_english_rules {
        english::normalise(&mut reading.blocks);
    }
    let blocks = tidy::blocks(reading.blocks);
    if !blocks.iter().any(has_words) {
        return Err(Failure::new(FailureCode::EmptyContent, empty(format)));
    }
    let paragraphs = if hint.baser { baser::passages(&blocks, has_english_rules) } else { paragraphs(&blocks) };
    Ok(Extracted {
        title: title(reading.title.as_deref(), &blocks, hint),
        language,
        mime_type: format.mime_type().to_owned(),
        paragraphs,
        blocks,
        warnings: reading.warnings,
        canonical_url: reading.canonical_url,
    })
}

/// Says of each part of a page why it is content or why it is left out. Only HTML is chosen from; every other format is
/// read whole, and refused here as [`FailureCode::UnsupportedType`].
pub fn explain(bytes: &[u8], hint: &Hint) -> Result<Explanation, Failure> {
    let format = sniff::sniff(bytes, hint)?;
    if format != Format::Html {
        let text = format!("only of HTML are parts left out; this is {}, which is read whole", format.mime_type());
        return Err(Failure::new(FailureCode::UnsupportedType, text));
    }
    let decoded = charset::decode(bytes, hint, true);
    Ok(html::explain::explain(&decoded.text, hint.url().as_ref()))
}

/// Reads what is text once its bytes are decoded.
fn text(format: Format, bytes: &[u8], hint: &Hint, budget: &Budget) -> reading::Reading {
    let decoded = charset::decode(bytes, hint, format == Format::Html);
    let url = hint.url();
    let mut reading = match format {
        Format::Html => html::read(&decoded.text, url.as_ref(), budget),
        Format::Markdown => {
            let read_html: markdown::ReadHtml = |text, url| html::whole(text, url).blocks;
            markdown::read(&decoded.text, url.as_ref(), read_html, budget)
        }
        Format::Restructured => restructured::read(&decoded.text),
        Format::AsciiDoc => asciidoc::read(&decoded.text),
        Format::Csv => csv::read(&decoded.text),
        Format::Json => structured::json(&decoded.text),
        Format::Xml => structured::xml(&decoded.text),
        _ => plain::read(&decoded.text, budget),
    };
    if budget.is_exceeded() {
        reading.warnings.push("reading it took longer than allowed; its end is missing".to_owned());
    }
    reading.warnings.extend(decoded.warning);
    reading
}

fn empty(format: Format) -> &'static str {
    match format {
        Format::Html => {
            "the page has no text in its HTML; if a browser shows some, scripts load it, and Gleaner does not run scripts"
        }
        _ => "the document has no text",
    }
}

/// Whether a person would find something to read.
fn has_words(block: &Block) -> bool {
    let says = |spans: &[model::Span]| spans.iter().any(|span| span.text.chars().any(char::is_alphanumeric));
    match block {
        Block::Heading { spans, .. } | Block::Paragraph { spans } => says(spans),
        Block::List { items, .. } => items.iter().flatten().any(has_words),
        Block::Quote { blocks } => blocks.iter().any(has_words),
        Block::Table { header, rows } => header.iter().chain(rows.iter().flatten()).any(|cell| says(cell)),
        Block::Code { text, .. } => !text.is_empty(),
    }
}

/// What the document calls itself, else its first heading, else the last part of its address.
fn title(stated: Option<&str>, blocks: &[Block], hint: &Hint) -> String {
    let headings = blocks.iter().filter_map(|block| match block {
        Block::Heading { spans, .. } => Some(render::text(spans)),
        _ => None,
    });
    let candidates = stated.map(str::to_owned).into_iter().chain(headings).chain(address_name(hint));
    let mut titles = candidates.map(|text| tidy::line(&text)).filter(|text| !text.is_empty());
    titles.next().map_or_else(|| "Untitled".to_owned(), shortened)
}

/// A title is a line in a list; whoever puts a page into it gets its start.
fn shortened(title: String) -> String {
    match title.char_indices().nth(LONGEST_TITLE) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => title,
    }
}

fn address_name(hint: &Hint) -> Option<String> {
    let url = hint.url()?;
    let last =
        url.path_segments().and_then(|mut segments| segments.rfind(|segment| !segment.is_empty()).map(str::to_owned));
    last.or_else(|| url.host_str().map(str::to_owned))
}
