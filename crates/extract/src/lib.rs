//! Document formats: bytes and a hint in; title, text tree, paragraphs and language out. No I/O, no time, no network.

mod archive;
mod asciidoc;
mod baser;
mod build;
mod calendar;
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
mod outlook;
mod package;
mod pdf;
mod plain;
mod portion;
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

use crate::format::Format;
pub use crate::hint::Hint;
pub use crate::render::{markdown, paragraphs};

/// The most characters of a title.
const LONGEST_TITLE: usize = 300;

/// More bytes than any document people read; the fetcher's cap is lower.
const MAX_BYTES: usize = 64 * 1024 * 1024;

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

/// Reads a document. Bad input is a [`Failure`], never a panic of ours; readers of foreign formats may still abort
/// the process on hostile input, so call this in a child process.
pub fn extract(bytes: &[u8], hint: &Hint) -> Result<Extracted, Failure> {
    if bytes.len() > MAX_BYTES {
        let text = format!("the document has {} bytes; Gleaner reads up to {MAX_BYTES}", bytes.len());
        return Err(Failure::new(FailureCode::TooLarge, text));
    }
    let format = sniff::sniff(bytes, hint)?;
    let mut reading = match formats::read(format, bytes, hint) {
        Some(reading) => reading?,
        None => text(format, bytes, hint),
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

/// Reads what is text once its bytes are decoded.
fn text(format: Format, bytes: &[u8], hint: &Hint) -> reading::Reading {
    let decoded = charset::decode(bytes, hint, format == Format::Html);
    let url = hint.url();
    let mut reading = match format {
        Format::Html => html::read(&decoded.text, url.as_ref()),
        Format::Markdown => markdown::read(&decoded.text, url.as_ref(), |text, url| html::whole(text, url).blocks),
        Format::Restructured => restructured::read(&decoded.text),
        Format::AsciiDoc => asciidoc::read(&decoded.text),
        Format::Csv => csv::read(&decoded.text),
        Format::Json => structured::json(&decoded.text),
        Format::Xml => structured::xml(&decoded.text),
        _ => plain::read(&decoded.text),
    };
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
