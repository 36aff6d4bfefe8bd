//! Collects the letters of a page with their places, as the page's instructions draw them.

use std::collections::HashSet;

use hayro_font::kurbo::{Affine, Point, Vec2};
use hayro_syntax::object::{Dict, Name, String as PdfString};

use super::direction::{self, Direction};
use super::face::Face;
use super::fonts::Glyph;
use super::links::Links;
use super::strings::{resolved, text_string};

/// More letters than a page that people read; what is beyond is dropped.
const MAX_LETTERS: usize = 200_000;

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

/// Lengths of fonts are in thousandths of their size.
const UNITS: f64 = 1_000.0;

/// More passages inside of each other say nothing that readers need.
const MAX_PASSAGES: usize = 256;

/// What a page draws.
#[derive(Default)]
pub struct Drawn {
    pub letters: Vec<Letter>,
    /// Letters whose meaning the file does not tell.
    pub unknown: usize,
    /// Whether there are more letters than a page has.
    pub is_full: bool,
    pub pictures: usize,
    links: Links,
    /// Where letters stand already: some programs draw them twice to make them bold.
    places: HashSet<(char, i64, i64)>,
    /// The open passages of marked content.
    passages: Vec<Passage>,
    /// Passages that are open, but too deep to be told apart.
    deeper: usize,
    /// How many of the open passages are not read.
    unread: usize,
}

/// What marked content says of the letters inside of it.
#[derive(Clone)]
enum Passage {
    /// Nothing.
    Plain,
    /// They repeat on every page, or lie on a layer that is off.
    Unread,
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
    /// Nothing yet, on a page with these links.
    pub fn over(links: Links) -> Self {
        Self { links, ..Self::default() }
    }

    /// Takes a letter of a font with this look. The transform leads from thousandths of its size to the page.
    pub fn letter(&mut self, glyph: &Glyph, transform: Affine, is_vertical: bool, face: Face) {
        if self.unread > 0 {
            return;
        }
        let (step, size, angle) = measures(glyph.advance, transform, is_vertical);
        // What is no number is nowhere.
        if !(size >= 0.5 && step.is_finite() && size.is_finite()) {
            return;
        }
        let middle = transform * Point::new(0.0, 300.0);
        let face = Face { link: self.links.at(middle), heading: self.heading(), ..face };
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
        match &glyph.text {
            Some(text) => self.write(text, place),
            None => self.unknown += 1,
        }
    }

    fn heading(&self) -> Option<u8> {
        self.passages.iter().rev().find_map(|passage| match passage {
            Passage::Heading(level) => Some(*level),
            _ => None,
        })
    }

    /// Spreads a text over its place. Marks stand where their letters do.
    fn write(&mut self, text: &str, place: Place) {
        if let [byte] = text.as_bytes() {
            return self.put(char::from(*byte), place.x, place.end - place.x, place);
        }
        let signs = shown(text);
        let count = signs.iter().filter(|sign| !direction::is_mark(**sign)).count().max(1);
        let width = (place.end - place.x) / f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let mut x = place.x;
        for (at, sign) in signs.into_iter().enumerate() {
            if at > 0 && !direction::is_mark(sign) {
                x += width;
            }
            self.put(sign, x, width, place);
        }
    }

    fn put(&mut self, sign: char, x: f64, width: f64, place: Place) {
        let Place { y, size, angle, face, .. } = place;
        if self.letters.len() >= MAX_LETTERS {
            self.is_full = true;
        } else if self.places.insert((sign, step(x, size), step(y, size))) {
            self.letters.push(Letter { sign, x, y, width, size, face, angle });
        }
    }

    /// How many passages are open.
    pub fn depth(&self) -> usize {
        self.passages.len() + self.deeper
    }

    /// Opens a passage of marked content; the result is how many bytes stand for what is in it.
    pub fn begin_passage(&mut self, tag: &[u8], properties: Option<&Dict<'_>>, is_hidden: bool) -> usize {
        if self.passages.len() >= MAX_PASSAGES {
            self.deeper += 1;
            return 0;
        }
        let kind = properties.and_then(|it| it.get::<Name<'_>>("Type"));
        let is_repeated = tag == b"Artifact" && kind.is_some_and(|kind| kind.as_ref() == b"Pagination");
        let meaning = properties.and_then(|it| it.get::<PdfString<'_>>("ActualText"));
        let passage = match meaning {
            _ if is_repeated || is_hidden => Passage::Unread,
            Some(text) => Passage::Meaning(text_string(text.as_bytes()), None),
            None => level(tag).map_or(Passage::Plain, Passage::Heading),
        };
        self.unread += usize::from(matches!(passage, Passage::Unread));
        let length = if let Passage::Meaning(text, _) = &passage { text.len() } else { 0 };
        self.passages.push(passage);
        length
    }

    /// Closes the last passages but so many. Programs forget to close theirs.
    pub fn end_passages(&mut self, depth: usize) {
        while self.depth() > depth {
            if self.deeper > 0 {
                self.deeper -= 1;
                continue;
            }
            match self.passages.pop() {
                Some(Passage::Meaning(text, Some(place))) => self.write(&text, place),
                Some(Passage::Unread) => self.unread -= 1,
                _ => {}
            }
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

/// How far the glyph steps, how high its font is, and how far it is turned, in degrees.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the remainder is between 0 and 360, and what is no number becomes 0"
)]
fn measures(advance: Vec2, transform: Affine, is_vertical: bool) -> (f64, f64, u16) {
    let [a, b, c, d, ..] = transform.as_coeffs();
    let (along, up) = (Vec2::new(a, b), Vec2::new(c, d));
    // Text that runs down is text that is turned.
    let (along, up, step) = if is_vertical { (-up, along, advance.y) } else { (along, up, advance.x) };
    let degrees = along.atan2().to_degrees().rem_euclid(360.0).round() as u16 % 360;
    // Words that are a degree off were meant to be level.
    let angle = if matches!(degrees, 1 | 359) { 0 } else { degrees };
    (step.abs() * along.hypot(), UNITS * up.hypot(), angle)
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
