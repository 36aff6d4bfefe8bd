//! Leading bytes that no text starts with, and what they are.

use model::{Failure, FailureCode};

use crate::archive::Archive;
use crate::format::Format;

/// What the first bytes show.
pub enum Found {
    /// A format with a reader.
    Known(Format),
    /// A format without one, by its media type.
    Other(&'static str),
    /// A file that no reader could open, and why.
    Closed(Failure),
}

const SIGNATURES: [(&[u8], &str); 16] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x7fELF", "application/x-executable"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\0\0\x01\0", "image/vnd.microsoft.icon"),
];

/// Senders put a few bytes before a PDF, and readers forgive it.
const PDF_WINDOW: usize = 1_024;

/// What the bytes are by their signature.
pub fn find(bytes: &[u8]) -> Option<Found> {
    if let Some((_, name)) = SIGNATURES.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(Found::Other(name));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(container(bytes));
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Some(compound(bytes));
    }
    if bytes.starts_with(b"{\\rtf") {
        return Some(Found::Known(Format::Rtf));
    }
    if bytes.starts_with(b"%PDF-") || is_late_pdf(bytes) || is_headless_pdf(bytes) {
        return Some(Found::Known(Format::Pdf));
    }
    match (bytes.get(..4)?, bytes.get(4..12)?) {
        (b"RIFF", [_, _, _, _, b'W', b'E', b'B', b'P']) => Some(Found::Other("image/webp")),
        (b"RIFF", _) => Some(Found::Other("audio/x-riff")),
        (_, [b'f', b't', b'y', b'p', ..]) => Some(Found::Other("video/mp4")),
        _ => None,
    }
}

/// A text about PDF may quote its signature; a file has its version behind it and objects soon after.
fn is_late_pdf(bytes: &[u8]) -> bool {
    let window = &bytes[..bytes.len().min(PDF_WINDOW)];
    let at =
        window.windows(7).position(|part| part.starts_with(b"%PDF-") && part[5].is_ascii_digit() && part[6] == b'.');
    at.is_some_and(|at| {
        bytes[at..bytes.len().min(at + 2 * PDF_WINDOW)]
            .windows(5)
            .any(|part| part == b" obj\n" || part == b" obj\r" || part == b" obj<")
    })
}

/// A PDF whose first bytes are lost, or stand behind more than senders put there, has its end still: where the table of its
/// objects begins, and the mark after it. One whose end is lost, too, begins with an object.
fn is_headless_pdf(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(PDF_WINDOW)..];
    let mut lines = tail.rsplit(|byte| matches!(byte, b'\r' | b'\n')).filter(|line| !line.trim_ascii().is_empty());
    let (last, number, word) = (lines.next(), lines.next(), lines.next());
    let is_number = number.is_some_and(|line| line.trim_ascii().iter().all(u8::is_ascii_digit));
    let is_ended = last.is_some_and(|line| line.trim_ascii() == b"%%EOF") && is_number;
    let has_end = is_ended && word.is_some_and(|line| line.trim_ascii().ends_with(b"startxref"));
    (has_end || begins_with_object(bytes)) && bytes.windows(OBJECT_END.len()).any(|part| part == OBJECT_END)
}

/// The end of an object of a PDF.
const OBJECT_END: &[u8] = b"endobj";

/// Whether the bytes begin as an object of a PDF does: `12 0 obj`.
fn begins_with_object(bytes: &[u8]) -> bool {
    let start = bytes[..bytes.len().min(64)].trim_ascii_start();
    let mut words = start.split(u8::is_ascii_whitespace);
    let mut is_number = || words.next().is_some_and(|word| !word.is_empty() && word.iter().all(u8::is_ascii_digit));
    is_number() && is_number() && words.next().is_some_and(|word| word == b"obj" || word.starts_with(b"obj<"))
}

/// Zip containers show what they are by their parts.
fn container(bytes: &[u8]) -> Found {
    let archive = match Archive::open(bytes) {
        Ok(archive) => archive,
        Err(failure) => return Found::Closed(failure),
    };
    let has_folder = |folder: &str| archive.names().any(|name| name.to_lowercase().starts_with(folder));
    if archive.has("META-INF/container.xml") {
        return Found::Known(Format::Epub);
    }
    if archive.has("content.xml") && archive.has("mimetype") {
        return Found::Known(Format::OpenDocument);
    }
    for (folder, format) in [("word/", Format::Docx), ("ppt/", Format::Pptx), ("xl/", Format::Xlsx)] {
        if has_folder(folder) {
            return if archive.has("xl/workbook.bin") {
                legacy("a binary Excel workbook", "XLSX")
            } else {
                Found::Known(format)
            };
        }
    }
    if archive.has("content.xml") { Found::Known(Format::OpenDocument) } else { Found::Other("application/zip") }
}

/// OLE containers show what they are by the names of their streams.
fn compound(bytes: &[u8]) -> Found {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    if has("EncryptedPackage") {
        let text = "the document is protected with a password; save it without one";
        return Found::Closed(Failure::new(FailureCode::ParseFailed, text));
    }
    if has("__properties_version1.0") {
        return Found::Known(Format::OutlookMail);
    }
    if has("WordDocument") {
        return legacy("a Word document of before 2007", "DOCX");
    }
    if has("Workbook") {
        return legacy("an Excel workbook of before 2007", "XLSX");
    }
    if has("PowerPoint Document") {
        return legacy("a PowerPoint presentation of before 2007", "PPTX");
    }
    Found::Other("application/x-ole-storage")
}

fn legacy(what: &str, mend: &str) -> Found {
    let text = format!("the file is {what}, which Gleaner does not read; save it as {mend}");
    Found::Closed(Failure::new(FailureCode::UnsupportedType, text))
}
