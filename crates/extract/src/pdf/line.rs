//! Lines of text on a page: letters become segments where they stand close, and segments on one height become lines.

use super::direction::{self, Direction};
use super::face::Face;
use super::glyphs::Letter;

/// A gap this wide, in parts of the font's size, parts words: justified lines press their spaces down to a sixth of it,
/// and letters that are set wide apart stay below.
const WORD_GAP: f64 = 0.13;

/// A gap this wide, in parts of the font's size, parts cells and columns.
const CELL_GAP: f64 = 0.75;

/// Text of one look.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub text: String,
    pub face: Face,
}

/// Letters that stand close on one height. Lengths are in points.
#[derive(Debug, Clone)]
pub struct Segment {
    pub pieces: Vec<Piece>,
    /// Its left end.
    pub x: f64,
    /// Its right end.
    pub end: f64,
    /// Of the line that it stands on, from the top.
    pub y: f64,
    /// The height of its font.
    pub size: f64,
    /// Letters that are no white space.
    letters: usize,
    widths: Widths,
}

/// How wide the letters of a segment are. Some fonts do not say that all of their letters are equally wide.
#[derive(Debug, Clone, Copy, Default)]
struct Widths {
    least: f64,
    most: f64,
    has_narrow: bool,
    has_wide: bool,
}

impl Widths {
    fn add(&mut self, letter: &Letter, is_first: bool) {
        self.least = if is_first { letter.width } else { self.least.min(letter.width) };
        self.most = self.most.max(letter.width);
        self.has_narrow |=
            matches!(letter.sign, 'i' | 'l' | 'j' | 't' | 'f' | '.' | ',' | ':' | ';' | '\'' | '|' | '!');
        self.has_wide |= matches!(letter.sign, 'a'..='e' | 'm' | 'n' | 'o' | 'u' | 'w' | 'A'..='H' | 'M' | '0'..='9');
    }

    fn are_equal(self, size: f64) -> bool {
        self.has_narrow && self.has_wide && self.most - self.least < 0.01 * size
    }
}

impl Segment {
    /// Its text, looks left out.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Its signs, in the order of its text.
    pub fn signs(&self) -> impl Iterator<Item = char> {
        self.pieces.iter().flat_map(|piece| piece.text.chars())
    }

    fn is_mono(&self) -> bool {
        self.pieces.iter().all(|piece| piece.face.is_mono)
    }

    fn push(&mut self, letter: &Letter) {
        let gap = letter.x - self.end;
        let ends_in_space = self.pieces.last().is_none_or(|piece| piece.text.ends_with(' '));
        match self.pieces.last_mut() {
            Some(piece) if gap > WORD_GAP * self.size && !ends_in_space => piece.text.push(' '),
            _ => {}
        }
        match self.pieces.last_mut() {
            Some(piece) if piece.face == letter.face => piece.text.push(letter.sign),
            _ => self.pieces.push(Piece { text: letter.sign.to_string(), face: letter.face }),
        }
        self.widths.add(letter, self.letters == 0);
        self.letters += 1;
        self.end = self.end.max(letter.x + letter.width);
        self.size = self.size.max(letter.size);
    }

    /// Turns it over, so that the right end of the page is the left one.
    pub fn mirror(&mut self) {
        (self.x, self.end) = (-self.end, -self.x);
    }

    /// Settles what only shows when all letters are there.
    fn settled(mut self) -> Self {
        if self.letters > 3 && self.widths.are_equal(self.size) {
            self.pieces.iter_mut().for_each(|piece| piece.face.is_mono = true);
        }
        self
    }

    /// Takes in the segment that follows on the same line of a page that is read from this direction. The pieces stay in
    /// the order in which they stand.
    fn join(&mut self, mut next: Segment, page: Direction) {
        let is_apart = next.x - self.end > WORD_GAP * self.size.min(next.size);
        self.letters += next.letters;
        self.widths.least = self.widths.least.min(next.widths.least);
        self.widths.most = self.widths.most.max(next.widths.most);
        self.end = self.end.max(next.end);
        self.size = self.size.max(next.size);
        if page == Direction::RightToLeft {
            std::mem::swap(&mut self.pieces, &mut next.pieces);
        }
        if let Some(last) = self.pieces.last_mut().filter(|last| is_apart && !last.text.ends_with(' ')) {
            last.text.push(' ');
        }
        self.pieces.append(&mut next.pieces);
    }

    /// Puts its text, which is as it stands, into the order in which it is read.
    fn read(&mut self, base: Direction) {
        let pieces = self.pieces.iter();
        let shown: Vec<_> = pieces.flat_map(|piece| piece.text.chars().map(|sign| (sign, piece.face))).collect();
        let mut pieces: Vec<Piece> = Vec::new();
        for (sign, face) in direction::logical(&shown, base) {
            match pieces.last_mut() {
                Some(piece) if piece.face == face => piece.text.push(sign),
                _ => pieces.push(Piece { text: sign.to_string(), face }),
            }
        }
        self.pieces = pieces;
    }
}

/// The segments of letters, in the order in which the page draws them.
pub fn segments(letters: &[Letter]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut open: Option<Segment> = None;
    for letter in letters {
        if letter.sign.is_whitespace() || letter.sign == '\u{a0}' {
            // The next letter's place tells whether the space is one between words or between columns.
            if let Some(segment) = open.as_mut() {
                let is_near = (letter.x - segment.end).abs() < CELL_GAP * segment.size && is_level(segment, letter);
                match segment.pieces.last_mut() {
                    Some(piece) if is_near && !piece.text.ends_with(' ') => piece.text.push(' '),
                    _ => {}
                }
            }
            continue;
        }
        match open.as_mut() {
            Some(segment) if goes_on(segment, letter) => segment.push(letter),
            _ => {
                segments.extend(open.take().map(Segment::settled));
                let Letter { x, y, size, .. } = *letter;
                let mut segment =
                    Segment { pieces: Vec::new(), x, end: x, y, size, letters: 0, widths: Widths::default() };
                segment.push(letter);
                open = Some(segment);
            }
        }
    }
    segments.extend(open.map(Segment::settled));
    segments
}

fn is_level(segment: &Segment, letter: &Letter) -> bool {
    (letter.y - segment.y).abs() < 0.2 * segment.size.max(letter.size)
}

fn goes_on(segment: &Segment, letter: &Letter) -> bool {
    let gap = letter.x - segment.end;
    is_level(segment, letter) && gap > -0.6 * segment.size && gap < CELL_GAP * segment.size.min(letter.size)
}

/// A line of a column.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its parts from left to right, with wide gaps between them.
    pub cells: Vec<Segment>,
    pub x: f64,
    pub end: f64,
    pub y: f64,
    pub size: f64,
}

impl Line {
    /// Its text, cells parted by a space.
    pub fn text(&self) -> String {
        self.cells.iter().map(|cell| cell.text().trim().to_owned()).collect::<Vec<_>>().join(" ")
    }

    /// The level of the heading that the document marks it as.
    pub fn heading(&self) -> Option<u8> {
        let level = self.cells.first()?.pieces.first()?.face.heading;
        level.filter(|_| self.is_all(|face| face.heading.is_some()))
    }

    /// Whether every letter has a look.
    pub fn is_all(&self, has: fn(&Face) -> bool) -> bool {
        let mut pieces = self.cells.iter().flat_map(|cell| &cell.pieces).filter(|piece| !piece.text.trim().is_empty());
        pieces.all(|piece| has(&piece.face))
    }
}

impl Line {
    /// Whether nothing speaks against all letters being equally wide.
    pub fn may_be_mono(&self) -> bool {
        self.cells.iter().all(|cell| cell.widths.most - cell.widths.least < 0.01 * cell.size)
    }
}

/// The lines of segments that stand in one column of a page that is read from this direction, from the top.
pub fn lines(mut segments: Vec<Segment>, page: Direction) -> Vec<Line> {
    let column = Direction::of(segments.iter().flat_map(Segment::signs));
    segments.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let mut rows: Vec<Vec<Segment>> = Vec::new();
    // Height and size of the largest segment of the last row.
    let (mut y, mut size) = (f64::NEG_INFINITY, 0.0);
    for segment in segments {
        let reach = if segment.size < 0.8 * size || size < 0.8 * segment.size { 0.55 } else { 0.3 };
        let is_same = (segment.y - y).abs() < reach * segment.size.max(size);
        match rows.last_mut() {
            Some(row) if is_same => {
                if segment.size > size {
                    (y, size) = (segment.y, segment.size);
                }
                row.push(segment);
            }
            _ => {
                (y, size) = (segment.y, segment.size);
                rows.push(vec![segment]);
            }
        }
    }
    rows.into_iter().filter_map(|row| line(row, page, column)).collect()
}

fn line(mut row: Vec<Segment>, page: Direction, column: Direction) -> Option<Line> {
    let is_right = |segment: &Segment| segment.signs().any(direction::is_right_to_left);
    let has_right = row.iter().any(is_right);
    // Code is written from left to right on any page.
    let is_code = !has_right && row.iter().all(Segment::is_mono);
    let page = match page {
        Direction::RightToLeft if is_code => {
            row.iter_mut().for_each(Segment::mirror);
            Direction::LeftToRight
        }
        page => page,
    };
    row.sort_by(|a, b| a.x.total_cmp(&b.x));
    // A mark may be set in a larger font than what it marks.
    let main = row.iter().max_by(|a, b| a.letters.cmp(&b.letters).then(a.size.total_cmp(&b.size)))?;
    let (y, size) = (main.y, main.size);
    let mut cells: Vec<Segment> = Vec::new();
    for segment in row {
        match cells.last_mut() {
            Some(last) if segment.x - last.end < CELL_GAP * size => last.join(segment, page),
            _ => cells.push(segment),
        }
    }
    if has_right {
        // A line without any other letter is read from the right, whatever is around it.
        let has_left =
            cells.iter().flat_map(Segment::signs).any(|it| it.is_alphabetic() && !direction::is_right_to_left(it));
        let base = if has_left { column } else { Direction::RightToLeft };
        for cell in &mut cells {
            cell.read(base);
        }
    }
    let (x, end) = (cells.first()?.x, cells.iter().map(|cell| cell.end).fold(f64::NEG_INFINITY, f64::max));
    Some(Line { cells, x, end, y, size })
}
