//! The tables of a document: rows, cells, spans.

use model::Block;

use crate::grid::{Cell, Grid, Reach};
use crate::room::Room;
use crate::xml::Element;

/// A table that is being read.
#[derive(Default)]
struct Table {
    grid: Grid,
    row: Vec<Cell>,
    cell: Cell,
    is_header: bool,
    is_deleted: bool,
    /// Whether the first row, which is still to come, looks different from the others.
    has_first_row: bool,
}

/// The open tables, from the outside in.
#[derive(Default)]
pub struct Tables {
    open: Vec<Table>,
}

impl Tables {
    /// How many are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// A table begins.
    pub fn begin(&mut self) {
        self.open.push(Table::default());
    }

    /// Takes in what an element inside of a table says of it.
    pub fn property(&mut self, name: &str, element: &Element) {
        let Some(table) = self.open.last_mut() else { return };
        match name {
            "tr" => (table.is_header, table.is_deleted) = (false, false),
            "tc" => table.cell = Cell::default(),
            "tblHeader" => table.is_header = element.is_on(),
            "tblLook" => table.has_first_row = element.attribute("firstRow").is_some_and(|value| value == "1"),
            "gridSpan" => {
                table.cell.wide = element.attribute("val").and_then(|wide| wide.parse().ok()).unwrap_or(1);
            }
            "vMerge" if element.attribute("val").is_none_or(|value| value != "restart") => {
                table.cell.reach = Reach::Above;
            }
            _ => {}
        }
    }

    /// The row was deleted by a tracked change.
    pub fn delete_row(&mut self) {
        if let Some(table) = self.open.last_mut() {
            table.is_deleted = true;
        }
    }

    /// A cell ends.
    pub fn end_cell(&mut self, blocks: Vec<Block>) {
        if let Some(table) = self.open.last_mut() {
            table.row.push(Cell { blocks, ..std::mem::take(&mut table.cell) });
        }
    }

    /// A row ends.
    pub fn end_row(&mut self) {
        let Some(table) = self.open.last_mut() else { return };
        let row = std::mem::take(&mut table.row);
        if table.is_deleted {
            return;
        }
        let is_filled = !row.is_empty() && row.iter().all(|cell| !cell.blocks.is_empty());
        // Hardly any writer marks header rows; the look of a first row is the better sign.
        let is_first = std::mem::take(&mut table.has_first_row) && is_filled;
        table.grid.row(row, table.is_header || is_first);
    }

    /// The innermost table ends.
    pub fn end(&mut self, room: &Room) -> Vec<Block> {
        self.open.pop().map(|table| table.grid.finish(room)).unwrap_or_default()
    }
}
