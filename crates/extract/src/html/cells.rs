//! Reads a table into plain rows, and tells tables of data from tables that only lay out the page.

use model::{Block, Span};

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// Attributes ask for more than any reader wants.
const MAX_SPAN: usize = 50;
const MAX_COLUMNS: usize = 200;

pub type Cell = Vec<Span>;

/// The table of data, or nothing when the element only lays out other blocks; `flat` reads the text of a cell.
pub fn read(tree: &Tree, table: Id, dropped: &[bool], flat: &dyn Fn(Id) -> Cell) -> Option<Block> {
    let rows = rows(tree, table, dropped);
    if is_layout(tree, table, &rows) {
        return None;
    }
    let mut grid = Grid::default();
    for row in &rows {
        grid.add(tree, row, flat);
    }
    let mut lines = grid.lines;
    let header = if rows.first().is_some_and(|row| is_header(tree, row)) { lines.remove(0) } else { Vec::new() };
    Some(Block::Table { header, rows: lines })
}

struct Row {
    cells: Vec<Id>,
    is_in_head: bool,
}

fn rows(tree: &Tree, table: Id, dropped: &[bool]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |tr: Id, is_in_head: bool| {
        let is_cell = |cell: &Id| matches!(tree.name(*cell), Name::Td | Name::Th);
        let cells =
            tree.children(tr).filter(|cell| is_cell(cell) && !dropped[*cell] && !element::is_ornament(tree, *cell));
        rows.push(Row { cells: cells.collect(), is_in_head });
    };
    for child in tree.children(table) {
        match tree.name(child) {
            Name::Tr => add(child, false),
            part @ (Name::Thead | Name::Tbody | Name::Tfoot) => {
                let inner = tree.children(child).filter(|row| tree.name(*row) == Name::Tr && !dropped[*row]);
                inner.for_each(|row| add(row, part == Name::Thead));
            }
            _ => {}
        }
    }
    rows.retain(|row| !row.cells.is_empty());
    rows
}

fn is_header(tree: &Tree, row: &Row) -> bool {
    row.is_in_head || (row.cells.len() > 1 && row.cells.iter().all(|cell| tree.name(*cell) == Name::Th))
}

fn is_layout(tree: &Tree, table: Id, rows: &[Row]) -> bool {
    if matches!(tree.attribute(table, Attribute::Role), Some("presentation" | "none")) {
        return true;
    }
    let is_one_column = rows.iter().all(|row| row.cells.len() < 2);
    let is_block = |id: Id| {
        let name = tree.name(id);
        name.heading().is_some() || matches!(name, Name::Table | Name::Pre | Name::Blockquote | Name::Form)
    };
    is_one_column || (table + 1..tree.end(table)).any(is_block)
}

/// Rows with every spanned cell repeated where it reaches.
#[derive(Default)]
struct Grid {
    lines: Vec<Vec<Cell>>,
    /// For each column, the cell that still reaches down, and how many rows further.
    reaching: Vec<Option<(Cell, usize)>>,
}

impl Grid {
    fn add(&mut self, tree: &Tree, row: &Row, flat: &dyn Fn(Id) -> Cell) {
        let mut line = Vec::new();
        for cell in row.cells.iter().copied() {
            self.carry(&mut line);
            let spans = flat(cell);
            let (wide, high) = (extent(tree, cell, Attribute::Colspan), extent(tree, cell, Attribute::Rowspan));
            for _ in 0..wide.min(MAX_COLUMNS.saturating_sub(line.len())) {
                self.reach(line.len(), (high > 1).then(|| (spans.clone(), high - 1)));
                line.push(spans.clone());
            }
        }
        self.carry(&mut line);
        self.lines.push(line);
    }

    /// Takes over the cells from above that reach into this row, starting at the row's next column.
    fn carry(&mut self, line: &mut Vec<Cell>) {
        while let Some(slot @ Some(_)) = self.reaching.get_mut(line.len()) {
            let Some((spans, left)) = slot.take() else { return };
            line.push(spans.clone());
            if left > 1 {
                *slot = Some((spans, left - 1));
            }
        }
    }

    fn reach(&mut self, column: usize, cell: Option<(Cell, usize)>) {
        if self.reaching.len() <= column {
            self.reaching.resize_with(column + 1, || None);
        }
        self.reaching[column] = cell;
    }
}

fn extent(tree: &Tree, cell: Id, attribute: Attribute) -> usize {
    tree.attribute(cell, attribute).and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, MAX_SPAN)
}
