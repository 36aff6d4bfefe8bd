//! Walks the content of an `OpenDocument`, element by element, without recursion.

use model::{Block, Span};

use super::styles::Styles;
use crate::build::{Builder, Container};
use crate::grid::{Cell, Grid, Reach};
use crate::line::Look;
use crate::package;
use crate::sheet::{MAX_COLUMNS, Rows};
use crate::xml::{Element, Node, Xml};

/// Tables and frames stand inside each other at most this deep.
const MAX_NESTING: usize = 24;

/// A blank row may be repeated a million times; what it says, once.
const MAX_REPEATED: usize = 1_000;

/// A table that is being read, and the text around it that waits.
struct Table {
    outer: Builder,
    outer_looks: Vec<Look>,
    name: Option<String>,
    grid: Grid,
    rows: Rows,
    row: Vec<Cell>,
    repeated_row: usize,
    repeated_cell: usize,
    wide: usize,
    high: usize,
    is_header: bool,
}

struct Walk<'a> {
    styles: &'a Styles,
    builder: Builder,
    looks: Vec<Look>,
    tables: Vec<Table>,
    /// The names of the list styles of the open lists.
    lists: Vec<String>,
    notes: Vec<Vec<Block>>,
    /// The text around a note that waits while the note is read.
    around_note: Option<(Builder, Vec<Look>)>,
    is_workbook: bool,
    is_title: bool,
    skipped: usize,
    warnings: Vec<String>,
}

/// The blocks and what a person should know about them.
pub fn read(content: &str, styles: &Styles) -> (Vec<Block>, Vec<String>) {
    let mut walk = Walk {
        styles,
        builder: Builder::default(),
        looks: Vec::new(),
        tables: Vec::new(),
        lists: Vec::new(),
        notes: Vec::new(),
        around_note: None,
        is_workbook: false,
        is_title: false,
        skipped: 0,
        warnings: Vec::new(),
    };
    for node in Xml::new(content) {
        match node {
            Node::Open(_) if walk.skipped > 0 => walk.skipped += 1,
            Node::Close(_) if walk.skipped > 0 => walk.skipped -= 1,
            Node::Open(element) => walk.open(&element),
            Node::Close(name) => walk.close(&name),
            Node::Text(text) if walk.skipped == 0 => walk.builder.text(&text),
            Node::Text(_) => {}
        }
    }
    while !walk.tables.is_empty() {
        walk.end_table();
    }
    let room = walk.builder.room().clone();
    let mut blocks = walk.builder.finish();
    if !walk.notes.is_empty() {
        blocks.push(Block::List { start: Some(1), items: walk.notes });
    }
    walk.warnings.extend(room.warnings());
    (blocks, walk.warnings)
}

impl Walk<'_> {
    fn open(&mut self, element: &Element) {
        let value = |name: &str| element.attribute(name);
        match element.name().as_str() {
            // Deleted text, remarks, and what stands in headers and footers.
            "tracked-changes" | "annotation" | "automatic-styles" | "font-face-decls" | "scripts" | "forms"
            | "note-citation" | "ruby-text" | "settings" | "sequence-decls" | "table-of-content"
            | "event-listeners" | "named-expressions" | "database-ranges" | "date-time" | "page-number" => {
                self.skipped = 1;
            }
            "spreadsheet" => self.is_workbook = true,
            "h" => {
                self.builder.open_heading(value("outline-level").and_then(|level| level.parse().ok()).unwrap_or(1));
            }
            "p" => self.open_paragraph(&value("style-name").unwrap_or_default()),
            "span" => self.open_span(&value("style-name").unwrap_or_default()),
            "a" => {
                let link = value("href").and_then(|target| package::address(&target));
                self.look(|look| look.link = link);
            }
            "s" => self.builder.text(" "),
            "tab" => self.builder.text("\t"),
            "line-break" => self.builder.hard_break(),
            "list" => {
                let name = value("style-name").or_else(|| self.lists.last().cloned()).unwrap_or_default();
                self.lists.push(name.clone());
                let is_numbered = self.styles.numbered.contains(&(name, self.lists.len()));
                self.builder.open(Container::List(is_numbered.then_some(1)));
            }
            "list-item" | "list-header" => self.builder.open(Container::Item),
            "note-body" if self.around_note.is_none() => {
                self.builder.text(&format!("[{}]", self.notes.len() + 1));
                self.around_note = Some((self.builder.take(), std::mem::take(&mut self.looks)));
            }
            "frame" => self.is_title = value("class").is_some_and(|class| class == "title"),
            "notes" => self.builder.open(Container::Quote),
            _ => self.open_table_part(element),
        }
    }

    fn open_paragraph(&mut self, style: &str) {
        self.builder.end_block();
        let style = self.styles.named(style).to_lowercase();
        if style == "title" {
            self.builder.open_heading(1);
        } else if self.is_title {
            self.builder.open_heading(2);
        }
    }

    fn open_span(&mut self, style: &str) {
        let (bold, italic) = (self.styles.bold.contains(style), self.styles.italic.contains(style));
        self.look(|look| {
            look.strong |= bold;
            look.emphasis |= italic;
        });
    }

    fn look(&mut self, change: impl FnOnce(&mut Look)) {
        self.looks.push(self.builder.look.clone());
        change(&mut self.builder.look);
    }

    fn open_table_part(&mut self, element: &Element) {
        let number = |name: &str| element.attribute(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
        let name = element.name();
        if name == "table" {
            if self.tables.len() >= MAX_NESTING {
                self.skipped = 1;
                return;
            }
            self.tables.push(Table {
                outer: self.builder.take(),
                outer_looks: std::mem::take(&mut self.looks),
                name: element.attribute("name"),
                grid: Grid::default(),
                rows: Rows::default(),
                row: Vec::new(),
                repeated_row: 1,
                repeated_cell: 1,
                wide: 1,
                high: 1,
                is_header: false,
            });
            return;
        }
        let Some(table) = self.tables.last_mut() else { return };
        match name.as_str() {
            "table-header-rows" => table.is_header = true,
            "table-row" => table.repeated_row = number("number-rows-repeated"),
            "table-cell" | "covered-table-cell" => {
                table.repeated_cell = number("number-columns-repeated");
                (table.wide, table.high) = (number("number-columns-spanned"), number("number-rows-spanned"));
                self.builder.take();
                // What a merged cell covers is written down, too.
                if name.starts_with("covered") && !self.is_workbook {
                    self.skipped = 1;
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "h" => self.builder.close_heading(),
            "p" => {
                self.builder.close_heading();
                self.builder.end_block();
            }
            "span" | "a" => self.builder.look = self.looks.pop().unwrap_or_default(),
            "list" => {
                self.lists.pop();
                self.builder.close();
            }
            "list-item" | "list-header" | "notes" => self.builder.close(),
            "frame" => self.is_title = false,
            "note-body" => {
                if let Some((outer, looks)) = self.around_note.take() {
                    let note = std::mem::replace(&mut self.builder, outer);
                    self.looks = looks;
                    self.notes.push(note.finish());
                }
            }
            "table-cell" => self.end_cell(),
            "table-header-rows" => {
                if let Some(table) = self.tables.last_mut() {
                    table.is_header = false;
                }
            }
            "table-row" => self.end_row(),
            "table" => self.end_table(),
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        let blocks = self.builder.take().finish();
        let cell = if table.repeated_cell > 1 { crate::grid::flat(&blocks) } else { Vec::new() };
        // One column too many tells that there were more.
        for _ in 1..table.repeated_cell.min((MAX_COLUMNS + 1).saturating_sub(table.row.len())) {
            if !self.builder.room().take_cell(&cell) {
                break;
            }
            table.row.push(Cell { blocks: blocks.clone(), wide: 1, reach: Reach::Row });
        }
        table.row.push(Cell { blocks, wide: table.wide, reach: Reach::Rows(table.high) });
    }

    fn end_row(&mut self) {
        let is_workbook = self.is_workbook;
        let Some(table) = self.tables.last_mut() else { return };
        let row = std::mem::take(&mut table.row);
        if !is_workbook {
            table.grid.row(row, table.is_header);
            return;
        }
        let texts: Vec<String> = row.iter().map(text).collect();
        let is_blank = texts.iter().all(String::is_empty);
        let times = if is_blank { 1 } else { table.repeated_row.min(MAX_REPEATED) };
        let length = texts.iter().map(|text| size_of::<String>() + text.len()).sum();
        for time in 0..times {
            if time > 0 && !self.builder.room().take(length) {
                break;
            }
            if !table.rows.push(if is_blank { Vec::new() } else { texts.clone() }) {
                break;
            }
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        self.builder = table.outer;
        self.looks = table.outer_looks;
        let blocks = if self.is_workbook {
            let name = table.name.unwrap_or_default();
            let (mut blocks, warnings) = table.rows.finish(&format!("the sheet {name}"));
            self.warnings.extend(warnings);
            if !blocks.is_empty() {
                blocks.insert(0, Block::Heading { level: 2, spans: vec![Span::plain(name)] });
            }
            blocks
        } else {
            table.grid.finish(self.builder.room())
        };
        for block in blocks {
            self.builder.block(block);
        }
    }
}

fn text(cell: &Cell) -> String {
    let spans = crate::grid::flat(&cell.blocks);
    spans.into_iter().map(|span| span.text).collect::<String>().trim().to_owned()
}
