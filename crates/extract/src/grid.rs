//! Builds tables whose cells span: a spanned cell is repeated wherever it reaches.

use model::{Block, Span};

use crate::line::HARD_BREAK;
use crate::render;
use crate::room::Room;

/// Documents ask for more than any reader wants.
const MAX_SPAN: usize = 50;
const MAX_COLUMNS: usize = 200;

/// The cells of all tables of a document together, repeated ones counted; a hostile table would otherwise square itself.
const MAX_CELLS: usize = 1_000_000;

/// A cell as it was read.
#[derive(Debug, Default)]
pub struct Cell {
    /// What it holds.
    pub blocks: Vec<Block>,
    /// How many columns it covers; 0 counts as 1.
    pub wide: usize,
    /// How far it reaches down.
    pub reach: Reach,
}

/// How far a cell reaches down.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It is a cell of its own, this many rows high; 0 counts as 1.
    Rows(usize),
    /// It goes on with the cell above.
    Above,
    /// It is a cell of its own, one row high.
    #[default]
    Row,
}

/// A table that is being read.
#[derive(Debug, Default)]
pub struct Grid {
    rows: Vec<Vec<Cell>>,
    header_rows: usize,
}

impl Grid {
    /// Adds a row; header rows count only at the top.
    pub fn row(&mut self, cells: Vec<Cell>, is_header: bool) {
        if cells.is_empty() {
            return;
        }
        if is_header && self.header_rows == self.rows.len() {
            self.header_rows += 1;
        }
        self.rows.push(cells);
    }

    /// The first row, which is still to come, is the header.
    pub fn first_is_header(&mut self) {
        self.header_rows = 1;
    }

    /// The table, its spanned cells repeated as long as there is room; the blocks themselves when it has but one column,
    /// because then it only draws a frame.
    pub fn finish(self, room: &Room) -> Vec<Block> {
        if self.rows.iter().all(|row| row.len() < 2) {
            return self.rows.into_iter().flatten().flat_map(|cell| cell.blocks).collect();
        }
        let has_header = self.header_rows > 0;
        let mut lines = lines(self.rows, room);
        let header = if has_header && !lines.is_empty() { lines.remove(0) } else { Vec::new() };
        vec![Block::Table { header, rows: lines }]
    }
}

fn lines(rows: Vec<Vec<Cell>>, room: &Room) -> Vec<Vec<Vec<Span>>> {
    let mut lines: Vec<Vec<Vec<Span>>> = Vec::new();
    // For each column, the cell that still reaches down, and how many rows further.
    let mut reaching: Vec<(Vec<Span>, usize)> = Vec::new();
    let mut count = 0;
    for row in rows {
        let mut line = Vec::new();
        for cell in row {
            carry(&mut line, &mut reaching, room);
            let spans = match cell.reach {
                Reach::Above => {
                    let above = lines.last().and_then(|above| above.get(line.len()));
                    above.filter(|spans| room.take_cell(spans)).cloned().unwrap_or_default()
                }
                Reach::Row | Reach::Rows(_) => flat(&cell.blocks),
            };
            let down = if let Reach::Rows(high) = cell.reach { high.clamp(1, MAX_SPAN) - 1 } else { 0 };
            let before = line.len();
            for _ in 0..cell.wide.clamp(1, MAX_SPAN).min(MAX_COLUMNS.saturating_sub(before)) {
                if line.len() > before && !room.take_cell(&spans) {
                    break;
                }
                if reaching.len() <= line.len() {
                    reaching.resize_with(line.len() + 1, Default::default);
                }
                reaching[line.len()] =
                    if down > 0 && room.take_cell(&spans) { (spans.clone(), down) } else { Default::default() };
                line.push(spans.clone());
            }
        }
        carry(&mut line, &mut reaching, room);
        count += line.len();
        lines.push(line);
        if count > MAX_CELLS {
            break;
        }
    }
    lines
}

/// Takes over the cells from above that reach into this row, starting at the row's next column.
fn carry(line: &mut Vec<Vec<Span>>, reaching: &mut [(Vec<Span>, usize)], room: &Room) {
    while let Some((spans, left)) = reaching.get_mut(line.len()).filter(|(_, left)| *left > 0) {
        *left = if room.take_cell(spans) { *left - 1 } else { 0 };
        line.push(if *left > 0 { spans.clone() } else { std::mem::take(spans) });
    }
}

/// Blocks as one run of text, for a cell.
pub fn flat(blocks: &[Block]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for block in blocks {
        if let Some(last) = spans.last_mut() {
            last.text.push(HARD_BREAK);
        }
        match block {
            Block::Heading { spans: inner, .. } | Block::Paragraph { spans: inner } => {
                spans.extend(inner.iter().cloned());
            }
            other => {
                let text = render::paragraphs(std::slice::from_ref(other)).join("\n");
                spans.push(Span::plain(text.replace('\n', &HARD_BREAK.to_string())));
            }
        }
    }
    spans
}
