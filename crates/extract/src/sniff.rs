//! Decides which format the bytes are in: binary signatures first, then the header, then what the text looks like.

mod signature;
mod text;

use model::{Failure, FailureCode};
use url::Url;

use self::signature::Found;
use crate::format::Format;
use crate::hint::Hint;

/// The format of the bytes, or what they are instead.
pub fn sniff(bytes: &[u8], hint: &Hint) -> Result<Format, Failure> {
    match signature::find(bytes) {
        Some(Found::Known(format)) => return Ok(format),
        Some(Found::Other(name)) => return Err(unsupported(name)),
        Some(Found::Closed(failure)) => return Err(failure),
        None => {}
    }
    if !is_wide(bytes, hint) && is_binary(&bytes[..bytes.len().min(text::WINDOW)]) {
        return Err(unsupported("application/octet-stream"));
    }
    match hint.media_type().as_str() {
        "text/html" | "application/xhtml+xml" => Ok(Format::Html),
        "text/markdown" | "text/x-markdown" | "text/mdx" => Ok(Format::Markdown),
        "text/x-rst" | "text/prs.fallenstein.rst" => Ok(Format::Restructured),
        "text/asciidoc" | "text/x-asciidoc" => Ok(Format::AsciiDoc),
        "text/csv" | "application/csv" | "text/tab-separated-values" => Ok(Format::Csv),
        "message/rfc822" => Ok(Format::Mail),
        "" | "text/plain" | "application/octet-stream" | "binary/octet-stream" | "unknown/unknown" => {
            Ok(guess(bytes, hint))
        }
        _ if text::looks_like_html(bytes) => Ok(Format::Html),
        other if is_kind(other, "json") => Ok(Format::Json),
        other if is_kind(other, "xml") => Ok(Format::Xml),
        other if is_ours(other) => Err(mislabelled(other)),
        other => Err(unsupported(other)),
    }
}

/// `application/json` and `text/json`, `application/ld+json` and the like.
fn is_kind(media_type: &str, kind: &str) -> bool {
    let subtype = media_type.split_once('/').map(|(_, subtype)| subtype);
    subtype.is_some_and(|subtype| subtype == kind || subtype.rsplit_once('+').is_some_and(|(_, suffix)| suffix == kind))
}

/// Formats whose bytes would have shown themselves.
fn is_ours(media_type: &str) -> bool {
    let office = ["application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."];
    let others =
        ["application/pdf", "application/rtf", "text/rtf", "application/epub+zip", "application/vnd.ms-outlook"];
    others.contains(&media_type) || office.iter().any(|start| media_type.starts_with(start))
}

fn mislabelled(media_type: &str) -> Failure {
    let text = format!("the server calls it {media_type}, but its bytes are something else; upload the file again");
    Failure::new(FailureCode::ParseFailed, text)
}

fn unsupported(found: &str) -> Failure {
    let shown: String = found.chars().take(200).collect();
    let text = format!(
        "{shown}; Gleaner reads HTML, Markdown, text, PDF, DOCX, PPTX, XLSX, CSV, OpenDocument, EPUB, RTF, e-mail, JSON and XML; \
         save it as one of these"
    );
    Failure::new(FailureCode::UnsupportedType, text)
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
    let is_declared_text = hint.media_type() == "text/plain";
    if !is_declared_text && text::looks_like_html(bytes) {
        return Format::Html;
    }
    match hint.url().as_ref().and_then(extension).as_deref() {
        Some("md" | "markdown" | "mdx" | "mdown") => return Format::Markdown,
        Some("html" | "htm" | "xhtml") if text::looks_like_html(bytes) => return Format::Html,
        Some("rst") => return Format::Restructured,
        Some("adoc" | "asciidoc" | "asc") => return Format::AsciiDoc,
        Some("csv" | "tsv") => return Format::Csv,
        Some("json" | "jsonl" | "ndjson") => return Format::Json,
        Some("txt") if is_declared_text => return Format::Plain,
        _ => {}
    }
    let looks: [(Look, Format); 6] = [
        (text::looks_like_mail, Format::Mail),
        (text::looks_like_xml, Format::Xml),
        (text::looks_like_json, Format::Json),
        (text::looks_like_restructured, Format::Restructured),
        (text::looks_like_asciidoc, Format::AsciiDoc),
        (text::looks_like_csv, Format::Csv),
    ];
    looks.into_iter().find(|(is_it, _)| is_it(bytes)).map_or(Format::Plain, |(_, format)| format)
}

/// Whether bytes look like a format.
type Look = fn(&[u8]) -> bool;

fn extension(url: &Url) -> Option<String> {
    let name = url.path_segments()?.next_back()?;
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
