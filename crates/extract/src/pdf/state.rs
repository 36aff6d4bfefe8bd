//! Where and how a page draws its letters at one moment.

use std::rc::Rc;

use hayro_font::kurbo::{Affine, Vec2};

use super::fonts::Font;

/// Lengths of fonts are in thousandths of their size.
const UNITS: f64 = 1_000.0;

/// What an instruction finds set by those before it (ISO 32000-2, 8.4 and 9.3).
#[derive(Clone)]
pub struct State<'a> {
    /// From what the instructions count in to points of the page, from its top left corner.
    pub transform: Affine,
    pub font: Option<Rc<Font<'a>>>,
    pub size: f64,
    /// Added to each step.
    pub letter_space: f64,
    /// Added to the steps of spaces.
    pub word_space: f64,
    /// How wide letters are drawn, 1 as they are.
    pub stretch: f64,
    /// From one line to the next.
    pub leading: f64,
    /// How far above the line letters stand.
    pub rise: f64,
    /// Where the next letter stands.
    text: Affine,
    /// Where the line began.
    line: Affine,
}

impl State<'_> {
    /// At the start of a page.
    pub fn new(transform: Affine) -> Self {
        Self {
            transform,
            font: None,
            size: 1.0,
            letter_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            text: Affine::IDENTITY,
            line: Affine::IDENTITY,
        }
    }

    /// Puts the next line at a place.
    pub fn place(&mut self, line: Affine) {
        self.line = line;
        self.text = line;
    }

    /// Goes on at the start of the line, and so far from it.
    pub fn next_line(&mut self, x: f64, y: f64) {
        self.place(self.line * Affine::translate((x, y)));
    }

    /// From thousandths of the font's size to points of the page.
    pub fn glyph_transform(&self) -> Affine {
        let scale = self.size / UNITS;
        let font = Affine::new([scale * self.stretch, 0.0, 0.0, scale, 0.0, self.rise]);
        self.transform * self.text * font
    }

    /// Moves on over a letter.
    pub fn step(&mut self, advance: Vec2, is_space: bool) {
        let is_vertical = self.is_vertical();
        let space = self.letter_space + if is_space { self.word_space } else { 0.0 };
        let scaled = if is_vertical { advance.y } else { advance.x } / UNITS * self.size + space;
        self.shift(scaled, is_vertical);
    }

    /// Moves back by thousandths of the font's size.
    pub fn adjust(&mut self, amount: f64) {
        self.shift(-amount / UNITS * self.size, self.is_vertical());
    }

    fn is_vertical(&self) -> bool {
        self.font.as_ref().is_some_and(|font| font.is_vertical())
    }

    fn shift(&mut self, length: f64, is_vertical: bool) {
        let shift = if is_vertical { (0.0, length) } else { (length * self.stretch, 0.0) };
        self.text *= Affine::translate(shift);
    }
}
