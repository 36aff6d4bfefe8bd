//! Which bytes are taken for what.

use super::*;

fn hint(content_type: &str, url: &str) -> Hint {
    Hint {
        content_type: Some(content_type.to_owned()).filter(|text| !text.is_empty()),
        url: Some(url.to_owned()).filter(|text| !text.is_empty()),
        ..Hint::default()
    }
}

#[test]
fn the_header_proposes_and_the_text_decides_the_rest() {
    let cases: [(&[u8], &str, &str, Format); 12] = [
        (b"<p>x", "text/html; charset=utf-8", "", Format::Html),
        (b"hello", "TEXT/HTML", "", Format::Html),
        (b"<?xml version='1.0'?>\n<!-- x --><html>", "application/xml", "", Format::Html),
        (b"<html>", "application/xhtml+xml", "", Format::Html),
        (b"# x", "text/markdown", "", Format::Markdown),
        (b"# x", "text/plain", "https://example.com/README.md?raw=1", Format::Markdown),
        (b"# x", "", "https://example.com/docs/a.markdown", Format::Markdown),
        (b"  <!DOCTYPE html><p>", "", "", Format::Html),
        (b"<!DOCTYPE html><p>", "text/plain", "https://example.com/a.txt", Format::Plain),
        (b"hello", "", "", Format::Plain),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", "", "", Format::Html),
        (b"", "text/html", "", Format::Html),
    ];
    for (bytes, content_type, url, expected) in cases {
        assert_eq!(sniff(bytes, &hint(content_type, url)), Ok(expected), "{content_type} {url}");
    }
}

#[test]
fn what_is_not_read_is_named() {
    let cases: [(&[u8], &str, &str); 11] = [
        (b"\x89PNG\r\n\x1a\n....", "text/html", "image/png"),
        (b"%PDF-1.7", "text/html", "application/pdf"),
        (b"PK\x03\x04....", "text/plain", "application/zip"),
        (b"GIF89a", "", "image/gif"),
        (b"\xff\xd8\xff\xe0", "text/html", "image/jpeg"),
        (b"\x1f\x8b\x08", "text/html", "application/gzip"),
        (b"\x7fELF\x02", "text/markdown", "application/x-executable"),
        (b"RIFF....WEBPVP8 ", "", "image/webp"),
        (b"a\0b\0c\0d\0", "text/html", "application/octet-stream"),
        (b"{}", "application/json", "application/json"),
        (b"<rss>", "application/xml", "application/xml"),
    ];
    for (bytes, content_type, expected) in cases {
        let failure = sniff(bytes, &hint(content_type, "https://example.com/a.html")).unwrap_err();
        assert_eq!(failure.code, FailureCode::UnsupportedType);
        assert!(failure.text.starts_with(&format!("{expected}; Gleaner reads")), "{}", failure.text);
    }
}
