//! Document formats: bytes and a hint in; title, text tree, paragraphs and language out. No I/O, no time, no network.
//!
//! [`extract()`] tells the format by its bytes and reads it into one kind of tree, [`Block`]s, whatever it was: a page of
//! the web without the furniture around its text, a PDF in the order in which people read it, a workbook as tables.
//! [`markdown`] and [`paragraphs`] write a tree as text.
//!
//! ```
//! use extract::{Hint, extract, markdown};
//!
//! let page = r#"<html lang="en"><title>Refunds | Example</title><nav><a href="/">Home</a></nav>
//!     <main><h1>Refunds</h1><p>Within <b>30 days</b>, see <a href="/terms">our terms</a>.</p></main>
//!     <footer>© Example Inc.</footer></html>"#;
//! let hint = Hint { url: Some("https://example.com/help/refunds".to_owned()), ..Hint::default() };
//! let read = extract(page.as_bytes(), &hint)?;
//! assert_eq!(read.title, "Refunds");
//! assert_eq!(read.paragraphs, ["# Refunds", "Within 30 days, see our terms."]);
//! assert_eq!(markdown(&read.blocks), "# Refunds\n\nWithin **30 days**, see [our terms](https://example.com/terms).\n");
//! # Ok::<(), extract::Failure>(())
//! ```
//!
//! # Formats
//!
//! HTML, Markdown (`CommonMark`, GFM, front matter, MDX), reStructuredText, `AsciiDoc`, plain text, CSV, JSON and XML; PDF;
//! DOCX, XLSX, PPTX, `OpenDocument`, EPUB, RTF; e-mails. What cannot be read is a [`Failure`] with its reason: a scan
//! without text, an encrypted file, a picture. There is no OCR.
//!
//! # Hostile input
//!
//! The reader of HTML has no recursion, and caps depth, attributes and nodes while it builds its tree, so it is safe in a
//! process that does other work. The readers of binary formats unpack what others packed: call them in a child process
//! with limits on memory and time, where the input is not your own.
//!
//! # Sites
//!
//! A page is read by itself, by the structure of its markup and by the words that help centres, documentation
//! generators and forums use in it. Whoever reads many pages of a site can say more in [`Hint::site`]: CSS selectors of
//! what is content and what is not, and the fingerprints of blocks that recur on its pages ([`Site`]).

mod archive;
mod article;
mod asciidoc;
mod baser;
mod budget;
mod build;
mod calendar;
mod charset;
mod csv;
mod date;
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
mod room;
mod rtf;
mod sentence;
mod sheet;
mod site;
mod sniff;
mod structured;
mod tidy;
mod xlsx;
mod xml;

pub use model::{Block, Failure, FailureCode, Span};
use serde::{Deserialize, Serialize};

pub use crate::article::article;
pub use crate::budget::Budget;
use crate::format::Format;
pub use crate::hint::Hint;
pub use crate::html::explain::{Explanation, Part};
pub use crate::html::{Link, Links, SelectorError, check_selector, links};
pub use crate::render::{markdown, paragraphs};
pub use crate::site::{Site, recurs};

/// The most characters of a title.
const LONGEST_TITLE: usize = 300;

/// The most characters of the name of an author.
const LONGEST_NAME: usize = 100;

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
    /// Who wrote it, each name once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When it was published: an instant in RFC 3339 where its time and zone are known, else a day (`2025-03-01`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// When it was last changed, written alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// The names of the steps to the document on its site, outermost first, without the document itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breadcrumbs: Vec<String>,
    /// The fingerprints of the blocks of a page that could be chrome, at most 64: the same ones whatever of them
    /// [`Site::recurring`] has left out, and none where [`Site::keep`] says what is content. Those that recur on many pages of a site go into [`Site::recurring`] when its next page is read:
    ///
    /// ```
    /// use extract::{Extracted, Hint, Site, extract};
    ///
    /// fn read(text: &str, site: &Site) -> Extracted {
    ///     let teaser = "<div><b>Hurry!</b> <p>Our autumn offer ends soon, order today.</p></div>";
    ///     let page = format!("<main><h1>{text}</h1><p>{}</p>{teaser}</main>", format!("{text} cost nothing. ").repeat(9));
    ///     let hint = Hint { content_type: Some("text/html".to_owned()), site: site.clone(), ..Hint::default() };
    ///     extract(page.as_bytes(), &hint).unwrap()
    /// }
    ///
    /// let [one, two] = ["Refunds", "Transfers"].map(|text| read(text, &Site::default()));
    /// let recurring = one.fingerprints.iter().filter(|it| two.fingerprints.contains(it)).copied().collect();
    /// let three = read("Withdrawals", &Site { recurring, ..Site::default() });
    /// assert!(!extract::markdown(&three.blocks).contains("autumn offer"));
    /// ```
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fingerprints: Vec<u64>,
}

/// Reads a document, at most 64 MiB of it. Bad input is a [`Failure`], never a panic of ours; where
/// [`needs_isolation`] says so, hostile input may still end the process, so call this in a child process then.
///
/// # Errors
///
/// A [`Failure`] with a code for machines and a sentence for people: too many bytes, a format that is not read, a file
/// that is damaged, encrypted or has no text.
///
/// ```
/// use extract::{FailureCode, Hint, extract};
///
/// let failure = extract(b"\x89PNG\r\n\x1a\n", &Hint::default()).unwrap_err();
/// assert_eq!(failure.code, FailureCode::UnsupportedType);
/// ```
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

/// Reads as much of a document as the budget has time for, and warns when that is not all. Where [`needs_isolation`]
/// denies it the budget is kept; other readers keep to it where they can stop, such as between the pages of a PDF.
pub fn extract_within(bytes: &[u8], hint: &Hint, budget: &Budget) -> Result<Extracted, Failure> {
    if bytes.len() > MAX_BYTES {
        let text = format!("the document has {} bytes; Gleaner reads up to {MAX_BYTES}", bytes.len());
        return Err(Failure::new(FailureCode::TooLarge, text));
    }
    let format = sniff::sniff(bytes, hint)?;
    let mut reading = match formats::read(format, bytes, budget) {
        Some(reading) => reading?,
        None => text(format, bytes, hint, budget),
    };
    if budget.is_exceeded() {
        reading.warnings.push("reading it took longer than allowed; its end is missing".to_owned());
    }

    let language = language::identify(&reading.blocks, reading.language.as_deref());
    let has_english_rules = hint.english && language.as_deref() == Some("en");
    if has_english_rules {
        english::normalise(&mut reading.blocks);
    }
    let blocks = tidy::blocks(reading.blocks);
    if !blocks.iter().any(has_words) {
        // What was not looked at may hold words.
        let (code, text) = if budget.is_exceeded() {
            (FailureCode::ResourceLimit, "the time that a document may take was over before any of its text was found")
        } else {
            (FailureCode::EmptyContent, empty(format))
        };
        return Err(Failure::new(code, text));
    }
    let paragraphs = if hint.baser { baser::passages(&blocks, has_english_rules) } else { paragraphs(&blocks) };
    let title = title(reading.title.as_deref(), &blocks, hint);
    let date = |text: Option<String>| text.as_deref().and_then(date::read);
    Ok(Extracted {
        authors: names(reading.authors),
        published: date(reading.published),
        modified: date(reading.modified),
        breadcrumbs: path(&reading.breadcrumbs, &title),
        title,
        language,
        mime_type: format.mime_type().to_owned(),
        paragraphs,
        blocks,
        warnings: reading.warnings,
        canonical_url: reading.canonical_url,
        fingerprints: reading.fingerprints,
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
    Ok(html::explain::explain(&decoded.text, hint.url().as_ref(), &hint.site))
}

/// Reads what is text once its bytes are decoded.
fn text(format: Format, bytes: &[u8], hint: &Hint, budget: &Budget) -> reading::Reading {
    let decoded = charset::decode(bytes, hint, format == Format::Html);
    let url = hint.url();
    let mut reading = match format {
        Format::Html => html::read(&decoded.text, url.as_ref(), &hint.site, budget),
        Format::Markdown => {
            let read_html: markdown::ReadHtml = |text, url, room, budget| html::whole(text, url, room, budget).blocks;
            markdown::read(&decoded.text, url.as_ref(), read_html, budget)
        }
        Format::Restructured => restructured::read(&decoded.text),
        Format::AsciiDoc => asciidoc::read(&decoded.text),
        Format::Csv => csv::read(&decoded.text),
        Format::Json => structured::json(&decoded.text),
        Format::Xml => structured::xml(&decoded.text),
        _ => plain::read(&decoded.text, budget),
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
    let says = |spans: &[Span]| spans.iter().any(|span| span.text.chars().any(char::is_alphanumeric));
    match block {
        Block::Heading { spans, .. } | Block::Paragraph { spans } => says(spans),
        Block::List { items, .. } => items.iter().flatten().any(has_words),
        Block::Quote { blocks } => blocks.iter().any(has_words),
        Block::Table { header, rows } => header.iter().chain(rows.iter().flatten()).any(|cell| says(cell)),
        Block::Code { text, .. } => !text.is_empty(),
    }
}

/// Names on one line each, every one once.
fn names(names: Vec<String>) -> Vec<String> {
    let mut known = Vec::new();
    for name in names {
        let name = tidy::line(&name);
        if !name.is_empty() && name.chars().count() <= LONGEST_NAME && !known.contains(&name) {
            known.push(name);
        }
    }
    known
}

/// The steps to a document; some sites count the document as the last one.
fn path(steps: &[String], title: &str) -> Vec<String> {
    let mut steps: Vec<String> = steps.iter().map(|step| tidy::line(step)).filter(|step| !step.is_empty()).collect();
    steps.pop_if(|last| last.eq_ignore_ascii_case(title));
    steps
}

/// What the document calls itself, else its first main heading, else its first heading, else the last part of its address.
fn title(stated: Option<&str>, blocks: &[Block], hint: &Hint) -> String {
    let headings = blocks.iter().filter_map(|block| match block {
        Block::Heading { level, spans } => Some((*level, spans)),
        _ => None,
    });
    let main = headings.clone().filter(|(level, _)| *level == 1);
    let headings = main.chain(headings).map(|(_, spans)| render::text(spans));
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
