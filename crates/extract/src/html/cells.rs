//! Reads a table into plain rows, and tells tables of data from tables that only lay out the page.

use dom_query::NodeRef;
use model::{Block, Span};

use super::element;

/// Attributes ask for more than any reader wants.
const MAX_SPAN: usize = 50;
const MAX_COLUMNS: usize = 200;

pub type Cell = Vec<Span>;

/// The table of data, or nothing when the element only lays out other blocks; `flat` reads the text of a cell.
pub fn read(table: &NodeRef, flat: &dyn Fn(&NodeRef) -> Cell) -> Option<Block> {
    let rows = rows(table);
    if is_layout(table, &rows) {
        return None;
    }
    let mut grid = Grid::default();
    for row in &rows {
        grid.add(row, flat);
    }
    let mut lines = grid.lines;
    let header = if rows.first().is_some_and(is_header) { lines.remove(0) } else { Vec::new() };
    Some(Block::Table { header, rows: lines })
}

struct Row<'a> {
    cells: Vec<NodeRef<'a>>,
    is_in_head: bool,
}

fn rows<'a>(table: &NodeRef<'a>) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut add = |tr: NodeRef<'a>, is_in_head: bool| {
        let cells = tr.children_it(false).filter(|cell| {
            let name = element::name(cell);
            matches!(name.as_str(), "td" | "th") && !element::is_ornament(cell, &name)
        });
        rows.push(Row { cells: cells.collect(), is_in_head });
    };
    for child in table.children_it(false) {
        match element::name(&child).as_str() {
            "tr" => add(child, false),
            part @ ("thead" | "tbody" | "tfoot") => {
                let is_head = part == "thead";
                child.children_it(false).filter(|row| row.has_name("tr")).for_each(|row| add(row, is_head));
            }
            _ => {}
        }
    }
    rows.retain(|row| !row.cells.is_empty());
    rows
}

fn is_header(row: &Row) -> bool {
    row.is_in_head || (row.cells.len() > 1 && row.cells.iter().all(|cell| cell.has_name("th")))
}

fn is_layout(table: &NodeRef, rows: &[Row]) -> bool {
    if matches!(element::attribute(table, "role").as_deref(), Some("presentation" | "none")) {
        return true;
    }
    let is_one_column = rows.iter().all(|row| row.cells.len() < 2);
    let has_blocks = || {
        table.descendants_it().any(|node| {
            let name = element::name(&node);
            matches!(name.as_str(), "table" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "form")
        })
    };
    is_one_column || has_blocks()
}

/// Rows with every spanned cell repeated where it reaches.
#[derive(Default)]
struct Grid {
    lines: Vec<Vec<Cell>>,
    /// For each column, the cell that still reaches down, and how many rows further.
    reaching: Vec<Option<(Cell, usize)>>,
}

impl Grid {
    fn add(&mut self, row: &Row, flat: &dyn Fn(&NodeRef) -> Cell) {
        let mut line = Vec::new();
        for cell in &row.cells {
            self.carry(&mut line);
            let spans = flat(cell);
            let (wide, high) = (extent(cell, "colspan"), extent(cell, "rowspan"));
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

fn extent(cell: &NodeRef, name: &str) -> usize {
    element::attribute(cell, name).and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, MAX_SPAN)
}
