//! Reads PDF: the letters that its pages draw, put into lines, columns, paragraphs, headings and tables.

mod bombs;
mod bookmarks;
mod columns;
mod content;
mod direction;
mod face;
mod fonts;
mod furniture;
mod glyphs;
mod hyphens;
mod information;
mod interpreter;
mod layers;
mod line;
mod links;
mod marker;
mod order;
mod page;
mod rebuild;
mod sizes;
mod state;
mod steps;
mod streams;
mod strings;
mod table;
mod writer;

use hayro_syntax::page::Page as Source;
use hayro_syntax::{DecryptionError, LoadPdfError};
use model::{Failure, FailureCode};

use self::bookmarks::Bookmarks;
use self::fonts::Fonts;
use self::hyphens::Words;
use self::information::Information;
use self::layers::Layers;
use self::page::{Page, Shared};
use self::sizes::Sizes;
use self::steps::Steps;
use self::table::Run;
use self::writer::{Frame, Writer};
use crate::budget::Budget;
use crate::reading::Reading;

/// More letters than any document people read; what is beyond is dropped, and that is said.
const MAX_LETTERS: usize = 10_000_000;

/// More pages than any document people read.
const MAX_PAGES: usize = 50_000;

/// Reads a document, or its first pages where there is no time for all.
pub fn read(bytes: &[u8], budget: &Budget) -> Result<Reading, Failure> {
    bombs::refuse(bytes)?;
    let (pdf, is_rebuilt) = rebuild::open(bytes).map_err(closed)?;
    let (layers, addresses) = (Layers::of(&pdf), Vec::new());
    let mut shared = Shared { fonts: Fonts::new(), layers, addresses, steps: Steps::new(budget) };
    let mut sources: Vec<_> = pdf.pages().iter().collect();
    if is_rebuilt {
        sources.retain(|source| rebuild::is_page(source));
    }
    let (mut pages, drawn) = drawn(&sources, &mut shared);
    if drawn.letters == 0 {
        return Err(if shared.steps.are_over() { exhausted() } else { empty(pages.len(), &drawn) });
    }
    let mut warnings = drawn.warnings();
    if is_rebuilt {
        let text = "the PDF is damaged: its list of pages is lost, so they stand in the order of the file";
        warnings.push(format!("{text}, and some may be missing"));
    }
    furniture::drop_repeated(&mut pages);
    furniture::drop_numbers(&mut pages);
    let Information { title, language, authors, published, modified } = Information::of(&pdf);
    let blocks = blocks(pages, &Bookmarks::of(&pdf), &shared.addresses);
    Ok(Reading { title, language, authors, published, modified, blocks, warnings, ..Reading::default() })
}

/// What is known of the pages that were read, beside their lines.
#[derive(Default)]
struct Drawn {
    letters: usize,
    unknown: usize,
    /// The numbers of pages that are only pictures.
    pictures: Vec<usize>,
    /// Of pages with too many letters.
    full: Vec<usize>,
    /// Of pages that break off.
    broken: Vec<usize>,
    /// After how many pages the reading ended before the document did.
    end: Option<usize>,
}

/// Reads the pages.
fn drawn<'a>(sources: &[&Source<'a>], shared: &mut Shared<'a, '_>) -> (Vec<Page>, Drawn) {
    let (mut pages, mut drawn) = (Vec::new(), Drawn::default());
    for (number, source) in (1_usize..).zip(sources.iter()) {
        // The first is read in any case, as far as it goes.
        if number > 1 {
            shared.steps.look();
        }
        if shared.steps.are_over() {
            drawn.end = Some(number - 1);
            break;
        }
        let (page, found) = page::read(source, shared);
        if found.letters == 0 && found.pictures > 0 {
            drawn.pictures.push(number);
        }
        if found.is_full {
            drawn.full.push(number);
        }
        if found.is_broken {
            drawn.broken.push(number);
        }
        drawn.letters += found.letters;
        drawn.unknown += found.unknown;
        pages.push(page);
        let is_last = number == sources.len();
        if found.is_cut || (!is_last && (drawn.letters > MAX_LETTERS || number >= MAX_PAGES)) {
            drawn.end = Some(number);
            break;
        }
    }
    (pages, drawn)
}

impl Drawn {
    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Some(number) = self.end {
            warnings.push(format!("the document is very long; only its first {number} pages were read"));
        }
        let lists = [
            ("pages that are only pictures were left out, because Gleaner has no OCR", &self.pictures),
            ("pages with more letters than people read were cut", &self.full),
            ("pages are damaged and were read up to where they break off", &self.broken),
        ];
        let lists = lists.into_iter().filter(|(_, pages)| !pages.is_empty());
        warnings.extend(lists.map(|(text, pages)| format!("{text}: {}", listed(pages))));
        if self.unknown * 20 > self.letters {
            let text = "some fonts of the document do not say what their letters mean; words may be missing";
            warnings.push(text.to_owned());
        }
        warnings
    }
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

fn exhausted() -> Failure {
    let text = "the pages of the PDF draw more than a document may before any of their text; export it again";
    Failure::new(FailureCode::ResourceLimit, text)
}

fn empty(pages: usize, drawn: &Drawn) -> Failure {
    let text = if pages == 0 {
        "the PDF has no pages that can be read; export it again"
    } else if drawn.unknown > 0 {
        "the fonts of the PDF do not say what their letters mean, and Gleaner has no OCR; export it with its text"
    } else if !drawn.pictures.is_empty() {
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

#[cfg(test)]
mod tests;
