//! Turns bytes into text in the WHATWG's order: byte order mark, header, `meta`, then detection.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::hint::Hint;

/// How far into a page its `meta` is looked for.
const META_WINDOW: usize = 1_024;

/// The text, and a warning when some of it was damaged.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text without byte order mark; the bytes themselves where they are UTF-8.
    pub text: Cow<'a, str>,
    /// What was wrong with it.
    pub warning: Option<String>,
}

/// Decodes; `is_html` says whether a `meta` element may name the encoding.
pub fn decode<'a>(bytes: &'a [u8], hint: &Hint, is_html: bool) -> Decoded<'a> {
    if let Some(text) = utf_32(bytes) {
        return Decoded { text: text.into(), warning: None };
    }
    let encoding = Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| hint.charset().and_then(|label| Encoding::for_label(label.as_bytes())))
        .or_else(|| is_html.then(|| meta(bytes)).flatten())
        .unwrap_or_else(|| detect(bytes, hint));
    let (text, declared, is_damaged) = encoding.decode(bytes);
    if !is_damaged {
        return Decoded { text, warning: None };
    }
    // What a page says of itself is sometimes wrong; its bytes know better.
    let (text, found, _) = detect(bytes, hint).decode(bytes);
    let warning = Some(format!("the text is not valid {}; it was read as {}", declared.name(), found.name()));
    Decoded { text, warning }
}

/// UTF-32 has no place in the WHATWG's list, yet some exports use it. Its little-endian mark starts like UTF-16's.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let read: fn([u8; 4]) -> u32 = match bytes.get(..4)? {
        [0xff, 0xfe, 0, 0] => u32::from_le_bytes,
        [0, 0, 0xfe, 0xff] => u32::from_be_bytes,
        _ => return None,
    };
    let units = bytes[4..].chunks(4).map(|unit| unit.try_into().map_or(u32::MAX, read));
    Some(units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// The encoding that `<meta charset>`, `<meta http-equiv>` or an XML declaration names.
fn meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let window = String::from_utf8_lossy(&bytes[..bytes.len().min(META_WINDOW)]).to_ascii_lowercase();
    let xml = window.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map(|(declaration, _)| declaration);
    let declared = xml.and_then(|declaration| value_after(declaration, "encoding"));
    let named = || {
        window
            .split("<meta")
            .skip(1)
            .filter_map(|tag| tag.split('>').next())
            .find_map(|tag| value_after(tag, "charset"))
    };
    let encoding = Encoding::for_label(declared.or_else(named)?.as_bytes())?;
    // A page that could be read up to its `meta` as ASCII is not in UTF-16, whatever it says.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

fn value_after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(name)?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    value.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/')).next()
}

fn detect(bytes: &[u8], hint: &Hint) -> &'static Encoding {
    // The detector says the same of valid UTF-8, but only after it has weighed every other encoding.
    if str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let url = hint.url();
    let tld = url.as_ref().and_then(|url| url.domain()).and_then(|domain| domain.rsplit('.').next());
    // The detector panics on a top-level domain that is not plain lower-case ASCII letters.
    let tld = tld.filter(|tld| tld.bytes().all(|byte| byte.is_ascii_lowercase()));
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(tld.map(str::as_bytes), Utf8Detection::Allow)
}

#[cfg(test)]
mod tests;
