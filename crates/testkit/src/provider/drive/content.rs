//! What is in files: downloads with ranges, exports with their limit, and who may have neither.

use bytes::Bytes;

use super::errors::{error, parameter};
use super::item::{Content, Item};
use crate::provider::exchange::{Reply, Request};

/// The vendor's limit on what an export may be long: 10 MB.
const LONGEST_EXPORT: usize = 10 * 1024 * 1024;

/// `GET /drive/v3/files/{id}?alt=media`.
pub(super) fn download(item: &Item, request: &Request) -> Reply {
    let Content::Bytes(bytes) = &item.content else {
        let message = "Only files with binary content can be downloaded. Use Export with Docs Editors files.";
        return parameter(403, "fileNotDownloadable", message, "alt");
    };
    refused(item).unwrap_or_else(|| part(&item.mime, bytes, request.header("range")))
}

/// `GET /drive/v3/files/{id}/export`.
pub(super) fn export(item: &Item, request: &Request) -> Reply {
    let Some(mime) = request.parameter("mimeType") else {
        return parameter(400, "required", "Required parameter: mimeType", "mimeType");
    };
    match exported(item, mime) {
        Ok(bytes) if bytes.len() > LONGEST_EXPORT => {
            error(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
        }
        Ok(bytes) => Reply::new(200, mime, bytes),
        Err(refused) => *refused,
    }
}

/// An address out of `exportLinks`, which knows no limit.
pub(super) fn export_link(item: &Item, request: &Request) -> Reply {
    let mime = request.parameter("mimeType").unwrap_or_default();
    exported(item, mime).map_or_else(|refused| *refused, |bytes| Reply::new(200, mime, bytes))
}

fn exported(item: &Item, mime: &str) -> Result<Bytes, Box<Reply>> {
    let Content::Exports(exports) = &item.content else {
        return Err(Box::new(error(403, "fileNotExportable", "Export only supports Docs Editors files.")));
    };
    if let Some(refused) = refused(item) {
        return Err(Box::new(refused));
    }
    let unsupported = || parameter(400, "badRequest", "The requested conversion is not supported.", "convertTo");
    exports.get(mime).cloned().ok_or_else(|| Box::new(unsupported()))
}

fn refused(item: &Item) -> Option<Reply> {
    if !item.may_be_downloaded {
        return Some(error(403, "cannotDownloadFile", "This file cannot be downloaded by the user."));
    }
    let message = "This file has been identified as malware or spam and cannot be downloaded.";
    item.is_abusive.then(|| error(403, "cannotDownloadAbusiveFile", message))
}

/// The whole, or the one range of bytes that is asked for.
fn part(mime: &str, bytes: &Bytes, range: Option<&str>) -> Reply {
    let total = bytes.len();
    let Some((start, end)) = range.map(|range| span(range, total)) else {
        return Reply::new(200, mime, bytes.clone());
    };
    if start >= end {
        return Reply::empty(416).header("content-range", &format!("bytes */{total}"));
    }
    let reply = Reply::new(206, mime, bytes.slice(start..end));
    reply.header("content-range", &format!("bytes {start}-{}/{total}", end - 1))
}

/// `bytes=2-5`, `bytes=2-` or `bytes=-5` as a half-open span; empty when there is no such part.
fn span(range: &str, total: usize) -> (usize, usize) {
    let parts = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    let Some((first, last)) = parts else { return (0, total) };
    match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) => (first, last.saturating_add(1).min(total)),
        (Ok(first), Err(_)) => (first, total),
        (Err(_), Ok(last)) => (total.saturating_sub(last), total),
        (Err(_), Err(_)) => (0, total),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let cases = [
            (None, 200, "0123456789", ""),
            (Some("bytes=2-4"), 206, "234", "bytes 2-4/10"),
            (Some("bytes=8-"), 206, "89", "bytes 8-9/10"),
            (Some("bytes=-3"), 206, "789", "bytes 7-9/10"),
            (Some("bytes=5-99"), 206, "56789", "bytes 5-9/10"),
            (Some("bytes=10-"), 416, "", "bytes */10"),
        ];
        for (range, status, body, header) in cases {
            let reply = part("text/plain", &Bytes::from("0123456789"), range);
            let given = reply.headers.get("content-range").map_or("", |value| value.to_str().unwrap());
            assert_eq!((reply.status, &reply.body[..], given), (status, body.as_bytes(), header), "{range:?}");
        }
    }
}
