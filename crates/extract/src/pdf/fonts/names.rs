//! What the names of a font's letters say, for fonts whose own map from codes to letters is worth nothing.

use std::sync::Arc;

use hayro_font::{CMapResolverFn, FontCache, FontGlyph, FontResolverFn, GlyphId};
use hayro_syntax::object::{Array, Dict, FromBytes, Name, Object};

use super::signs::{is_private, is_rubbish, text};

/// The letters of codes of one byte.
#[derive(Debug, Default)]
pub struct Names(Vec<Option<String>>);

impl Names {
    /// What the encoding of a font says.
    pub fn of(dict: &Dict<'_>) -> Self {
        Self::read(dict).unwrap_or_default()
    }

    /// The letter of a code.
    pub fn get(&self, code: u32) -> Option<String> {
        self.0.get(usize::try_from(code).ok()?)?.clone()
    }

    /// Makes a font that draws nothing and has the same encoding: what it says of its letters comes from their names.
    fn read(dict: &Dict<'_>) -> Option<Self> {
        let encoding = encoding(dict)?;
        let bytes = format!(
            "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/CharProcs<<>>\
             /FirstChar 0/LastChar 0/Widths[0]/Encoding<</Type/Encoding{encoding}>>>>"
        );
        let named = Dict::from_bytes(bytes.as_bytes())?;
        let (programs, maps): (FontResolverFn, CMapResolverFn) = (Arc::new(|_| None), Arc::new(|_| None));
        let font = FontCache::new().font(&named, &programs, &maps)?;
        let letter = |code: u32| match font.glyph(GlyphId::NOTDEF, code) {
            FontGlyph::Type3(glyph) => glyph.as_unicode().map(text).filter(|it| !is_rubbish(it) && !is_private(it)),
            FontGlyph::Outline(_) => None,
        };
        Some(Self((0..=u32::from(u8::MAX)).map(letter).collect()))
    }
}

/// The encoding of a font with one byte a code, written out.
fn encoding(dict: &Dict<'_>) -> Option<String> {
    if let Some(name) = dict.get::<Name<'_>>("Encoding") {
        return Some(format!("/BaseEncoding/{}", escaped(&name)));
    }
    let encoding = dict.get::<Dict<'_>>("Encoding")?;
    let base = encoding.get::<Name<'_>>("BaseEncoding");
    let mut written = base.map(|name| format!("/BaseEncoding/{}", escaped(&name))).unwrap_or_default();
    let differences = encoding.get::<Array<'_>>("Differences");
    let differences = differences.iter().flat_map(Array::iter::<Object<'_>>).take(MAX_DIFFERENCES);
    let differences: String = differences
        .map(|object| match object {
            Object::Number(number) => format!(" {}", number.as_i64()),
            Object::Name(name) => format!("/{}", escaped(&name)),
            _ => String::new(),
        })
        .collect();
    written.push_str("/Differences[");
    written.push_str(&differences);
    written.push(']');
    Some(written)
}

/// More than there are codes, each with a number before it.
const MAX_DIFFERENCES: usize = 1_024;

/// A name as it is written.
fn escaped(name: &[u8]) -> String {
    let written = name.iter().take(MAX_NAME).map(|byte| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'_' | b'-' => char::from(*byte).to_string(),
        byte => format!("#{byte:02x}"),
    });
    written.collect()
}

/// Longer than any name of a letter, in bytes.
const MAX_NAME: usize = 127;
