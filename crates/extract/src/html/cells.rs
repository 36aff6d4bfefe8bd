//! Reads a table into plain rows, and tells tables of data from tables that only lay out the page.

use model::{Block, Span};

use super::admonition;
use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::ornament;
use super::tree::{Id, Tree};
use crate::line::HARD_BREAK;
use crate::room::Room;

/// Attributes ask for more than any reader wants.
const MAX_SPAN: usize = 50;
const MAX_COLUMNS: usize = 200;

/// The rows of a header are few; a table that has more is all header, or none.
const MAX_HEADER: usize = 4;

pub type Cell = Vec<Span>;

/// The table of data, or nothing when the element only lays out other blocks; `flat` reads the text of a cell.
pub fn read(tree: &Tree, table: Id, dropped: &[bool], room: &Room, flat: &dyn Fn(Id) -> Cell) -> Option<Block> {
    let rows = rows(tree, table, dropped);
    if is_layout(tree, table, &rows) {
        return None;
    }
    let count = header_rows(tree, &rows);
    let mut grid = Grid { room, lines: Vec::new(), reaching: Vec::new() };
    for (at, row) in rows.iter().enumerate() {
        let read = |cell: Id| if at >= count && is_header_cell(tree, cell) { strong(flat(cell)) } else { flat(cell) };
        grid.add(tree, row, &read);
    }
    let mut lines = grid.lines;
    let header = if count == 0 { bold_header(&mut lines) } else { merged(lines.drain(..count)) };
    Some(Block::Table { header, rows: lines })
}

/// Whether an element has rows by its role.
pub fn is_table(tree: &Tree, id: Id) -> bool {
    matches!(tree.attribute(id, Attribute::Role), Some("table" | "grid"))
}

struct Row {
    cells: Vec<Id>,
    is_in_head: bool,
}

fn rows(tree: &Tree, table: Id, dropped: &[bool]) -> Vec<Row> {
    let (mut rows, mut foot) = (Vec::new(), Vec::new());
    let row = |tr: Id, is_in_head: bool| {
        let is_shown = |cell: &Id| is_cell(tree, *cell) && !dropped[*cell] && !ornament::is_ornament(tree, *cell);
        Row { cells: tree.children(tr).filter(is_shown).collect(), is_in_head }
    };
    for child in tree.children(table) {
        let inner = || tree.children(child).filter(|inner| is_row(tree, *inner) && !dropped[*inner]);
        match tree.name(child) {
            _ if is_row(tree, child) => rows.push(row(child, false)),
            Name::Thead => rows.extend(inner().map(|inner| row(inner, true))),
            // It is shown last wherever it is written.
            Name::Tfoot => foot.extend(inner().map(|inner| row(inner, false))),
            Name::Text => {}
            _ => rows.extend(inner().map(|inner| row(inner, false))),
        }
    }
    rows.append(&mut foot);
    rows.retain(|row| !row.cells.is_empty());
    rows
}

fn is_row(tree: &Tree, id: Id) -> bool {
    tree.name(id) == Name::Tr || tree.attribute(id, Attribute::Role) == Some("row")
}

fn is_cell(tree: &Tree, id: Id) -> bool {
    matches!(tree.name(id), Name::Td | Name::Th)
        || matches!(tree.attribute(id, Attribute::Role), Some("cell" | "gridcell" | "columnheader" | "rowheader"))
}

fn is_header_cell(tree: &Tree, id: Id) -> bool {
    tree.name(id) == Name::Th
        || (tree.name(id) != Name::Td
            && matches!(tree.attribute(id, Attribute::Role), Some("columnheader" | "rowheader")))
}

/// How many rows at the top are the header.
fn header_rows(tree: &Tree, rows: &[Row]) -> usize {
    let in_head = rows.iter().take_while(|row| row.is_in_head).count();
    if in_head > 0 {
        return if in_head > MAX_HEADER || in_head == rows.len() { 1 } else { in_head };
    }
    // The corner above a column of headings is often an empty cell of data.
    let is_header = |row: &Row| {
        let is_corner =
            |at: usize, cell: Id| at == 0 && element::line(tree, cell).is_some_and(|words| words.is_empty());
        let mut cells = row.cells.iter().enumerate();
        row.cells.len() > 1 && cells.all(|(at, cell)| is_header_cell(tree, *cell) || is_corner(at, *cell))
    };
    usize::from(rows.first().is_some_and(is_header))
}

/// Several rows of a header are one: each column has the words above it, top down.
fn merged(rows: impl Iterator<Item = Vec<Cell>>) -> Vec<Cell> {
    rows.reduce(|mut header, row| {
        header.resize_with(header.len().max(row.len()), Vec::new);
        for (cell, more) in header.iter_mut().zip(row) {
            match cell.last_mut() {
                Some(last) if !more.is_empty() && !cell_ends_with(last, &more) => {
                    last.text.push(HARD_BREAK);
                    cell.extend(more);
                }
                Some(_) => {}
                None => *cell = more,
            }
        }
        header
    })
    .unwrap_or_default()
}

/// Tables that people draw in an editor have a first row in bold where others have header cells.
fn bold_header(lines: &mut Vec<Vec<Cell>>) -> Vec<Cell> {
    let is_bold = |cell: &Cell| !cell.is_empty() && cell.iter().all(|span| span.strong || span.text.trim().is_empty());
    let is_header = |line: &Vec<Cell>| line.len() > 1 && line.iter().all(is_bold);
    let is_alone = lines.len() > 1 && !lines[1..].iter().any(is_header);
    if !is_alone || !is_header(&lines[0]) {
        return Vec::new();
    }
    let header = lines.remove(0).into_iter();
    header.map(|cell| cell.into_iter().map(|span| Span { strong: false, ..span }).collect()).collect()
}

/// A cell that spans the rows of a header is repeated in each.
fn cell_ends_with(last: &Span, more: &[Span]) -> bool {
    more.last().is_some_and(|span| span.text == last.text)
}

fn strong(cell: Cell) -> Cell {
    cell.into_iter().map(|span| Span { strong: span.image.is_none(), ..span }).collect()
}

fn is_layout(tree: &Tree, table: Id, rows: &[Row]) -> bool {
    if matches!(tree.attribute(table, Attribute::Role), Some("presentation" | "none")) {
        return true;
    }
    let is_one_column = rows.iter().all(|row| row.cells.len() < 2);
    let is_icon_and_text = rows.len() == 1 && admonition::is_admonition(tree, tree.parent(table));
    let has_names = rows.first().is_some_and(|row| row.cells.iter().any(|cell| is_header_cell(tree, *cell)));
    let is_block = |id: Id| {
        let name = tree.name(id);
        let is_lines = || name == Name::Pre && !(has_names && is_one_line(tree, id));
        name.heading().is_some() || matches!(name, Name::Table | Name::Blockquote | Name::Form) || is_lines()
    };
    is_one_column || is_icon_and_text || (table + 1..tree.end(table)).any(is_block)
}

/// Code of one line fits into a cell.
fn is_one_line(tree: &Tree, pre: Id) -> bool {
    element::raw_line(tree, pre).is_some_and(|text| !text.trim().contains('\n'))
        && (pre..tree.end(pre)).all(|id| tree.name(id) != Name::Br)
}

/// Rows with every spanned cell repeated where it reaches, as long as there is room.
struct Grid<'a> {
    room: &'a Room,
    lines: Vec<Vec<Cell>>,
    /// For each column, the cell that still reaches down, and how many rows further.
    reaching: Vec<Option<(Cell, usize)>>,
}

impl Grid<'_> {
    fn add(&mut self, tree: &Tree, row: &Row, flat: &dyn Fn(Id) -> Cell) {
        let mut line = Vec::new();
        for cell in row.cells.iter().copied() {
            self.carry(&mut line);
            let spans = flat(cell);
            let (wide, high) = (extent(tree, cell, Attribute::Colspan), extent(tree, cell, Attribute::Rowspan));
            let before = line.len();
            for _ in 0..wide.min(MAX_COLUMNS.saturating_sub(before)) {
                if line.len() > before && !self.room.take_cell(&spans) {
                    break;
                }
                let reaches = high > 1 && self.room.take_cell(&spans);
                self.reach(line.len(), reaches.then(|| (spans.clone(), high - 1)));
                line.push(spans.clone());
            }
        }
        self.carry(&mut line);
        self.lines.push(line);
    }

    /// Takes over the cells from above that reach into this row, starting at the row's next column.
    fn carry(&mut self, line: &mut Vec<Cell>) {
        while let Some(Some((spans, left))) = self.reaching.get_mut(line.len()).map(Option::take) {
            if left > 1 && self.room.take_cell(&spans) {
                self.reaching[line.len()] = Some((spans.clone(), left - 1));
            }
            line.push(spans);
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
