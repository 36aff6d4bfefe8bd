//! Opens a file, and puts its pages together anew where damage has cut them off from its list of pages.

use hayro_syntax::object::{Dict, Name};
use hayro_syntax::page::Page;
use hayro_syntax::{LoadPdfError, Pdf};

/// The number of an object that no file has: the largest one of the format (ISO 32000-1, annex C).
const UNUSED: u32 = 8_388_607;

/// Opens a file; the second is whether its pages were found by looking through all of its objects.
pub fn open(bytes: &[u8]) -> Result<(Pdf, bool), LoadPdfError> {
    let found = Pdf::new(ended(bytes));
    let is_whole = match &found {
        Ok(pdf) => pdf.pages().len() >= stated(pdf).max(1),
        Err(LoadPdfError::Decryption(_)) => true,
        Err(LoadPdfError::Invalid) => false,
    };
    // What is said of the encryption would be lost with the old trailer.
    if is_whole || bytes.windows(ENCRYPTION.len()).any(|part| part == ENCRYPTION) {
        return found.map(|pdf| (pdf, false));
    }
    let known = found.as_ref().map_or(0, |pdf| pdf.pages().len());
    match Pdf::new(without_list(bytes)) {
        Ok(rebuilt) if rebuilt.pages().iter().filter(|page| is_page(page)).count() > known => Ok((rebuilt, true)),
        _ => found.map(|pdf| (pdf, false)),
    }
}

/// Whether this is a page, and not a note on one, which has some content, too.
pub fn is_page(page: &Page<'_>) -> bool {
    page.raw().get::<Name<'_>>("Type").is_some_and(|kind| kind.as_ref() == b"Page")
}

/// The file; where its end is cut off, the stream that is cut with it ends there.
fn ended(bytes: &[u8]) -> Vec<u8> {
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let has_end = tail.windows(END.len()).any(|part| part == END);
    let mut bytes = bytes.to_vec();
    if !has_end {
        bytes.extend(OBJECT_END);
    }
    bytes
}

/// The word that stands near the end of each file, and how near, in bytes.
const END: &[u8] = b"startxref";
const TAIL: usize = 2_048;

const OBJECT_END: &[u8] = b"\nendstream\nendobj\n";

const ENCRYPTION: &[u8] = b"/Encrypt";

/// How many pages the file says that it has; no more than it has objects.
fn stated(pdf: &Pdf) -> usize {
    let xref = pdf.xref();
    let root = xref.get::<Dict<'_>>(xref.root_id());
    let pages = root.and_then(|root| root.get::<Dict<'_>>("Pages"));
    let count = pages.and_then(|pages| pages.get::<i32>("Count")).unwrap_or(0);
    usize::try_from(count).unwrap_or(0).min(pdf.len())
}

/// The file with a catalogue at its end that names no pages, and a table of objects that is not there: the parser looks
/// through all objects then, and takes each one that has the content of a page.
fn without_list(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.extend(OBJECT_END);
    let catalogue = format!("{UNUSED} 0 obj\n<</Type/Catalog/Pages {UNUSED} 0 R>>\nendobj\n");
    bytes.extend(catalogue.into_bytes());
    bytes.extend(format!("trailer\n<</Root {UNUSED} 0 R>>\nstartxref\n0\n%%EOF\n").into_bytes());
    bytes
}
