//! Reads RTF: paragraphs, headings, lists, tables, links; whatever its code page.

mod page;
mod reader;
mod token;

use model::{Failure, FailureCode};

use self::reader::Reader;
use crate::reading::Reading;

/// More words of control and runs of text than any document people read; each may end a paragraph or a cell.
const MAX_TOKENS: usize = 1_800_000;

/// Reads a document.
pub fn read(bytes: &[u8]) -> Result<Reading, Failure> {
    let mut reader = Reader::default();
    let mut tokens = token::tokens(bytes);
    for token in tokens.by_ref().take(MAX_TOKENS) {
        reader.token(token);
    }
    let is_long = tokens.next().is_some();
    let is_cut = !is_long && reader.is_open();
    let (title, blocks) = reader.finish();
    if blocks.is_empty() && is_cut {
        let text = "the document is cut off before its text; upload the file again";
        return Err(Failure::new(FailureCode::ParseFailed, text));
    }
    let warnings = [
        is_cut.then_some("the document is cut off; what comes before is here"),
        is_long.then_some("the document is very long; what comes first was read, and the rest is left out"),
    ];
    let warnings = warnings.into_iter().flatten().map(str::to_owned).collect();
    Ok(Reading { title, blocks, warnings, ..Reading::default() })
}

#[cfg(test)]
mod tests;
