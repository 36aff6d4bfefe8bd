//! The readers of formats that are more than text, by the name that sniffing gave them.

use model::Failure;

use crate::format::Format;
use crate::hint::Hint;
use crate::reading::Reading;
use crate::{docx, epub, mail, odf, outlook, pdf, pptx, rtf, xlsx};

/// Reads a document of such a format; nothing when the format is text, which is decoded first.
pub fn read(format: Format, bytes: &[u8], _hint: &Hint) -> Option<Result<Reading, Failure>> {
    Some(match format {
        Format::Docx => docx::read(bytes),
        Format::Pptx => pptx::read(bytes),
        Format::Xlsx => xlsx::read(bytes),
        Format::OpenDocument => odf::read(bytes),
        Format::Epub => epub::read(bytes),
        Format::Mail => mail::read(bytes),
        Format::OutlookMail => outlook::read(bytes),
        Format::Rtf => rtf::read(bytes),
        Format::Pdf => pdf::read(bytes),
        _ => return None,
    })
}
