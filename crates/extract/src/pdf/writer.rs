//! Turns lines into blocks: headings, paragraphs, lists, code.

use model::Block;

use super::bookmarks::Bookmarks;
use super::hyphens::Words;
use super::line::{Line, Piece};
use super::marker::{self, Marker};
use super::sizes::Sizes;
use crate::build::{Builder, Container};
use crate::line::Look;

/// Lists nest at most this deep.
const MAX_LISTS: usize = 6;

/// A longer line in bold is no heading, in letters.
const MAX_BOLD_HEADING: usize = 120;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Heading(u8),
    Code,
}

/// Where the lines of a part stand, in points.
#[derive(Clone, Copy, Default)]
pub struct Frame {
    x: f64,
    end: f64,
    /// From one line to the next.
    leading: f64,
}

impl Frame {
    /// Measures a part.
    pub fn of(lines: &[Line]) -> Self {
        let x = lines.iter().map(|line| line.x).fold(f64::INFINITY, f64::min);
        let end = lines.iter().map(|line| line.end).fold(f64::NEG_INFINITY, f64::max);
        let mut steps: Vec<f64> =
            lines.windows(2).map(|pair| pair[1].y - pair[0].y).filter(|step| *step > 0.0).collect();
        steps.sort_by(f64::total_cmp);
        let leading = steps.get(steps.len() / 2).copied().unwrap_or(0.0);
        Self { x, end, leading }
    }
}

/// Writes the blocks of a document.
pub struct Writer<'a> {
    sizes: &'a Sizes,
    words: &'a Words,
    bookmarks: &'a Bookmarks,
    /// Where the links lead.
    addresses: &'a [String],
    builder: Builder,
    /// The lines of the block that is being read, marks of items cut off.
    open: Vec<Line>,
    kind: Kind,
    /// Where the marks of the open lists stand, from the left end of their part, and whether they are numbers; each list
    /// has an open item.
    lists: Vec<(f64, bool)>,
}

impl<'a> Writer<'a> {
    pub fn new(sizes: &'a Sizes, words: &'a Words, bookmarks: &'a Bookmarks, addresses: &'a [String]) -> Self {
        let (builder, open, lists) = Default::default();
        Self { sizes, words, bookmarks, addresses, builder, open, kind: Kind::Text, lists }
    }

    /// All blocks.
    pub fn finish(mut self) -> Vec<Block> {
        self.end_lists();
        self.builder.finish()
    }

    /// Adds a block that was found otherwise.
    pub fn block(&mut self, block: Block) {
        self.end_lists();
        self.builder.block(block);
    }

    /// Adds a run of lines of one part.
    pub fn lines(&mut self, lines: Vec<Line>, frame: Frame) {
        let mut is_first = true;
        for line in lines {
            let text = line.text();
            let is_near = self.open.last().is_some_and(|last| goes_on(last, &line, frame));
            let kind = self.kind_of(&line, &text, is_near);
            let marker = if kind == Kind::Text { marker::find(&text) } else { None };
            match (kind, marker) {
                (Kind::Text, Some(marker)) if self.is_item(marker, &line, frame, is_near) => {
                    self.item(marker, line, frame);
                }
                (Kind::Text, _) => self.text(line, frame, is_near, is_first),
                (kind, _) => {
                    let is_same = self.kind == kind && is_near_enough(self.open.last(), &line, kind);
                    if !is_same || self.open.is_empty() {
                        self.end_lists();
                        self.kind = kind;
                    }
                    self.open.push(line);
                }
            }
            is_first = false;
        }
    }

    fn kind_of(&self, line: &Line, text: &str, is_near: bool) -> Kind {
        if let Some(level) = line.heading() {
            return Kind::Heading(level);
        }
        // A short line of code has too few letters to show that all are equally wide.
        let goes_on =
            self.kind == Kind::Code && line.may_be_mono() && is_near_enough(self.open.last(), line, Kind::Code);
        if goes_on || line.is_all(|face| face.is_mono) {
            return Kind::Code;
        }
        let is_bold = line.is_all(|face| face.is_bold) && line.size > 0.95 * self.sizes.body;
        let stands_alone = !is_near || matches!(self.kind, Kind::Heading(_));
        if let Some(level) = self.bookmarks.level(text).filter(|_| is_bold || stands_alone) {
            return Kind::Heading(level);
        }
        if let Some(level) = self.sizes.heading(line.size, text) {
            return Kind::Heading(level);
        }
        let is_title = text.chars().count() <= MAX_BOLD_HEADING
            && !text.ends_with(['.', ',', ';', ':'])
            && text.chars().any(char::is_alphabetic)
            && line.cells.len() == 1
            && !matches!(marker::find(text), Some(Marker { number: None, .. }));
        if is_bold && stands_alone && is_title { Kind::Heading(self.sizes.bold_heading()) } else { Kind::Text }
    }

    /// A number that begins a line inside of a sentence is no mark.
    fn is_item(&self, marker: Marker, line: &Line, frame: Frame, is_near: bool) -> bool {
        let is_dash = marker.number.is_none();
        let last = self.open.last().filter(|_| is_near && self.kind == Kind::Text);
        last.is_none_or(|last| {
            let is_listed =
                self.lists.last().is_some_and(|(open, _)| (line.x - frame.x - open).abs() < 0.5 * line.size);
            is_listed || last.text().ends_with([':', '.', ';', '!', '?']) || (is_dash && line.x > last.x + 0.5)
        })
    }

    fn item(&mut self, marker: Marker, mut line: Line, frame: Frame) {
        self.flush();
        let (place, step) = (line.x - frame.x, 0.6 * line.size);
        let is_numbered = marker.number.is_some();
        while self.lists.last().is_some_and(|(open, numbered)| {
            let is_other = *numbered != is_numbered || marker.number == Some(1);
            place < open - step || (is_other && place < open + step)
        }) {
            self.lists.pop();
            self.builder.close();
            self.builder.close();
        }
        let is_full = self.lists.len() >= MAX_LISTS;
        match self.lists.last_mut() {
            Some((open, _)) if is_full || place <= *open + step => {
                *open = place;
                self.builder.close();
            }
            _ => {
                self.builder.open(Container::List(marker.number));
                self.lists.push((place, is_numbered));
            }
        }
        self.builder.open(Container::Item);
        cut(&mut line, marker.letters);
        self.kind = Kind::Text;
        self.open.push(line);
    }

    fn text(&mut self, line: Line, frame: Frame, is_near: bool, is_first: bool) {
        if is_near && self.kind == Kind::Text && !self.open.is_empty() {
            self.open.push(line);
            return;
        }
        // A sentence may go on in the next column or on the next page.
        let is_cut = is_first && self.kind == Kind::Text && self.open.last().is_some_and(|last| is_cut(last, &line));
        if is_cut {
            self.open.push(line);
            return;
        }
        let is_in_item = self.lists.last().is_some_and(|(open, _)| line.x - frame.x > open + 0.6 * line.size);
        if is_in_item {
            self.flush();
        } else {
            self.end_lists();
        }
        self.kind = Kind::Text;
        self.open.push(line);
    }

    fn end_lists(&mut self) {
        self.flush();
        for _ in std::mem::take(&mut self.lists) {
            self.builder.close();
            self.builder.close();
        }
    }

    fn flush(&mut self) {
        let lines = std::mem::take(&mut self.open);
        if lines.is_empty() {
            return;
        }
        match std::mem::replace(&mut self.kind, Kind::Text) {
            Kind::Code => self.builder.block(Block::Code { language: None, text: code(&lines) }),
            Kind::Heading(level) => {
                self.builder.open_heading(level);
                self.write(&lines, false);
                self.builder.close_heading();
            }
            Kind::Text => {
                self.write(&lines, true);
                self.builder.end_block();
            }
        }
        self.builder.look = Look::default();
    }

    fn write(&mut self, lines: &[Line], has_looks: bool) {
        for (at, line) in lines.iter().enumerate() {
            let text = line.text();
            let joins = lines.get(at + 1).and_then(|next| self.words.joins(&text, &next.text()));
            let mut pieces: Vec<Piece> = pieces(line);
            if let (Some(keeps), Some(last)) = (joins, pieces.last_mut()) {
                let kept = last.text.trim_end().len()
                    - usize::from(!keeps) * last.text.trim_end().chars().next_back().map_or(0, char::len_utf8);
                last.text.truncate(kept);
            }
            for piece in pieces {
                let is_looked = has_looks && !piece.text.trim().is_empty();
                self.builder.look.strong = is_looked && piece.face.is_bold;
                self.builder.look.emphasis = is_looked && piece.face.is_italic;
                self.builder.look.code = is_looked && piece.face.is_mono;
                let link = piece.face.link.and_then(|link| self.addresses.get(usize::try_from(link).ok()?));
                self.builder.look.link = link.map(|link| link.as_str().into());
                self.builder.text(&piece.text);
            }
            if joins.is_none() && at + 1 < lines.len() {
                self.builder.text("\n");
            }
        }
    }
}

/// The pieces of a line, cells parted by a space.
fn pieces(line: &Line) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, cell) in line.cells.iter().enumerate() {
        if at > 0 {
            pieces.push(Piece {
                text: " ".to_owned(),
                face: cell.pieces.first().map(|piece| piece.face).unwrap_or_default(),
            });
        }
        pieces.extend(cell.pieces.iter().map(|piece| Piece { text: without_leader(&piece.text), face: piece.face }));
    }
    pieces
}

/// Whether dots lead to a page's number, as in a table of contents.
fn has_leader(text: &str) -> bool {
    text.contains("....") || text.contains(". . . .")
}

/// The text with such dots made short.
fn without_leader(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("....").or_else(|| rest.find(". . . .")) {
        short.push_str(rest[..at].trim_end());
        short.push_str(" … ");
        rest = rest[at..].trim_start_matches(['.', ' ']);
    }
    short.push_str(rest);
    short
}

/// Cuts letters off the start of a line.
fn cut(line: &mut Line, letters: usize) {
    let mut left = letters;
    for (at, cell) in line.cells.iter_mut().enumerate() {
        // The space between cells counts as a letter.
        left = left.saturating_sub(usize::from(at > 0));
        for piece in &mut cell.pieces {
            let count = piece.text.chars().count().min(left);
            piece.text = piece.text.chars().skip(count).collect();
            left -= count;
        }
    }
    for cell in &mut line.cells {
        cell.pieces.retain(|piece| !piece.text.is_empty());
    }
    line.cells.retain(|cell| !cell.pieces.is_empty());
    // What follows the mark is where the lines below begin.
    line.x = line.cells.first().map_or(line.x, |cell| cell.x);
}

/// Whether a line belongs to the same paragraph as the one before it.
fn goes_on(last: &Line, line: &Line, frame: Frame) -> bool {
    let step = line.y - last.y;
    let is_same_size = (line.size - last.size).abs() < 0.1 * last.size.max(line.size);
    if !is_same_size || step <= 0.0 {
        return false;
    }
    let most = if frame.leading > 0.0 { frame.leading.min(2.2 * line.size) * 1.25 } else { 1.6 * line.size };
    if step > most.max(1.2 * line.size) {
        return false;
    }
    let before = last.text();
    let is_counted = before.ends_with(|sign: char| sign.is_ascii_digit());
    if has_leader(&before) || (is_counted && has_leader(&line.text())) {
        return false;
    }
    let is_indented = line.x > last.x + 0.8 * line.size && last.x < frame.x + 0.8 * line.size;
    let is_short = last.end < frame.end - 0.25 * (frame.end - frame.x);
    let is_full_stop = before.ends_with(['.', '!', '?', ':', '。', '！', '？']);
    !(is_full_stop && (is_indented || is_short))
}

/// Whether a sentence stops in one part and goes on in the next.
fn is_cut(last: &Line, line: &Line) -> bool {
    let (before, after) = (last.text(), line.text());
    let is_same_size = (line.size - last.size).abs() < 0.1 * last.size;
    is_same_size
        && !before.ends_with(['.', '!', '?', ':', ';', '。'])
        && after.starts_with(|sign: char| sign.is_lowercase())
}

/// Headings go on in the line just below, aligned like the one above; code may hold blank lines.
fn is_near_enough(last: Option<&Line>, line: &Line, kind: Kind) -> bool {
    last.is_some_and(|last| {
        let step = line.y - last.y;
        let middle = |line: &Line| f64::midpoint(line.x, line.end);
        let is_aligned = (line.x - last.x).abs() < line.size || (middle(line) - middle(last)).abs() < line.size;
        match kind {
            Kind::Code => step > 0.0 && step < 3.0 * line.size,
            _ => step > 0.0 && step < 1.45 * line.size && is_aligned && (line.size - last.size).abs() < 0.1 * line.size,
        }
    })
}

/// Lines of code with their indentation, which is counted in letters.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "columns of a page are few"
)]
fn code(lines: &[Line]) -> String {
    let left = lines.iter().map(|line| line.x).fold(f64::INFINITY, f64::min);
    let text = |line: &Line| {
        let first = line.cells.first();
        let letters = first.map_or(1, |cell| cell.text().chars().count()).max(1) as f64;
        let width = first.map_or(1.0, |cell| (cell.end - cell.x) / letters).max(1.0);
        let mut text = String::new();
        for cell in &line.cells {
            let column = ((cell.x - left) / width).round().clamp(0.0, 200.0) as usize;
            let missing = column.saturating_sub(text.chars().count()).max(usize::from(!text.is_empty()));
            text.push_str(&" ".repeat(missing));
            text.push_str(cell.text().trim_end());
        }
        text
    };
    lines.iter().map(text).collect::<Vec<_>>().join("\n")
}
