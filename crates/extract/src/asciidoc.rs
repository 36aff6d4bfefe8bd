//! Reads `AsciiDoc`: headings, lists, code, notes, tables; what a converter would do with macros is left out.

mod inline;

use model::{Block, Span};

use crate::build::{Builder, Container};
use crate::portion;
use crate::reading::Reading;

/// Lists nest at most this deep.
const MAX_LISTS: usize = 6;

/// More than people write, in bytes: marks alone would become blocks that need two hundred times as much memory.
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// Reads a text.
pub fn read(text: &str) -> Reading {
    let (text, warning) = portion::first(text, MAX_TEXT);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader =
        Reader { lines: text.lines().collect(), at: 0, builder: Builder::default(), lists: Vec::new(), language: None };
    while reader.at < reader.lines.len() {
        reader.line();
    }
    reader.end_lists();
    let blocks = reader.builder.finish();
    Reading { blocks, warnings: warning.into_iter().collect(), ..Reading::default() }
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    at: usize,
    builder: Builder,
    /// The marks of the open lists, each with an open item.
    lists: Vec<String>,
    /// The language that the line above a block names.
    language: Option<String>,
}

impl Reader<'_> {
    fn line(&mut self) {
        let line = self.lines[self.at];
        let text = line.trim();
        self.at += 1;
        if text.is_empty() {
            self.builder.end_block();
            let next = self.lines.get(self.at).map_or("", |line| line.trim());
            if !next.is_empty() && item(next).is_none() && !self.lines[self.at].starts_with(' ') {
                self.end_lists();
            }
        } else if let Some(level) = heading(line) {
            self.end_lists();
            self.builder.open_heading(level);
            inline::write(text.trim_start_matches('='), &mut self.builder);
            self.builder.close_heading();
        } else if is_fence(text) {
            self.fence(text);
        } else if text == "|===" {
            self.table();
        } else if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            self.language = language(inner);
        } else if is_markup(text) {
            self.builder.end_block();
        } else if let Some((mark, number, rest)) = item(text) {
            self.item(mark, number, rest);
        } else {
            self.paragraph(text);
        }
    }

    fn paragraph(&mut self, text: &str) {
        const NOTES: [&str; 5] = ["NOTE: ", "TIP: ", "WARNING: ", "IMPORTANT: ", "CAUTION: "];
        if let Some(inner) = NOTES.iter().find_map(|note| text.strip_prefix(note)) {
            self.builder.open(Container::Quote);
            inline::write(inner, &mut self.builder);
            while let Some(line) = self.lines.get(self.at).filter(|line| !line.trim().is_empty()) {
                self.builder.text("\n");
                inline::write(line.trim(), &mut self.builder);
                self.at += 1;
            }
            self.builder.close();
            return;
        }
        if let Some(title) = text.strip_prefix('.').filter(|rest| !rest.starts_with(['.', ' '])) {
            self.builder.end_block();
            self.builder.look.strong = true;
            inline::write(title, &mut self.builder);
            self.builder.look.strong = false;
            self.builder.end_block();
            return;
        }
        let (text, is_forced) = text.strip_suffix(" +").map_or((text, false), |text| (text, true));
        inline::write(text, &mut self.builder);
        if is_forced {
            self.builder.hard_break();
        } else {
            self.builder.text("\n");
        }
    }

    /// A block between two lines of signs: code is kept as it is, other blocks are read on.
    fn fence(&mut self, fence: &str) {
        self.builder.end_block();
        let language = self.language.take();
        if !fence.starts_with(['-', '.', '`', '/', '+']) || fence == "--" {
            return;
        }
        let start = self.at;
        while self.lines.get(self.at).is_some_and(|line| line.trim_end() != fence) {
            self.at += 1;
        }
        let text = self.lines[start..self.at].join("\n");
        self.at += 1;
        if !fence.starts_with('/') {
            self.builder.block(Block::Code { language, text });
        }
    }

    /// Rows are lines or, where a line has one cell, as many lines as the first row has cells.
    fn table(&mut self) {
        let mut cells: Vec<(Vec<Span>, bool)> = Vec::new();
        let mut width = 0;
        while let Some(line) = self.lines.get(self.at).map(|line| line.trim()) {
            self.at += 1;
            if line == "|===" {
                break;
            }
            let parts: Vec<&str> = line.split('|').collect();
            if !line.contains('|') {
                if let Some((last, _)) = cells.last_mut().filter(|_| !line.is_empty()) {
                    last.extend(inline::spans(&format!("\n{line}")));
                }
                continue;
            }
            width = if width == 0 { parts.len() - 1 } else { width };
            cells.extend(parts[1..].iter().enumerate().map(|(at, part)| (inline::spans(part.trim()), at == 0)));
        }
        let mut rows: Vec<Vec<Vec<Span>>> = Vec::new();
        for (cell, _) in cells {
            match rows.last_mut() {
                Some(row) if row.len() < width => row.push(cell),
                _ => rows.push(vec![cell]),
            }
        }
        let header = if rows.len() > 1 && width > 1 { rows.remove(0) } else { Vec::new() };
        self.end_lists();
        self.builder.block(Block::Table { header, rows });
    }

    fn item(&mut self, mark: &str, number: Option<u64>, text: &str) {
        match self.lists.iter().position(|open| open == mark) {
            Some(found) => {
                while self.lists.len() > found + 1 {
                    self.lists.pop();
                    self.builder.close();
                    self.builder.close();
                }
                self.builder.close();
            }
            None if self.lists.len() >= MAX_LISTS => self.builder.close(),
            None => {
                self.builder.open(Container::List(number));
                self.lists.push(mark.to_owned());
            }
        }
        self.builder.open(Container::Item);
        inline::write(text, &mut self.builder);
        self.builder.text("\n");
    }

    fn end_lists(&mut self) {
        for _ in std::mem::take(&mut self.lists) {
            self.builder.close();
            self.builder.close();
        }
    }
}

fn heading(line: &str) -> Option<u8> {
    let signs = line.bytes().take_while(|byte| *byte == b'=').count();
    let is_heading = (1..=6).contains(&signs) && line[signs..].starts_with(' ');
    is_heading.then(|| u8::try_from(signs).unwrap_or(6))
}

/// `----`, `....` and the like; code also stands between backticks, and open blocks between two dashes.
fn is_fence(text: &str) -> bool {
    let mut signs = text.chars();
    let Some(first) = signs.next() else { return false };
    let is_one_sign = signs.all(|sign| sign == first);
    is_one_sign && ((text.len() >= 4 && "-.*_=+/".contains(first)) || text == "--" || (first == '`' && text.len() >= 3))
}

/// Attributes, remarks, anchors, and the sign that joins a block to an item.
fn is_markup(text: &str) -> bool {
    let is_attribute = text.strip_prefix(':').and_then(|rest| rest.split_once(':')).is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'!'))
    });
    let is_macro = ["image::", "include::", "toc::", "ifdef::", "ifndef::", "endif::", "video::", "audio::"];
    is_attribute
        || text.starts_with("//")
        || text == "+"
        || text == "'''"
        || is_macro.iter().any(|name| text.starts_with(name))
}

/// The language of `[source,python]`.
fn language(attributes: &str) -> Option<String> {
    let mut parts = attributes.split(',').map(str::trim);
    let kind = parts.next()?;
    let language = parts.next().filter(|_| kind.starts_with("source") || kind.is_empty())?;
    (!language.is_empty() && !language.contains('=')).then(|| language.to_lowercase())
}

/// The mark, the number and the text of an item.
fn item(text: &str) -> Option<(&str, Option<u64>, &str)> {
    let (mark, rest) = text.split_once(' ')?;
    let repeats = |sign: char| mark.len() <= 5 && mark.chars().all(|other| other == sign);
    let number = mark.strip_suffix('.').filter(|number| number.len() <= 3).and_then(|number| number.parse().ok());
    let first = match (number, mark) {
        (Some(number), _) => Some(number),
        (None, _) if repeats('.') => Some(1),
        (None, "-" | "•") => None,
        (None, _) if repeats('*') => None,
        _ => return None,
    };
    // All numbers are one kind of mark.
    Some((if number.is_some() { "1." } else { mark }, first, rest.trim_start()))
}

#[cfg(test)]
mod tests;
