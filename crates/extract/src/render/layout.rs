//! How blocks look as text, whatever their runs of text look like.

use model::{Block, Span};

/// How runs of text look in the places where they stand.
pub struct Style {
    /// A heading.
    pub line: fn(&[Span]) -> String,
    /// A paragraph.
    pub paragraph: fn(&[Span]) -> String,
    /// A cell of a table, which has one line.
    pub cell: fn(&[Span]) -> String,
}

/// Writes a block in a style; nothing when it says nothing.
pub fn write(block: &Block, style: &Style) -> String {
    let mut writer = Writer { style, text: String::new(), prefix: String::new() };
    if writer.block(block) { writer.text } else { String::new() }
}

/// Writes blocks with a blank line between any two.
pub fn write_all(blocks: &[Block], style: &Style) -> String {
    let mut writer = Writer { style, text: String::new(), prefix: String::new() };
    writer.blocks(blocks, 2);
    writer.text
}

/// Writes a tree line by line from its start to its end, so that text deep inside is written once, not once a level.
struct Writer<'a> {
    style: &'a Style,
    text: String,
    /// What each line of the open quotes and items begins with.
    prefix: String,
}

impl Writer<'_> {
    /// Writes a block behind whatever its line begins with; false when it says nothing.
    fn block(&mut self, block: &Block) -> bool {
        match block {
            Block::Heading { level, spans } => self.put(&heading(*level, &(self.style.line)(spans))),
            Block::Paragraph { spans } => self.put(&(self.style.paragraph)(spans)),
            Block::Code { language, text } => self.put(&fenced(language.as_deref().unwrap_or_default(), text)),
            Block::Quote { blocks } => self.inside("> ", "> ", blocks, 2),
            Block::Table { header, rows } => self.put(&table(header, rows, self.style)),
            Block::List { start, items } => self.list(*start, items),
        }
    }

    /// Blocks that say nothing leave no gap. The others end so many lines before the next one begins.
    fn blocks(&mut self, blocks: &[Block], line_ends: usize) -> bool {
        let mut says = false;
        for block in blocks {
            let before = self.text.len();
            self.end_lines(if says { line_ends } else { 0 });
            if self.block(block) {
                says = true;
            } else {
                self.text.truncate(before);
            }
        }
        says
    }

    /// The first line of an item after its marker, the others under its text: two spaces for bullets, three for `1. `.
    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>]) -> bool {
        let mut says = false;
        for (blocks, number) in items.iter().zip(start.unwrap_or_default()..) {
            let marker = if start.is_some() { format!("{number}. ") } else { "- ".to_owned() };
            let before = self.text.len();
            self.end_lines(usize::from(says));
            if self.inside(&marker, &" ".repeat(marker.len()), blocks, 1) {
                says = true;
            } else {
                self.text.truncate(before);
            }
        }
        says
    }

    /// Writes blocks of which the first line begins with a marker, and the others with a prefix.
    fn inside(&mut self, marker: &str, prefix: &str, blocks: &[Block], line_ends: usize) -> bool {
        let outer = self.prefix.len();
        self.text.push_str(marker);
        self.prefix.push_str(prefix);
        let says = self.blocks(blocks, line_ends);
        self.prefix.truncate(outer);
        says
    }

    fn put(&mut self, text: &str) -> bool {
        if self.prefix.is_empty() {
            self.text.push_str(text);
        } else {
            for (at, line) in text.lines().enumerate() {
                if at > 0 {
                    self.end_line(line.is_empty());
                }
                self.text.push_str(line);
            }
        }
        !text.trim().is_empty()
    }

    fn end_lines(&mut self, count: usize) {
        for at in (0..count).rev() {
            self.end_line(at > 0);
        }
    }

    /// Begins the next line; a blank one has no white space at its end.
    fn end_line(&mut self, is_blank: bool) {
        self.text.push('\n');
        self.text.push_str(if is_blank { self.prefix.trim_end() } else { &self.prefix });
    }
}

/// A heading that is only a picture says nothing in plain text.
fn heading(level: u8, text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!("{} {text}", "#".repeat(usize::from(level))) }
}

/// The fence is longer than any run of backticks in the code.
fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    format!("{fence}{language}\n{text}\n{fence}")
}

pub fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|c| c != wanted).map(str::len).max().unwrap_or(0)
}

/// Short rows are filled up for the eye; a table made of so many cells nobody looks at, and blank ones would be most of it.
const MAX_FILLED: usize = 100_000;

fn table(header: &[Vec<Span>], rows: &[Vec<Vec<Span>>], style: &Style) -> String {
    let columns = rows.iter().map(Vec::len).chain([header.len()]).max().unwrap_or(0);
    let is_filled = columns.saturating_mul(rows.len()) <= MAX_FILLED;
    let row = |cells: &[Vec<Span>], columns: usize| {
        let texts = (0..columns)
            .map(|column| cells.get(column).map(|cell| (style.cell)(cell).replace('|', "\\|")).unwrap_or_default());
        format!("| {} |", texts.collect::<Vec<_>>().join(" | "))
    };
    let mut lines = Vec::with_capacity(rows.len() + 2);
    if !header.is_empty() {
        lines.push(row(header, columns));
        lines.push(format!("|{}", " --- |".repeat(columns)));
    }
    lines.extend(rows.iter().map(|cells| row(cells, if is_filled { columns } else { cells.len() })));
    lines.join("\n")
}
