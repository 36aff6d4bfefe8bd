//! The lines of a page in reading order.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_font::kurbo::Affine;
use hayro_syntax::page::Page as Source;

use super::columns;
use super::direction::Direction;
use super::fonts::Fonts;
use super::glyphs::Drawn;
use super::interpreter::Interpreter;
use super::layers::Layers;
use super::line::{self, Line, Segment};
use super::links::Links;
use super::order;
use super::steps::Steps;

/// A page. Lengths are in points; on a page that is read from right to left, they count from the right.
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
    pub pictures: usize,
    /// Whether its last letters are left out.
    pub is_full: bool,
    /// Whether it draws more than the document may, or the time for it was over.
    pub is_cut: bool,
    /// Whether what draws it made a parser panic; its letters up to there count.
    pub is_broken: bool,
}

/// What the pages of a document share.
pub struct Shared<'a, 'b> {
    pub fonts: Fonts<'a>,
    pub layers: Layers,
    /// Where links lead.
    pub addresses: Vec<String>,
    pub steps: Steps<'b>,
}

/// Reads a page.
pub fn read<'a>(source: &Source<'a>, shared: &mut Shared<'a, '_>) -> (Page, Counts) {
    let (width, height) = source.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let transform = Affine::new(source.initial_transform(true).as_coeffs());
    let mut drawn = Drawn::over(Links::of(source, transform, &mut shared.addresses));
    let Shared { fonts, layers, steps, .. } = shared;
    let draw = || Interpreter::new(fonts, layers, steps, &mut drawn).page(source, transform);
    let is_broken = catch_unwind(AssertUnwindSafe(draw)).is_err();
    drawn.end_passages(0);
    let is_cut = shared.steps.are_over();
    let letters = drawn.letters.len();
    let Drawn { unknown, pictures, is_full, .. } = drawn;
    let counts = Counts { letters, unknown, pictures, is_full, is_cut, is_broken };
    // Level text first, then what is turned, each on a page that is turned back.
    drawn.letters.sort_by_key(|letter| letter.angle);
    let mut parts = Vec::new();
    for letters in drawn.letters.chunk_by_mut(|a, b| a.angle == b.angle) {
        order::arrange(letters);
        let is_level = letters.first().is_some_and(|letter| letter.angle == 0);
        let mut segments = line::segments(letters);
        // What only begins on the page runs off it by mistake; what begins outside was hidden there.
        segments.retain(|it| !is_level || (it.x > -it.size && it.x < width && it.y > 0.0 && it.y < height + it.size));
        let direction = Direction::of(segments.iter().flat_map(Segment::signs));
        if direction == Direction::RightToLeft {
            segments.iter_mut().for_each(Segment::mirror);
        }
        let found = columns::parts(segments).into_iter().map(|part| line::lines(part, direction));
        parts.extend(found.filter(|lines| !lines.is_empty()));
    }
    (Page { width, height, parts }, counts)
}
