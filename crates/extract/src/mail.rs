//! Reads e-mails as they travel: headers, parts inside parts, the texts decoded.

mod codec;
mod header;

use model::{Failure, FailureCode};

use self::header::Headers;
use crate::budget::Budget;
use crate::charset;
use crate::hint::Hint;
use crate::letter::{Body, Letter, one_line};
use crate::reading::Reading;

/// Parts inside of parts, at most so deep.
const MAX_DEPTH: usize = 20;

/// A message of more parts is read up to here.
const MAX_PARTS: usize = 1_000;

/// A part that waits to be read.
struct Waiting<'a> {
    bytes: &'a [u8],
    depth: usize,
    /// The plain version of the same text.
    plain: Option<String>,
}

/// Reads a message.
pub fn read(bytes: &[u8], budget: &Budget) -> Result<Reading, Failure> {
    let bytes = without_envelope(bytes);
    let (headers, _) = header::split(bytes);
    let mut letter = letter(&headers);
    let mut blocks = Vec::new();
    let mut open = vec![Waiting { bytes, depth: 0, plain: None }];
    let mut count = 0;
    while let Some(part) = open.pop() {
        count += 1;
        if count > MAX_PARTS {
            break;
        }
        let (headers, body) = header::split(part.bytes);
        let kind = headers.media_type();
        match kind.as_str() {
            "application/pkcs7-mime" | "application/x-pkcs7-mime" | "multipart/encrypted" if part.depth == 0 => {
                let text = "the e-mail is encrypted; save it decrypted";
                return Err(Failure::new(FailureCode::ParseFailed, text));
            }
            _ if headers.is_attachment() => letter.attachments.extend(headers.file_name()),
            "multipart/alternative" if part.depth < MAX_DEPTH => {
                open.extend(chosen(parts(body, &headers), part.depth));
            }
            _ if kind.starts_with("multipart/") && part.depth < MAX_DEPTH => {
                let inner = parts(body, &headers).into_iter().rev();
                open.extend(inner.map(|bytes| Waiting { bytes, depth: part.depth + 1, plain: None }));
            }
            "message/rfc822" if part.depth < MAX_DEPTH => {
                blocks.extend(self::letter(&header::split(body).0).head(2));
                open.push(Waiting { bytes: body, depth: part.depth + 1, plain: None });
            }
            "text/html" => {
                blocks.extend(letter.blocks(Body { html: Some(text(&headers, body)), plain: part.plain }, budget));
            }
            "text/plain" | "" => {
                blocks.extend(letter.blocks(Body { html: None, plain: Some(text(&headers, body)) }, budget));
            }
            _ => letter.attachments.extend(headers.file_name()),
        }
    }
    letter.read(blocks)
}

/// A mailbox file puts a line with the envelope before the headers.
fn without_envelope(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.trim_ascii_start();
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
    if bytes.starts_with(b"From ") { &bytes[end..] } else { bytes }
}

fn letter(headers: &Headers) -> Letter {
    let line = |name: &'static str| (name, one_line(&headers.text(name).unwrap_or_default()));
    let subject = one_line(&headers.text("Subject").unwrap_or_default());
    Letter::new(subject, ["From", "To", "Cc", "Date"].map(line).to_vec())
}

/// Of several versions the one with the most markup, and beside it the plain one.
fn chosen(versions: Vec<&[u8]>, depth: usize) -> Option<Waiting<'_>> {
    let mut plain = None;
    let mut best = None;
    for bytes in versions {
        let (headers, body) = header::split(bytes);
        let kind = headers.media_type();
        if kind == "text/plain" || kind.is_empty() {
            plain = Some(text(&headers, body));
            best = best.or(Some(bytes));
        } else if kind == "text/html" || kind.starts_with("multipart/") {
            best = Some(bytes);
        }
    }
    best.map(|bytes| Waiting { bytes, depth: depth + 1, plain })
}

/// The text of a part.
fn text(headers: &Headers, body: &[u8]) -> String {
    let bytes = codec::decoded(body, &headers.encoding());
    let is_html = headers.media_type() == "text/html";
    let hint = Hint { content_type: headers.text("Content-Type"), ..Hint::default() };
    charset::decode(&bytes, &hint, is_html).text.into_owned()
}

/// The parts between the boundaries; all of it, when no boundary is named.
fn parts<'a>(body: &'a [u8], headers: &Headers) -> Vec<&'a [u8]> {
    let Some(boundary) = headers.parameter("Content-Type", "boundary").filter(|boundary| !boundary.is_empty()) else {
        return vec![body];
    };
    let marker = format!("--{boundary}").into_bytes();
    let mut parts = Vec::new();
    let (mut start, mut at) = (None, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let after = line.strip_prefix(marker.as_slice()).map(<[u8]>::trim_ascii_end);
        if let Some(after @ (b"" | b"--")) = after {
            if let Some(start) = start {
                parts.push(&body[start..at]);
            }
            start = (after != b"--").then_some(at + line.len());
        }
        at += line.len();
        if parts.len() > MAX_PARTS {
            break;
        }
    }
    // A message that is cut off has no last boundary.
    parts.extend(start.map(|start| &body[start.min(body.len())..]));
    parts.retain(|part| !part.trim_ascii().is_empty());
    parts
}

#[cfg(test)]
mod tests;
