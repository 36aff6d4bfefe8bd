//! Which bytes are taken for what.

use super::*;
use crate::archive::tests::zip;

fn hint(content_type: &str, url: &str) -> Hint {
    Hint {
        content_type: Some(content_type.to_owned()).filter(|text| !text.is_empty()),
        url: Some(url.to_owned()).filter(|text| !text.is_empty()),
        ..Hint::default()
    }
}

#[test]
fn the_header_proposes_and_the_text_decides_the_rest() {
    let cases: [(&[u8], &str, &str, Format); 32] = [
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
        (b"%PDF-1.7", "text/html", "", Format::Pdf),
        (b"junk\n%PDF-1.4\n1 0 obj\n<<>>", "text/html", "", Format::Pdf),
        (b"A PDF starts with %PDF-1.4, then come the objects.", "", "", Format::Plain),
        (b"4 0 obj\n<</Length 3>>stream\nBT ET\nendstream\nendobj\n", "", "", Format::Pdf),
        (b"<</A 1>>\nendobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n", "text/plain", "", Format::Pdf),
        (b"1 0 object, and no endobj that a number stands before.", "", "", Format::Plain),
        (b"After endobj come startxref\nand %%EOF.", "", "", Format::Plain),
        (b"{\\rtf1 x}", "application/octet-stream", "", Format::Rtf),
        (b"{\"a\": 1}\n", "", "", Format::Json),
        (b"{}", "application/ld+json", "", Format::Json),
        (b"<rss>", "application/xml", "", Format::Xml),
        (b"<?xml version='1.0'?><feed>", "", "", Format::Xml),
        (b"<html>", "application/pdf", "", Format::Html),
        (b"a;b;c\n1;2;3\n4;5;6\n", "", "", Format::Csv),
        (b"a,b\n", "text/plain", "https://example.com/a.csv", Format::Csv),
        (b"From: a\nTo: b\nSubject: c\n\nd", "", "", Format::Mail),
        (b"Note: a\nTo: b\nWarning: c\n\nd", "", "", Format::Plain),
        (b"Title\n=====\n\n.. note:: x\n", "", "", Format::Restructured),
        (b"= Title\n\n== One\n", "", "", Format::AsciiDoc),
        (b"x", "text/plain", "https://example.com/a.adoc", Format::AsciiDoc),
    ];
    for (bytes, content_type, url, expected) in cases {
        assert_eq!(sniff(bytes, &hint(content_type, url)), Ok(expected), "{content_type} {url}");
    }
}

#[test]
fn what_is_not_read_is_named() {
    let cases: [(&[u8], &str, &str); 7] = [
        (b"\x89PNG\r\n\x1a\n....", "text/html", "image/png"),
        (b"GIF89a", "", "image/gif"),
        (b"\xff\xd8\xff\xe0", "text/html", "image/jpeg"),
        (b"\x1f\x8b\x08", "text/html", "application/gzip"),
        (b"\x7fELF\x02", "text/markdown", "application/x-executable"),
        (b"RIFF....WEBPVP8 ", "", "image/webp"),
        (b"a\0b\0c\0d\0", "text/html", "application/octet-stream"),
    ];
    for (bytes, content_type, expected) in cases {
        let failure = sniff(bytes, &hint(content_type, "https://example.com/a.html")).unwrap_err();
        assert_eq!(failure.code, FailureCode::UnsupportedType);
        assert!(failure.text.starts_with(&format!("{expected}; Gleaner reads")), "{}", failure.text);
    }
}

#[test]
fn containers_show_what_they_are_by_their_parts() {
    let cases: [(&str, Format); 5] = [
        ("word/document.xml", Format::Docx),
        ("ppt/presentation.xml", Format::Pptx),
        ("xl/workbook.xml", Format::Xlsx),
        ("META-INF/container.xml", Format::Epub),
        ("content.xml", Format::OpenDocument),
    ];
    for (part, expected) in cases {
        assert_eq!(sniff(&zip(&[("a.txt", b"x"), (part, b"x")]), &hint("text/plain", "")), Ok(expected), "{part}");
    }
    let other = sniff(&zip(&[("a.txt", b"x")]), &hint("", "")).unwrap_err();
    assert!(other.text.starts_with("application/zip; "), "{}", other.text);
}

#[test]
fn closed_and_old_files_name_the_mend() {
    let compound = |stream: &str| {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        sniff(&bytes, &hint("", ""))
    };
    assert_eq!(compound("__properties_version1.0"), Ok(Format::OutlookMail));
    for (stream, mend) in [
        ("EncryptedPackage", "password"),
        ("WordDocument", "DOCX"),
        ("Workbook", "XLSX"),
        ("PowerPoint Document", "PPTX"),
    ] {
        let failure = compound(stream).unwrap_err();
        assert!(failure.text.contains(mend), "{}", failure.text);
    }
    let failure = sniff(b"not found", &hint("application/pdf", "")).unwrap_err();
    assert_eq!(failure.code, FailureCode::ParseFailed);
}
