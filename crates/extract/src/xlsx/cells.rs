//! The cells of a sheet, row by row.

use super::numbers::{self, Format};
use crate::room::Room;
use crate::sheet::{MAX_COLUMNS, Rows};
use crate::xml::{Element, Node, Xml};

/// More merged ranges than a sheet needs.
const MAX_MERGED: usize = 20_000;

/// A merged range fills at most so many rows and columns.
const MAX_FILL: usize = 50;

/// What a sheet needs of the workbook.
pub struct Known {
    pub strings: Vec<String>,
    pub formats: Vec<Format>,
    pub is_from_1904: bool,
    /// For strings that many cells share, and for values of merged ranges.
    pub room: Room,
}

/// The cell that is being read.
#[derive(Default)]
struct Cell {
    column: usize,
    kind: String,
    style: usize,
    value: String,
}

/// A sheet that is being read.
#[derive(Default)]
struct Sheet {
    rows: Rows,
    /// The number of each kept row in the sheet.
    numbers: Vec<usize>,
    row: Vec<String>,
    number: usize,
    cell: Cell,
    takes_text: bool,
    is_full: bool,
    /// Merged ranges so far.
    merged: usize,
}

/// The rows of a sheet. Of blank rows one is kept.
pub fn read(text: &str, known: &Known) -> Rows {
    let mut sheet = Sheet::default();
    for node in Xml::new(text) {
        match node {
            Node::Open(element) => sheet.open(&element, &known.room),
            Node::Close(name) => sheet.close(&name, known),
            Node::Text(text) if sheet.takes_text => sheet.cell.value.push_str(&text),
            Node::Text(_) => {}
        }
    }
    sheet.rows
}

impl Sheet {
    fn open(&mut self, element: &Element, room: &Room) {
        match element.name().as_str() {
            "row" => {
                let number = element.attribute("r").and_then(|number| number.parse().ok()).unwrap_or(self.number + 1);
                let is_after_gap = number > self.number + 1 && self.number > 0;
                self.number = number;
                if is_after_gap {
                    self.push(Vec::new(), number - 1);
                }
            }
            "c" => {
                let column = element.attribute("r").and_then(|place| place_of(&place)).map(|(column, _)| column);
                self.cell = Cell {
                    column: column.unwrap_or(self.row.len()),
                    kind: element.attribute("t").unwrap_or_default(),
                    style: element.attribute("s").and_then(|style| style.parse().ok()).unwrap_or(0),
                    value: String::new(),
                };
            }
            "v" | "t" => self.takes_text = true,
            "mergeCell" => {
                let range = element.attribute("ref").unwrap_or_default();
                self.merge(&range, room);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, known: &Known) {
        match name {
            "v" | "t" => self.takes_text = false,
            "c" => {
                let cell = std::mem::take(&mut self.cell);
                let column = cell.column;
                if column >= MAX_COLUMNS && !cell.value.trim().is_empty() && !self.is_full {
                    self.rows.narrow();
                } else if column < MAX_COLUMNS && !cell.value.is_empty() {
                    if self.row.len() <= column {
                        self.row.resize(column + 1, String::new());
                    }
                    self.row[column] = shown(cell, known);
                }
            }
            "row" => {
                let row = std::mem::take(&mut self.row);
                self.push(row, self.number);
            }
            _ => {}
        }
    }

    fn push(&mut self, row: Vec<String>, number: usize) {
        if !self.is_full {
            self.is_full = !self.rows.push(row);
            self.numbers.push(number);
        }
    }

    /// Repeats the value of a merged range, unless it stands alone in its row, as titles do.
    fn merge(&mut self, range: &str, room: &Room) {
        let Some((from, to)) = range.split_once(':').and_then(|(from, to)| Some((place_of(from)?, place_of(to)?)))
        else {
            return;
        };
        let Ok(first) = self.numbers.binary_search(&from.1) else { return };
        let rows = self.rows.as_mut();
        let Some(value) = rows.get(first).and_then(|row| row.get(from.0)).cloned() else { return };
        let others = rows[first]
            .iter()
            .enumerate()
            .filter(|(column, cell)| (*column < from.0 || *column > to.0) && !cell.is_empty());
        if others.count() == 0 || self.merged > MAX_MERGED {
            return;
        }
        self.merged += 1;
        let numbers = self.numbers.iter().skip(first).take(MAX_FILL);
        for (row, _) in rows.iter_mut().skip(first).zip(numbers).take_while(|(_, number)| **number <= to.1) {
            for column in from.0..=to.0.min(from.0 + MAX_FILL).min(MAX_COLUMNS - 1) {
                if row.len() <= column {
                    row.resize(column + 1, String::new());
                }
                if row[column].is_empty() && room.take(value.len()) {
                    row[column].clone_from(&value);
                }
            }
        }
    }
}

fn shown(cell: Cell, known: &Known) -> String {
    match cell.kind.as_str() {
        "s" => {
            let string = cell.value.trim().parse::<usize>().ok().and_then(|at| known.strings.get(at));
            string.filter(|string| known.room.take(string.len())).cloned().unwrap_or_default()
        }
        "b" => (if cell.value.trim() == "1" { "TRUE" } else { "FALSE" }).to_owned(),
        "str" | "inlineStr" | "e" | "d" => cell.value,
        _ => {
            let format = known.formats.get(cell.style).cloned().unwrap_or_default();
            numbers::show(&cell.value, &format, known.is_from_1904)
        }
    }
}

/// The column, counted from 0, and the row, counted from 1, of a place such as `AB12`.
fn place_of(place: &str) -> Option<(usize, usize)> {
    let digits = place.find(|sign: char| sign.is_ascii_digit())?;
    let (letters, row) = place.split_at(digits);
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let column = letters.bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    Some((column - 1, row.parse().ok()?))
}
