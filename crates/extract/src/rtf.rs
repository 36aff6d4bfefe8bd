//! Reads RTF: paragraphs, headings, lists, tables, links; whatever its code page.

mod page;
mod reader;
mod token;

use model::{Failure, FailureCode};

use self::reader::Reader;
use crate::reading::Reading;

/// Reads a document.
pub fn read(bytes: &[u8]) -> Result<Reading, Failure> {
    let mut reader = Reader::default();
    for token in token::tokens(bytes) {
        reader.token(token);
    }
    let is_cut = reader.is_open();
    let (title, blocks) = reader.finish();
    if blocks.is_empty() && is_cut {
        let text = "the document is cut off before its text; upload the file again";
        return Err(Failure::new(FailureCode::ParseFailed, text));
    }
    let warning = is_cut.then(|| "the document is cut off; what comes before is here".to_owned());
    Ok(Reading { title, blocks, warnings: warning.into_iter().collect(), ..Reading::default() })
}

#[cfg(test)]
mod tests;
