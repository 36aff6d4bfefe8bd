//! Decides which format the bytes are in: the header proposes, binary signatures overrule it.

use model::{Failure, FailureCode};
use url::Url;

use crate::hint::Hint;

/// A format that has a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// HTML or XHTML.
    Html,
    /// `CommonMark` with tables and front matter.
    Markdown,
    /// Text without markup.
    Plain,
}

impl Format {
    /// The media type under which the format is reported.
    pub fn mime_type(self) -> &'static str {
        match self {
            Self::Html => "text/html",
            Self::Markdown => "text/markdown",
            Self::Plain => "text/plain",
        }
    }
}

/// Leading bytes that no text starts with, and what they are.
const SIGNATURES: [(&[u8], &str); 21] = [
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\0\0\x01\0", "image/vnd.microsoft.icon"),
    (b"{\\rtf", "application/rtf"),
];

/// How far into the bytes the format shows itself.
const WINDOW: usize = 1_024;

/// The format of the bytes, or what they are instead.
pub fn sniff(bytes: &[u8], hint: &Hint) -> Result<Format, Failure> {
    if let Some(found) = signature(bytes) {
        return Err(unsupported(found));
    }
    if !is_wide(bytes, hint) && is_binary(&bytes[..bytes.len().min(WINDOW)]) {
        return Err(unsupported("application/octet-stream"));
    }
    match hint.media_type().as_str() {
        "text/html" | "application/xhtml+xml" => Ok(Format::Html),
        "text/markdown" | "text/x-markdown" => Ok(Format::Markdown),
        "" | "text/plain" | "application/octet-stream" | "binary/octet-stream" | "unknown/unknown" => {
            Ok(guess(bytes, hint))
        }
        "application/xml" | "text/xml" if looks_like_html(bytes) => Ok(Format::Html),
        other => Err(unsupported(other)),
    }
}

fn unsupported(found: &str) -> Failure {
    let shown: String = found.chars().take(200).collect();
    let text =
        format!("{shown}; Gleaner reads HTML, Markdown and plain text, and this version does not read other formats");
    Failure::new(FailureCode::UnsupportedType, text)
}

fn signature(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, name)) = SIGNATURES.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(name);
    }
    match (bytes.get(..4)?, bytes.get(4..12)?) {
        (b"RIFF", [_, _, _, _, b'W', b'E', b'B', b'P']) => Some("image/webp"),
        (b"RIFF", _) => Some("audio/x-riff"),
        (_, [b'f', b't', b'y', b'p', ..]) => Some("video/mp4"),
        _ => None,
    }
}

/// UTF-16 and UTF-32 text is full of NUL bytes; it says so in its first bytes or in the header.
fn is_wide(bytes: &[u8], hint: &Hint) -> bool {
    let declared =
        hint.charset().and_then(|charset| charset.get(..6)).is_some_and(|start| start.eq_ignore_ascii_case("utf-16"));
    declared || bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.starts_with(b"\0\0\xfe\xff")
}

/// The WHATWG's binary bytes: controls that no text holds. One or two strays in a page are forgiven.
fn is_binary(window: &[u8]) -> bool {
    let controls = window.iter().filter(|byte| matches!(byte, 0x00..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)).count();
    controls * 50 > window.len()
}

fn guess(bytes: &[u8], hint: &Hint) -> Format {
    if hint.media_type() != "text/plain" && looks_like_html(bytes) {
        return Format::Html;
    }
    match hint.url().as_ref().and_then(extension).as_deref() {
        Some("md" | "markdown" | "mdx" | "mdown") => Format::Markdown,
        Some("html" | "htm" | "xhtml") if looks_like_html(bytes) => Format::Html,
        _ => Format::Plain,
    }
}

fn extension(url: &Url) -> Option<String> {
    let name = url.path_segments()?.next_back()?;
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

fn looks_like_html(bytes: &[u8]) -> bool {
    const OPENINGS: [&str; 12] = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<title",
        "<meta",
        "<script",
        "<div",
        "<article",
        "<main",
        "<h1",
        "<p>",
    ];
    // NULs are skipped so that the test also reads UTF-16.
    let window: Vec<u8> = bytes.iter().take(WINDOW).copied().filter(|byte| *byte != 0).collect();
    let window = String::from_utf8_lossy(&window).to_ascii_lowercase();
    let mut start = window.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{fffd}'));
    while let Some(rest) = start.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        start = rest.1.trim_start();
    }
    while let Some(rest) = start.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")) {
        start = rest.1.trim_start();
    }
    OPENINGS.iter().any(|opening| start.starts_with(opening))
}

#[cfg(test)]
mod tests;
