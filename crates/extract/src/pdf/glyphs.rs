//! Collects the letters of a page with their places, as the page's instructions draw them.

use std::collections::HashSet;
use std::panic::resume_unwind;

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{Dict, Name, String as PdfString};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Vec2};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};

use super::direction::{self, Direction};
use super::links::{Links, Target};
use super::strings::{resolved, text_string};

/// More letters than a page that people read; what is beyond is dropped.
const MAX_LETTERS: usize = 200_000;

/// How the letters of a run look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Face {
    pub is_bold: bool,
    pub is_italic: bool,
    /// Whether all letters are equally wide.
    pub is_mono: bool,
    /// The level of the heading that the document marks them as, 1 to 6.
    pub heading: Option<u8>,
    /// Where they lead.
    pub link: Option<Target>,
}

/// A letter on a page. Lengths are in points, from the top left corner; a turned letter counts on a page turned with it.
#[derive(Debug, Clone, Copy)]
pub struct Letter {
    pub sign: char,
    pub x: f64,
    /// Of the line it stands on.
    pub y: f64,
    pub width: f64,
    /// The height of its font.
    pub size: f64,
    pub face: Face,
    /// How far it is turned, in degrees clockwise, 0 to 359.
    pub angle: u16,
}

/// A form that is drawn, which begins with a clip, costs as much as some lines of letters.
const FORM: usize = 200;

/// To set a place and a font takes as long as to draw a letter.
const RUN: usize = 1;

/// What unwinds the interpreter when a page draws more than any reader wants.
pub struct Exhausted;

/// What a page draws.
#[derive(Default)]
pub struct Drawn {
    pub letters: Vec<Letter>,
    /// Letters whose meaning the file does not tell.
    pub unknown: usize,
    /// Whether there are more letters than a page has.
    pub is_full: bool,
    pub images: usize,
    links: Links,
    /// Steps that may still be taken.
    budget: usize,
    /// Where letters stand already: some programs draw them twice to make them bold.
    places: HashSet<(char, i64, i64)>,
    /// The open passages of marked content.
    passages: Vec<Passage>,
}

/// What marked content says of the letters inside of it.
#[derive(Clone)]
enum Passage {
    /// Nothing.
    Plain,
    /// They repeat on every page.
    Furniture,
    /// Together they stand for this text, at the place of those that were drawn so far.
    Meaning(String, Option<Place>),
    /// They are a heading of this level.
    Heading(u8),
}

/// Where a text stands on a line.
#[derive(Debug, Clone, Copy)]
struct Place {
    x: f64,
    end: f64,
    y: f64,
    size: f64,
    angle: u16,
    face: Face,
    /// How far its widest glyph steps: that one stands on the line, and marks may be set off it.
    step: f64,
}

impl Place {
    /// With the next glyph of the same passage, if that stands on the same line.
    fn joined(self, next: Self) -> Option<Self> {
        let is_level = self.angle == next.angle && (next.y - self.y).abs() < 0.5 * self.size.max(next.size);
        is_level.then(|| Self {
            x: self.x.min(next.x),
            end: self.end.max(next.end),
            y: if next.step > self.step { next.y } else { self.y },
            size: self.size.max(next.size),
            step: self.step.max(next.step),
            ..self
        })
    }
}

impl Drawn {
    /// Nothing yet, on a page with these links, which may take so many steps.
    pub fn over(links: Links, budget: usize) -> Self {
        Self { links, budget, ..Self::default() }
    }

    /// The steps that are left.
    pub fn budget(&self) -> usize {
        self.budget
    }

    /// Takes steps. The interpreter has no other way to be stopped than to be unwound; no panic is reported.
    fn spend(&mut self, steps: usize) {
        match self.budget.checked_sub(steps) {
            Some(left) => self.budget = left,
            None => resume_unwind(Box::new(Exhausted)),
        }
    }

    fn letter(&mut self, glyph: &Glyph, transform: Affine, face: Face) {
        let (step, size, angle) = measures(glyph, transform);
        if size < 0.5 {
            return;
        }
        let middle = transform * Point::new(0.0, 300.0);
        let face = Face { link: self.links.at(middle), ..face };
        let at = turned(transform * Point::ZERO, angle);
        let place = Place { x: at.x, end: at.x + step, y: at.y, size, angle, face, step };
        let said = self.passages.iter_mut().rev().find(|passage| matches!(passage, Passage::Meaning(..)));
        if let Some(Passage::Meaning(text, known)) = said {
            let joined = known.map_or(Some(place), |known| known.joined(place));
            match (joined, *known) {
                (Some(joined), _) => *known = Some(joined),
                // The rest of the passage stands on another line: its text is all on the first.
                (None, Some(first)) => {
                    let text = std::mem::take(text);
                    self.write(&text, first);
                }
                (None, None) => {}
            }
            return;
        }
        match meaning(glyph) {
            Some(text) => self.write(&text, place),
            None => self.unknown += 1,
        }
    }

    /// Spreads a text over its place. Marks stand where their letters do.
    fn write(&mut self, text: &str, place: Place) {
        let signs = shown(text);
        let count = signs.iter().filter(|sign| !direction::is_mark(**sign)).count().max(1);
        let width = (place.end - place.x) / f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let Place { mut x, y, size, angle, face, .. } = place;
        for (at, sign) in signs.into_iter().enumerate() {
            if at > 0 && !direction::is_mark(sign) {
                x += width;
            }
            if self.letters.len() >= MAX_LETTERS {
                self.is_full = true;
            } else if self.places.insert((sign, step(x, size), step(y, size))) {
                self.letters.push(Letter { sign, x, y, width, size, face, angle });
            }
        }
    }

    /// What is left when the page ends: programs forget to close their passages.
    pub fn finish(&mut self) {
        while !self.passages.is_empty() {
            self.end_passage();
        }
    }

    fn end_passage(&mut self) {
        if let Some(Passage::Meaning(text, Some(place))) = self.passages.pop() {
            self.write(&text, place);
        }
    }
}

/// The letters of a text as they stand from left to right, forms and ligatures resolved, without the invisible signs that
/// only turn text around.
fn shown(text: &str) -> Vec<char> {
    let mut letters = String::with_capacity(text.len());
    text.chars().filter(|sign| !direction::is_control(*sign)).for_each(|sign| resolved(sign, &mut letters));
    let read: Vec<(char, ())> = letters.chars().map(|sign| (sign, ())).collect();
    if read.len() < 2 || !letters.contains(direction::is_right_to_left) {
        return letters.chars().collect();
    }
    // What shows a text reads it back, and the other way round.
    direction::logical(&read, Direction::RightToLeft).into_iter().map(|(sign, ())| sign).collect()
}

/// The same letter a tenth of its size away is the same letter.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float that is too large becomes the largest integer, and only places are compared"
)]
fn step(length: f64, size: f64) -> i64 {
    (length / (size * 0.1)).round() as i64
}

/// What a glyph stands for. The bitmap fonts of TeX do not say it, and keep to its own order: ASCII, and before it ligatures.
fn meaning(glyph: &Glyph) -> Option<String> {
    match (glyph.as_unicode(), glyph) {
        (Some(BfString::Char(sign)), _) => Some(sign.to_string()),
        (Some(BfString::String(text)), _) => Some(text),
        (None, Glyph::Type3(drawing)) => match drawing.char_code() {
            11 => Some("ff".to_owned()),
            12 => Some("fi".to_owned()),
            13 => Some("fl".to_owned()),
            14 => Some("ffi".to_owned()),
            15 => Some("ffl".to_owned()),
            code => char::from_u32(code).filter(char::is_ascii_graphic).map(String::from),
        },
        (None, Glyph::Outline(_)) => None,
    }
}

/// How far the glyph steps, how high its font is, and how far it is turned, in degrees.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the remainder is between 0 and 360, and what is no number becomes 0"
)]
fn measures(glyph: &Glyph, transform: Affine) -> (f64, f64, u16) {
    let width = match glyph {
        Glyph::Outline(outline) => outline.advance_width(),
        Glyph::Type3(drawing) => drawing.advance_width(),
    };
    let [a, b, c, d, ..] = transform.as_coeffs();
    let (along, up) = (Vec2::new(a, b), Vec2::new(c, d));
    let degrees = along.atan2().to_degrees().rem_euclid(360.0).round() as u16 % 360;
    // Words that are a degree off were meant to be level.
    let angle = if matches!(degrees, 1 | 359) { 0 } else { degrees };
    (f64::from(width.unwrap_or(500.0)) * along.hypot(), 1_000.0 * up.hypot(), angle)
}

/// The point on a page that is turned back.
fn turned(point: Point, angle: u16) -> Point {
    if angle == 0 { point } else { Affine::rotate(-f64::from(angle).to_radians()) * point }
}

/// The level of a heading by the name of its tag, such as `H2`.
fn level(tag: &[u8]) -> Option<u8> {
    match tag {
        b"Title" => Some(1),
        [b'H', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

fn face(glyph: &Glyph) -> Face {
    let Glyph::Outline(outline) = glyph else { return Face::default() };
    let Some(font) = outline.font_data() else { return Face::default() };
    let name = font.postscript_name.unwrap_or_default().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    Face {
        is_bold: font.weight.is_some_and(|weight| weight >= 600) || says(&["bold", "black", "heavy"]),
        is_italic: font.is_italic || says(&["italic", "oblique"]),
        is_mono: font.is_monospace || says(&["mono", "courier", "consol", "typewriter"]),
        ..Face::default()
    }
}

impl Device<'_> for Drawn {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {
        self.spend(1);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.spend(FORM);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        self.spend(RUN + run.glyphs().len());
        if self.passages.iter().any(|passage| matches!(passage, Passage::Furniture)) {
            return;
        }
        let Some(first) = run.glyphs().first() else { return };
        let heading = self.passages.iter().rev().find_map(|passage| match passage {
            Passage::Heading(level) => Some(*level),
            _ => None,
        });
        let face = Face { heading, ..face(first) };
        for glyph in run.glyphs() {
            self.letter(glyph, props.transform * glyph.transform(), face);
        }
    }

    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {
        self.spend(1);
        self.images += 1;
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        self.spend(1);
        let is_repeated = tag == b"Artifact"
            && properties.and_then(|it| it.get::<Name<'_>>("Type")).is_some_and(|kind| kind.as_ref() == b"Pagination");
        let meaning = properties.and_then(|it| it.get::<PdfString<'_>>("ActualText"));
        self.passages.push(match meaning {
            _ if is_repeated => Passage::Furniture,
            Some(text) => Passage::Meaning(text_string(text.as_bytes()), None),
            None => level(tag).map_or(Passage::Plain, Passage::Heading),
        });
    }

    fn end_marked_content(&mut self) {
        self.end_passage();
    }
}
