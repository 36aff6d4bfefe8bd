//! Re-cuts a document into passages that stand alone: heading path first, whole sentences, lists with their lead-in.

use model::{Block, Span};

use crate::{render, sentence, tidy};

/// The most characters a passage holds, unless one sentence alone is longer.
const MAX_PASSAGE: usize = 1_200;

/// A heading path that is longer than this says less by being there.
const MAX_PATH: usize = 200;

/// The passages of a document, in reading order.
pub fn passages(blocks: &[Block], is_english: bool) -> Vec<String> {
    let mut cutter = Cutter { is_english, path: Vec::new(), passage: String::new(), passages: Vec::new() };
    for (at, block) in blocks.iter().enumerate() {
        cutter.block(block, blocks.get(at + 1));
    }
    cutter.end();
    cutter.passages
}

struct Cutter {
    is_english: bool,
    /// The headings above the text, with their levels.
    path: Vec<(u8, String)>,
    /// The passage so far, without its path.
    passage: String,
    passages: Vec<String>,
}

impl Cutter {
    fn block(&mut self, block: &Block, next: Option<&Block>) {
        match block {
            Block::Heading { level, spans } => {
                self.end();
                self.path.retain(|(above, _)| above < level);
                let name = tidy::line(&render::text(spans));
                if !name.is_empty() {
                    self.path.push((*level, name));
                }
            }
            Block::Paragraph { spans } => self.prose(&render::text(spans), next),
            Block::List { .. } => self.pieces(&items(block)),
            Block::Table { header, rows } => {
                self.end();
                self.pieces(&pairs(header, rows));
                self.end();
            }
            Block::Code { text, .. } => self.pieces(&lines(text)),
            Block::Quote { blocks } => {
                for (at, inner) in blocks.iter().enumerate() {
                    self.block(inner, blocks.get(at + 1));
                }
            }
        }
    }

    /// A paragraph that leads into a list starts a new passage when both would not fit into the current one.
    fn prose(&mut self, text: &str, next: Option<&Block>) {
        if let Some(list @ Block::List { .. }) = next {
            let needed: usize =
                text.chars().count() + items(list).iter().map(|item| item.chars().count() + 1).sum::<usize>();
            if !self.has_room(needed) {
                self.end();
            }
        }
        let sentences = sentence::split(text, self.is_english);
        for (at, sentence) in sentences.into_iter().enumerate() {
            self.add(sentence, if at == 0 { "\n" } else { " " });
        }
    }

    fn pieces(&mut self, pieces: &[String]) {
        for piece in pieces {
            self.add(piece, "\n");
        }
    }

    /// Adds what must not be cut; what is too long by itself is cut between its words.
    fn add(&mut self, piece: &str, separator: &str) {
        if !self.has_room(piece.chars().count()) {
            self.end();
        }
        for part in fitting(piece, MAX_PASSAGE.saturating_sub(self.path_text().chars().count())) {
            if !self.has_room(part.chars().count()) {
                self.end();
            }
            if !self.passage.is_empty() {
                self.passage.push_str(separator);
            }
            self.passage.push_str(part);
        }
    }

    fn has_room(&self, characters: usize) -> bool {
        let used = self.passage.chars().count();
        used == 0 || self.path_text().chars().count() + used + 1 + characters <= MAX_PASSAGE
    }

    fn end(&mut self) {
        let passage = std::mem::take(&mut self.passage);
        if !passage.trim().is_empty() {
            self.passages.push(format!("{}{passage}", self.path_text()));
        }
    }

    /// `Billing > Refunds: `; the outermost headings go first when it gets too long.
    fn path_text(&self) -> String {
        let mut names: Vec<&str> = self.path.iter().map(|(_, name)| name.as_str()).collect();
        while names.len() > 1 && names.iter().map(|name| name.chars().count() + 3).sum::<usize>() > MAX_PATH {
            names.remove(0);
        }
        let path: String = names.join(" > ").chars().take(MAX_PATH).collect();
        if path.is_empty() { path } else { format!("{path}: ") }
    }
}

fn items(list: &Block) -> Vec<String> {
    let Block::List { start, items } = list else { return Vec::new() };
    let numbered = items.iter().zip(start.unwrap_or_default()..);
    let single = |(item, number): (&Vec<Block>, u64)| {
        let list = Block::List { start: start.map(|_| number), items: vec![item.clone()] };
        render::paragraphs(&[list]).concat()
    };
    numbered.map(single).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// One line a row: `Plan: Basic; Price: 5`.
fn pairs(header: &[Vec<Span>], rows: &[Vec<Vec<Span>>]) -> Vec<String> {
    let name =
        |column: usize| header.get(column).map(|cell| tidy::line(&render::text(cell))).filter(|name| !name.is_empty());
    let row = |cells: &Vec<Vec<Span>>| {
        let texts =
            cells.iter().map(|cell| tidy::line(&render::text(cell))).enumerate().filter(|(_, text)| !text.is_empty());
        let pairs = texts.map(|(column, text)| name(column).map(|name| format!("{name}: {text}")).unwrap_or(text));
        pairs.collect::<Vec<_>>().join("; ")
    };
    rows.iter().map(row).filter(|row| !row.is_empty()).collect()
}

/// The text in parts of at most `limit` characters, cut between words where there are any.
fn fitting(text: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((cut, _)) = rest.char_indices().nth(limit) {
        let at = rest[..cut].rfind(char::is_whitespace).filter(|at| *at > 0).unwrap_or(cut);
        parts.push(rest[..at].trim_end());
        rest = rest[at..].trim_start();
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests;
