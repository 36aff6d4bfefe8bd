//! The headers of a message or a part: folded lines, parameters, words in other alphabets.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::codec;

/// Messages have tens of headers.
const MAX_HEADERS: usize = 2_000;

/// Encoded words are short by their rules; some writers do not know that.
const LONGEST_WORD: usize = 2_000;

/// The headers, names in lower case.
#[derive(Debug, Default)]
pub struct Headers {
    lines: Vec<(String, String)>,
}

/// The headers and what follows them.
pub fn split(bytes: &[u8]) -> (Headers, &[u8]) {
    let mut headers = Headers::default();
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        let text = UTF_8.decode_without_bom_handling_and_without_replacement(line);
        let text = text.unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(line).0);
        let has_room = headers.lines.len() < MAX_HEADERS;
        match (headers.lines.last_mut(), text.starts_with([' ', '\t']), text.split_once(':')) {
            (Some((_, value)), true, _) => {
                value.push(' ');
                value.push_str(text.trim());
            }
            (_, false, Some((name, value))) if has_room => {
                headers.lines.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
            _ => {}
        }
    }
    (headers, &bytes[at..])
}

impl Headers {
    fn raw(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of a header, its encoded words decoded.
    pub fn text(&self, name: &str) -> Option<String> {
        self.raw(name).map(words)
    }

    /// The media type in lower case; empty, when none is named.
    pub fn media_type(&self) -> String {
        let value = self.raw("Content-Type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// How the part is packed.
    pub fn encoding(&self) -> String {
        self.raw("Content-Transfer-Encoding").unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Whether the part is meant to be saved and not to be shown.
    pub fn is_attachment(&self) -> bool {
        let value = self.raw("Content-Disposition").unwrap_or_default();
        value.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("attachment"))
    }

    /// The name under which the part would be saved.
    pub fn file_name(&self) -> Option<String> {
        let name = self.parameter("Content-Disposition", "filename").or_else(|| self.parameter("Content-Type", "name"));
        name.map(|name| words(&name)).filter(|name| !name.trim().is_empty())
    }

    /// A parameter of a header.
    pub fn parameter(&self, header: &str, name: &str) -> Option<String> {
        let value = self.raw(header)?;
        let mut rest = value.split_once(';')?.1;
        loop {
            let (key, after) = rest.split_once('=')?;
            let (found, next) = parameter_value(after.trim_start());
            let key = key.trim_matches(|sign: char| sign.is_whitespace() || sign == ';');
            if key.eq_ignore_ascii_case(name) {
                return Some(found);
            }
            // `filename*=UTF-8''name` carries its alphabet with it.
            if key.strip_suffix('*').is_some_and(|key| key.eq_ignore_ascii_case(name)) {
                let mut parts = found.splitn(3, '\'');
                let (label, text) = (parts.next()?.to_owned(), parts.nth(1)?.replace('%', "="));
                return Some(decode(&label, &codec::quoted_printable(text.as_bytes(), false)));
            }
            rest = next;
        }
    }
}

/// A value, in quotes or not, and what follows it.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(inner) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut signs = inner.char_indices();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return (value, &inner[at + 1..]),
            '\\' => value.extend(signs.next().map(|(_, sign)| sign)),
            sign => value.push(sign),
        }
    }
    (value, "")
}

fn decode(label: &str, bytes: &[u8]) -> String {
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Decodes words such as `=?utf-8?B?w7w=?=`; the space between two of them is none.
fn words(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    let mut was_word = false;
    while let Some(at) = rest.find("=?") {
        let before = &rest[..at];
        let Some((word, after)) = word(&rest[at + 2..]) else {
            decoded.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            was_word = false;
            continue;
        };
        if !(was_word && before.trim().is_empty()) {
            decoded.push_str(before);
        }
        decoded.push_str(&word);
        rest = after;
        was_word = true;
    }
    decoded.push_str(rest);
    decoded
}

/// The word behind its `=?`, and what follows it.
fn word(text: &str) -> Option<(String, &str)> {
    let start = &text[..text.floor_char_boundary(LONGEST_WORD)];
    let (label, inner) = start.split_once('?')?;
    let (kind, inner) = inner.split_once('?')?;
    let (content, _) = inner.split_once("?=")?;
    let rest = &text[label.len() + kind.len() + content.len() + 4..];
    let bytes = match kind {
        "B" | "b" => codec::base64(content.as_bytes()),
        "Q" | "q" => codec::quoted_printable(content.as_bytes(), true),
        _ => return None,
    };
    let label = label.split('*').next().unwrap_or_default();
    Some((decode(label, &bytes), rest))
}
