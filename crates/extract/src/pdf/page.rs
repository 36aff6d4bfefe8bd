//! The lines of a page in reading order.

use hayro_interpret::hayro_syntax::page::Page as Source;
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};

use super::columns;
use super::glyphs::{Drawn, Letter};
use super::line::{self, Line};

/// A page. Lengths are in points.
pub struct Page {
    pub width: f64,
    pub height: f64,
    /// Its parts in reading order, each a run of lines in one column.
    pub parts: Vec<Vec<Line>>,
}

impl Page {
    /// All lines.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.parts.iter().flatten()
    }
}

/// What a page draws beside its lines.
#[derive(Default)]
pub struct Counts {
    pub letters: usize,
    pub unknown: usize,
    pub images: usize,
}

/// Reads a page.
pub fn read<'a>(source: &Source<'a>, cache: &InterpreterCache<'a>) -> (Page, Counts) {
    let (width, height) = source.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let transform = Affine::new(source.initial_transform(true).as_coeffs());
    let frame = Rect::new(0.0, 0.0, width, height);
    let mut context = Context::new(transform, frame, cache, source.xref(), InterpreterSettings::default());
    let mut drawn = Drawn::default();
    interpret_page(source, &mut context, &mut drawn);
    let counts = Counts { letters: drawn.letters.len(), unknown: drawn.unknown, images: drawn.images };
    let mut parts = Vec::new();
    for turns in 0..4 {
        let letters: Vec<Letter> = drawn.letters.iter().filter(|letter| letter.turns == turns).copied().collect();
        let mut segments = line::segments(&letters);
        // What only begins on the page runs off it by mistake; what begins outside was hidden there.
        segments.retain(|it| turns != 0 || (it.x > -it.size && it.x < width && it.y > 0.0 && it.y < height + it.size));
        let found = columns::parts(segments).into_iter().map(line::lines);
        parts.extend(found.filter(|lines| !lines.is_empty()));
    }
    (Page { width, height, parts }, counts)
}
