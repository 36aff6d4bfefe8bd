//! Reads PDF: the letters that its pages draw, put into lines, columns, paragraphs, headings and tables.

mod bombs;
mod bookmarks;
mod columns;
mod furniture;
mod glyphs;
mod hyphens;
mod line;
mod links;
mod marker;
mod page;
mod sizes;
mod strings;
mod table;
mod writer;

use hayro_interpret::InterpreterCache;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use model::{Failure, FailureCode};

use self::bookmarks::Bookmarks;
use self::hyphens::Words;
use self::page::{Counts, Page, Shared};
use self::sizes::Sizes;
use self::table::Run;
use self::writer::{Frame, Writer};
use crate::budget::Budget;
use crate::reading::Reading;

/// More letters than any document people read; what is beyond is dropped, and that is said.
const MAX_LETTERS: usize = 10_000_000;

/// Letters, lines and pictures that are drawn, those too that are dropped. A million of them take about a third of a second.
const MAX_STEPS: usize = 10_000_000;

/// More pages than any document people read.
const MAX_PAGES: usize = 50_000;

/// Of the time for a document, so much is for drawing its pages; the rest is for making a text of them.
const DRAWING: f64 = 0.8;

/// Reads a document, or its first pages where there is no time for all.
pub fn read(bytes: &[u8], budget: &Budget) -> Result<Reading, Failure> {
    bombs::refuse(bytes)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(closed)?;
    let (mut pages, mut counts, mut pictures, mut full) = (Vec::new(), Counts::default(), Vec::new(), Vec::new());
    let mut warnings = Vec::new();
    let mut shared = Shared { cache: InterpreterCache::new(), addresses: Vec::new(), budget: MAX_STEPS };
    for (number, source) in (1_usize..).zip(pdf.pages().iter()) {
        if number > 1 && budget.has_gone(DRAWING) {
            break;
        }
        let (page, found) = page::read(source, &mut shared);
        if found.letters == 0 && found.images > 0 {
            pictures.push(number);
        }
        if found.is_full {
            full.push(number);
        }
        counts.letters += found.letters;
        counts.unknown += found.unknown;
        pages.push(page);
        if counts.letters > MAX_LETTERS || found.is_cut || number >= MAX_PAGES {
            warnings.push(format!("the document is very long; only its first {number} pages were read"));
            break;
        }
    }
    if counts.letters == 0 {
        return Err(empty(pages.len(), pictures.len(), counts.unknown));
    }
    if !pictures.is_empty() {
        let text = "pages that are only pictures were left out, because Gleaner has no OCR";
        warnings.push(format!("{text}: {}", listed(&pictures)));
    }
    if !full.is_empty() {
        warnings.push(format!("pages with more letters than people read were cut: {}", listed(&full)));
    }
    if counts.unknown * 20 > counts.letters {
        let text = "some fonts of the document do not say what their letters mean; words may be missing";
        warnings.push(text.to_owned());
    }
    furniture::drop_repeated(&mut pages);
    furniture::drop_numbers(&mut pages);
    let title = pdf.metadata().title.as_deref().map(strings::text_string).filter(|title| is_telling(title));
    Ok(Reading {
        title,
        blocks: blocks(pages, &Bookmarks::of(&pdf), &shared.addresses),
        warnings,
        ..Reading::default()
    })
}

fn blocks(pages: Vec<Page>, bookmarks: &Bookmarks, addresses: &[String]) -> Vec<model::Block> {
    let sizes = Sizes::of(pages.iter().flat_map(Page::lines), bookmarks);
    let mut words = Words::default();
    for line in pages.iter().flat_map(Page::lines) {
        words.learn(&line.text());
    }
    let mut writer = Writer::new(&sizes, &words, bookmarks, addresses);
    for part in pages.into_iter().flat_map(|page| page.parts) {
        let frame = Frame::of(&part);
        for run in table::runs(part, &words) {
            match run {
                Run::Lines(lines) => writer.lines(lines, frame),
                Run::Table(table) => writer.block(table),
            }
        }
    }
    writer.finish()
}

fn closed(error: LoadPdfError) -> Failure {
    let text = match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            "the PDF is protected with a password; save it without one"
        }
        LoadPdfError::Decryption(_) => {
            "the PDF is encrypted in a way that Gleaner cannot undo; save it without encryption"
        }
        LoadPdfError::Invalid => "the PDF is damaged so that no page can be found; export it again",
    };
    Failure::new(FailureCode::ParseFailed, text)
}

fn empty(pages: usize, pictures: usize, unknown: usize) -> Failure {
    let text = if pages == 0 {
        "the PDF has no pages that can be read; export it again"
    } else if unknown > 0 {
        "the fonts of the PDF do not say what their letters mean, and Gleaner has no OCR; export it with its text"
    } else if pictures > 0 {
        "the PDF holds only pictures of pages, and Gleaner has no OCR; upload one with a text layer"
    } else {
        "the pages of the PDF have no text"
    };
    Failure::new(FailureCode::EmptyContent, text)
}

/// The numbers of the first of some pages.
fn listed(pages: &[usize]) -> String {
    let mut shown: Vec<String> = pages.iter().take(10).map(usize::to_string).collect();
    if pages.len() > shown.len() {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// Programs put the names of files where nobody gave a title.
fn is_telling(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    let is_file = [".doc", ".docx", ".indd", ".dvi", ".tex", ".pdf", ".qxd", ".ppt", ".pptx", ".xls"];
    !title.is_empty()
        && !title.starts_with("microsoft ")
        && !is_file.iter().any(|end| title.ends_with(end))
        && !matches!(title.as_str(), "untitled" | "(anonymous)" | "untitled document" | "(unspecified)")
}

#[cfg(test)]
mod tests;
