//! Collects the paragraphs, lists and tables of a document.

use model::{Block, Span};

use crate::build::Builder;
use crate::grid::{Cell, Grid};
use crate::outline::{self, Mark, Point};

/// What is known of the paragraph that is being read.
#[derive(Debug, Clone, Default)]
pub struct Properties {
    /// The level of the heading that it is.
    pub heading: Option<u8>,
    /// Whether it is an item of a list.
    pub is_item: bool,
    /// The level of the item.
    pub level: usize,
    pub is_in_table: bool,
}

/// The blocks so far.
pub struct Page {
    /// Takes the text of the paragraph.
    pub line: Builder,
    /// The mark that stands before an item.
    pub mark: String,
    blocks: Vec<Block>,
    points: Vec<Point>,
    row: Vec<Cell>,
    grid: Option<Grid>,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            line: Builder::flat(),
            mark: String::new(),
            blocks: Vec::new(),
            points: Vec::new(),
            row: Vec::new(),
            grid: None,
        }
    }
}

impl Page {
    /// The paragraph ends.
    pub fn end_paragraph(&mut self, properties: &Properties) {
        let look = self.line.look.clone();
        let spans = self.line.take().finish_flat();
        self.line.look = look;
        let mark = std::mem::take(&mut self.mark);
        if spans.is_empty() {
            return;
        }
        if !properties.is_in_table {
            self.end_table();
        }
        if let Some(level) = properties.heading.filter(|_| !properties.is_in_table) {
            self.end_points();
            let spans: Vec<Span> =
                spans.into_iter().map(|span| Span { strong: false, emphasis: false, ..span }).collect();
            self.blocks.push(Block::Heading { level, spans });
            return;
        }
        let number = mark.trim().trim_matches(['.', ')', '(']).parse().ok();
        let is_item = properties.is_item || !mark.trim().is_empty();
        let mark = if is_item { number.map_or(Mark::Bullet, Mark::Number) } else { Mark::Nothing };
        self.points.push(Point { level: properties.level, mark, spans });
    }

    /// A row begins, and with the first one a table: what came before is no part of its first cell.
    pub fn begin_row(&mut self) {
        if self.grid.is_none() {
            self.end_points();
            self.grid = Some(Grid::default());
        }
    }

    /// The cell ends, and its last paragraph with it.
    pub fn end_cell(&mut self, properties: &Properties) {
        self.begin_row();
        self.end_paragraph(&Properties { is_in_table: true, ..properties.clone() });
        let blocks = outline::blocks(std::mem::take(&mut self.points));
        self.row.push(Cell { blocks, ..Cell::default() });
    }

    /// The row ends.
    pub fn end_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        self.grid.get_or_insert_default().row(row, false);
    }

    /// The first row, which is still to come, or the row so far is the header.
    pub fn mark_header(&mut self) {
        self.grid.get_or_insert_default().first_is_header();
    }

    /// All blocks.
    pub fn finish(mut self) -> Vec<Block> {
        self.end_paragraph(&Properties::default());
        self.end_table();
        self.end_points();
        self.blocks
    }

    fn end_points(&mut self) {
        self.blocks.extend(outline::blocks(std::mem::take(&mut self.points)));
    }

    fn end_table(&mut self) {
        if !self.row.is_empty() {
            self.end_row();
        }
        if let Some(grid) = self.grid.take() {
            self.end_points();
            self.blocks.extend(grid.finish(self.line.room()));
        }
    }
}
