//! The shapes of a slide, in the order in which they are drawn, the title first.

use std::collections::HashMap;

use model::Block;

use crate::build::Builder;
use crate::grid::{Cell, Grid, Reach};
use crate::line::Look;
use crate::outline::{self, Mark, Point};
use crate::package::{self, Relation};
use crate::room::Room;
use crate::xml::{Element, Node, Xml};

/// Which part the shapes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A slide.
    Slide,
    /// The notes of a slide: only what the speaker wrote.
    Notes,
    /// The texts of a diagram, which are points of a list.
    Diagram,
}

/// What a shape is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Role {
    #[default]
    Box,
    Title,
    Body,
    /// Numbers, dates, footers, pictures of the slide.
    Furniture,
}

/// Where the walk stands.
struct Slide<'a> {
    relations: &'a HashMap<String, Relation>,
    part: Part,
    title: Vec<Block>,
    blocks: Vec<Block>,
    role: Role,
    points: Vec<Point>,
    point: Point,
    builder: Builder,
    grid: Option<Grid>,
    row: Vec<Cell>,
    cell: Cell,
    takes_text: bool,
    /// Open elements inside of something that is left out, itself included.
    skipped: usize,
}

/// The blocks of a part.
pub fn read(text: &str, relations: &HashMap<String, Relation>, part: Part, room: &Room) -> Vec<Block> {
    let mut slide = Slide {
        relations,
        part,
        title: Vec::new(),
        blocks: Vec::new(),
        role: Role::Box,
        points: Vec::new(),
        point: Point::default(),
        builder: Builder::flat_within(room.clone()),
        grid: None,
        row: Vec::new(),
        cell: Cell::default(),
        takes_text: false,
        skipped: 0,
    };
    for node in Xml::new(text) {
        match node {
            Node::Open(_) if slide.skipped > 0 => slide.skipped += 1,
            Node::Close(_) if slide.skipped > 0 => slide.skipped -= 1,
            Node::Open(element) => slide.open(&element),
            Node::Close(name) => slide.close(&name),
            Node::Text(text) if slide.takes_text && slide.skipped == 0 => slide.builder.text(&text),
            Node::Text(_) => {}
        }
    }
    slide.end_point();
    slide.end_shape();
    slide.end_table();
    slide.title.extend(slide.blocks);
    slide.title
}

impl Slide<'_> {
    fn open(&mut self, element: &Element) {
        let value = |name: &str| element.attribute(name);
        match element.name().as_str() {
            "Fallback" => self.skipped = 1,
            "sp" | "pic" => self.role = Role::Box,
            "ph" => self.role = role(value("type").as_deref()),
            "cNvPr" => {
                let words = value("descr").unwrap_or_default();
                if self.part == Part::Slide && !words.is_empty() {
                    self.builder.image(None, &words);
                    self.point = Point::default();
                    self.end_point();
                }
            }
            "p" => {
                self.builder.take();
                let is_list = self.role == Role::Body || self.part == Part::Diagram;
                let mark = if is_list && self.part != Part::Notes { Mark::Bullet } else { Mark::Nothing };
                self.point = Point { mark, ..Point::default() };
            }
            "pPr" => self.point.level = value("lvl").and_then(|level| level.parse().ok()).unwrap_or(0).min(8),
            "buNone" => self.point.mark = Mark::Nothing,
            "buChar" | "buBlip" => self.point.mark = Mark::Bullet,
            "buAutoNum" => {
                let first = value("startAt").and_then(|first| first.parse().ok()).unwrap_or(1);
                self.point.mark = Mark::Number(first);
            }
            "r" => self.builder.look = Look::default(),
            "rPr" if self.role != Role::Title => {
                let is_on = |name: &str| value(name).is_some_and(|value| value == "1" || value == "true");
                (self.builder.look.strong, self.builder.look.emphasis) = (is_on("b"), is_on("i"));
            }
            "hlinkClick" => {
                let relation = element.prefixed_attribute("r:id").and_then(|id| self.relations.get(&id));
                self.builder.look.link = relation.and_then(|relation| package::address(&relation.target));
            }
            "fld" if value("type").is_some_and(|kind| kind == "slidenum") => self.skipped = 1,
            "t" => self.takes_text = true,
            "br" => self.builder.hard_break(),
            _ => self.open_table_part(element),
        }
    }

    fn open_table_part(&mut self, element: &Element) {
        let number = |name: &str| element.attribute(name).and_then(|value| value.parse().ok()).unwrap_or(1);
        let is_on = |name: &str| element.attribute(name).is_some_and(|value| value == "1" || value == "true");
        match element.name().as_str() {
            "tbl" => self.grid = Some(Grid::default()),
            "tblPr" if is_on("firstRow") => {
                if let Some(grid) = &mut self.grid {
                    grid.first_is_header();
                }
            }
            "tr" => self.row.clear(),
            // What a merged cell covers is written down, too.
            "tc" if is_on("hMerge") || is_on("vMerge") => self.skipped = 1,
            "tc" => {
                self.cell = Cell { wide: number("gridSpan"), reach: Reach::Rows(number("rowSpan")), blocks: Vec::new() }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "t" => self.takes_text = false,
            "p" => self.end_point(),
            "sp" | "pic" => self.end_shape(),
            "tc" if self.grid.is_some() => {
                let blocks = outline::blocks(std::mem::take(&mut self.points));
                self.row.push(Cell { blocks, ..std::mem::take(&mut self.cell) });
            }
            "tr" => {
                let row = std::mem::take(&mut self.row);
                if let Some(grid) = &mut self.grid {
                    grid.row(row, false);
                }
            }
            "tbl" => self.end_table(),
            _ => {}
        }
    }

    fn end_point(&mut self) {
        let builder = self.builder.take();
        self.point.spans = builder.finish_flat();
        self.points.push(std::mem::take(&mut self.point));
    }

    fn end_shape(&mut self) {
        let mut points = std::mem::take(&mut self.points);
        points.retain(|point| !point.spans.is_empty());
        // A single point is a sentence.
        if let ([point], true) = (points.as_mut_slice(), self.part == Part::Slide) {
            point.mark = if matches!(point.mark, Mark::Bullet) { Mark::Nothing } else { point.mark };
        }
        match (self.part, std::mem::take(&mut self.role)) {
            (_, Role::Furniture) | (Part::Notes, Role::Box | Role::Title) => {}
            (Part::Slide, Role::Title) => {
                let spans = points.into_iter().flat_map(|point| point.spans).collect();
                self.title.push(Block::Heading { level: 2, spans });
            }
            _ => self.blocks.extend(outline::blocks(points)),
        }
    }

    fn end_table(&mut self) {
        if let Some(grid) = self.grid.take() {
            self.blocks.extend(grid.finish(self.builder.room()));
        }
    }
}

fn role(placeholder: Option<&str>) -> Role {
    match placeholder {
        Some("title" | "ctrTitle") => Role::Title,
        None | Some("body" | "obj") => Role::Body,
        Some("sldNum" | "dt" | "ftr" | "hdr" | "sldImg") => Role::Furniture,
        Some(_) => Role::Box,
    }
}
