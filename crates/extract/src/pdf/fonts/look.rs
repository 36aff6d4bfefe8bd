//! How the letters of a font look, by its name, its descriptor and its program.

use hayro_font::{FontGlyph, GlyphId};
use hayro_syntax::object::{Array, Dict, Name};

use crate::pdf::face::Face;

/// Flags of a descriptor (ISO 32000-2, table 121).
const FIXED_PITCH: u32 = 1;
const ITALIC: u32 = 1 << 6;
const FORCE_BOLD: u32 = 1 << 18;

/// From this weight on letters are bold.
const BOLD: u32 = 600;

const BOLD_NAMES: [&str; 4] = ["bold", "black", "heavy", "cmbx"];
const ITALIC_NAMES: [&str; 4] = ["italic", "oblique", "cmti", "cmsl"];
const MONO_NAMES: [&str; 5] = ["mono", "courier", "consol", "typewriter", "cmtt"];

/// How they look.
pub fn face(font: &hayro_font::Font<'_>, dict: &Dict<'_>) -> Face {
    let descendant = dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next());
    let descriptor = descendant.as_ref().unwrap_or(dict).get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
    let name = dict.get::<Name<'_>>("BaseFont").map(|name| name.as_str().to_lowercase()).unwrap_or_default();
    // A subset of a font has six letters of its own before its name.
    let name = name.split_once('+').filter(|(mark, _)| mark.len() == 6).map_or(name.as_str(), |(_, name)| name);
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let flags = descriptor.get::<u32>("Flags").unwrap_or(0);
    let program = match font.glyph(GlyphId::NOTDEF, 0) {
        FontGlyph::Outline(outline) => outline.font_data(),
        FontGlyph::Type3(_) => None,
    };
    let weight = program.as_ref().and_then(|program| program.weight).or_else(|| descriptor.get::<u32>("FontWeight"));
    Face {
        is_bold: flags & FORCE_BOLD != 0 || weight.is_some_and(|weight| weight >= BOLD) || says(&BOLD_NAMES),
        is_italic: flags & ITALIC != 0 || program.as_ref().is_some_and(|it| it.is_italic) || says(&ITALIC_NAMES),
        is_mono: flags & FIXED_PITCH != 0 || program.as_ref().is_some_and(|it| it.is_monospace) || says(&MONO_NAMES),
        ..Face::default()
    }
}
