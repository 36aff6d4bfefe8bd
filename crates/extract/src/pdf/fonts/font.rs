//! One font: the meanings and steps of its codes.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use hayro_font::kurbo::Vec2;
use hayro_font::{FontGlyph, GlyphId};
use hayro_syntax::object::Dict;

use super::collections::Collection;
use super::names::Names;
use super::sfnt;
use super::signs::{is_private, is_rubbish, tex, text};
use crate::pdf::face::Face;

/// More codes of a font are worked out each time.
const MAX_KNOWN: usize = 70_000;

/// A letter of a font.
#[derive(Debug, Clone)]
pub struct Glyph {
    /// What it stands for, if the file tells.
    pub text: Option<Rc<str>>,
    /// How far it steps, in thousandths of the font's size.
    pub advance: Vec2,
}

/// A font.
pub struct Font<'a> {
    inner: hayro_font::Font<'a>,
    face: Face,
    /// Whether it stands in for a font that is missing: only then it is not known which encoding texts have.
    is_stand_in: bool,
    collection: Option<Collection>,
    dict: Dict<'a>,
    known: RefCell<HashMap<u32, Glyph>>,
    /// Worked out only for fonts that do not say what their letters mean.
    names: OnceCell<Names>,
    letters: OnceCell<HashMap<u32, char>>,
}

impl<'a> Font<'a> {
    /// A font with this look, whose dictionary is `dict`.
    pub fn new(inner: hayro_font::Font<'a>, face: Face, dict: Dict<'a>, collection: Option<Collection>) -> Self {
        let (known, names, letters) = (RefCell::default(), OnceCell::new(), OnceCell::new());
        Self { inner, face, is_stand_in: false, collection, dict, known, names, letters }
    }

    /// A font that stands in for one that is missing.
    pub fn stand_in(inner: hayro_font::Font<'a>) -> Self {
        Self { is_stand_in: true, ..Self::new(inner, Face::default(), Dict::default(), None) }
    }

    /// How its letters look.
    pub fn face(&self) -> Face {
        self.face
    }

    /// Whether it is written from the top down.
    pub fn is_vertical(&self) -> bool {
        !self.inner.is_horizontal()
    }

    /// Whether a text can be in it.
    pub fn can_show(&self, text: &[u8]) -> bool {
        !self.is_stand_in || text.is_ascii()
    }

    /// The next code of a text and how long it is, in bytes.
    pub fn code(&self, text: &[u8], at: usize) -> (u32, usize) {
        let (code, length) = self.inner.read_code(text, at);
        (code, length.max(1))
    }

    /// The letter that a code stands for.
    pub fn glyph(&self, code: u32) -> Glyph {
        if let Some(glyph) = self.known.borrow().get(&code) {
            return glyph.clone();
        }
        let text = self.meaning(code).map(Rc::from);
        let glyph = Glyph { text, advance: self.inner.code_advance(code) };
        let mut known = self.known.borrow_mut();
        if known.len() < MAX_KNOWN {
            known.insert(code, glyph.clone());
        }
        glyph
    }

    /// What a code means: what the file says; where that is nothing or rubbish, what the font's program or the names of
    /// its letters say.
    fn meaning(&self, code: u32) -> Option<String> {
        let id = self.inner.map_code(code);
        let glyph = self.inner.glyph(id, code);
        let said = match &glyph {
            FontGlyph::Outline(outline) => outline.as_unicode(),
            FontGlyph::Type3(drawing) => drawing.as_unicode(),
        };
        let said = said.map(text).filter(|text| !is_rubbish(text));
        if said.as_ref().is_some_and(|text| !is_private(text)) {
            return said;
        }
        let by_program = self.letter(id, &glyph).map(String::from);
        let better = by_program.or_else(|| self.names.get_or_init(|| Names::of(&self.dict)).get(code));
        let better = better.or_else(|| self.collection.as_ref()?.text(code));
        let is_drawn = matches!(glyph, FontGlyph::Type3(_));
        better.or(said).or_else(|| tex(code).filter(|_| is_drawn))
    }

    /// The letter of a glyph by the table of the font's program.
    fn letter(&self, id: GlyphId, glyph: &FontGlyph<'_>) -> Option<char> {
        let FontGlyph::Outline(outline) = glyph else { return None };
        let letters = self.letters.get_or_init(|| {
            let program = outline.font_data().map(|font| font.data);
            program.map(|data| sfnt::letters(data.as_ref().as_ref())).unwrap_or_default()
        });
        letters.get(&id.to_u32()).copied()
    }
}
