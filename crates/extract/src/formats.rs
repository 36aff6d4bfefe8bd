//! The readers of formats that are more than text, by the name that sniffing gave them.

use model::Failure;

use crate::budget::Budget;
use crate::format::Format;
use crate::reading::Reading;
use crate::{docx, epub, mail, odf, outlook, pdf, pptx, rtf, xlsx};

/// Reads a document of such a format, or as much of it as there is time for where its reader can stop; nothing when the format is text, which is decoded first.
pub fn read(format: Format, bytes: &[u8], budget: &Budget) -> Option<Result<Reading, Failure>> {
    Some(match format {
        Format::Docx => docx::read(bytes),
        Format::Pptx => pptx::read(bytes),
        Format::Xlsx => xlsx::read(bytes),
        Format::OpenDocument => odf::read(bytes),
        Format::Epub => epub::read(bytes, budget),
        Format::Mail => mail::read(bytes, budget),
        Format::OutlookMail => outlook::read(bytes, budget),
        Format::Rtf => rtf::read(bytes),
        Format::Pdf => pdf::read(bytes, budget),
        _ => return None,
    })
}
