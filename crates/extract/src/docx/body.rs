//! Walks the text of a document, element by element, without recursion.

use std::collections::HashMap;
use std::rc::Rc;

use model::Block;

use super::flow::{Counters, Flow};
use super::known::Known;
use super::styles::{self, Kind, Numbered};
use super::table::Tables;
use crate::line::Look;
use crate::package;
use crate::room::Room;
use crate::xml::{Element, Node, Xml};

/// Tables and text boxes stand inside each other at most this deep.
const MAX_NESTING: usize = 24;

/// A note: the kind of its part and its id there.
pub type Note = (&'static str, String);

/// What a part holds.
#[derive(Default)]
pub struct Text {
    pub blocks: Vec<Block>,
    /// The first paragraph that is styled as a title.
    pub title: Option<String>,
    /// The notes in the order of their references.
    pub references: Vec<Note>,
    /// The notes that the part defines.
    pub notes: HashMap<Note, Vec<Block>>,
    pub warning: Option<String>,
}

/// A field whose instruction comes before its result.
#[derive(Default)]
struct Field {
    instruction: String,
    /// The link to go back to.
    outer: Option<Rc<str>>,
}

/// What the walk is inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    ParagraphProperties,
    RowProperties,
    Text,
    Instruction,
}

/// Where the walk stands.
pub struct Body<'a> {
    known: &'a Known,
    found: Text,
    flows: Vec<Flow>,
    room: Room,
    tables: Tables,
    counters: Counters,
    fields: Vec<Field>,
    /// Open elements inside of something that is left out, itself included.
    skipped: usize,
    within: Within,
    is_placeholder: bool,
    is_hidden: bool,
    link: Option<Rc<str>>,
    title: String,
    note: Option<Note>,
}

impl<'a> Body<'a> {
    pub fn new(known: &'a Known, room: &Room) -> Self {
        Self {
            known,
            found: Text::default(),
            flows: vec![Flow::within(room.clone())],
            room: room.clone(),
            tables: Tables::default(),
            counters: Counters::new(),
            fields: Vec::new(),
            skipped: 0,
            within: Within::Nothing,
            is_placeholder: false,
            is_hidden: false,
            link: None,
            title: String::new(),
            note: None,
        }
    }

    /// Reads a part.
    pub fn read(mut self, text: &str) -> Text {
        for node in Xml::new(text) {
            match node {
                Node::Open(_) if self.skipped > 0 => self.skipped += 1,
                Node::Close(_) if self.skipped > 0 => self.skipped -= 1,
                Node::Open(element) => self.open(&element),
                Node::Close(name) => self.close(&name),
                Node::Text(text) if self.skipped == 0 => self.text(&text),
                Node::Text(_) => {}
            }
        }
        // A part that is cut off leaves cells and boxes open.
        while self.flows.len() > 1 {
            for name in if self.tables.depth() > 0 { ["tc", "tr", "tbl"] } else { ["p", "txbxContent", "footnote"] } {
                self.close(name);
            }
        }
        self.found.blocks = self.flows.pop().map(Flow::finish).unwrap_or_default();
        self.found.title = Some(self.title).filter(|title| !title.trim().is_empty());
        self.found
    }

    fn open(&mut self, element: &Element) {
        match element.name().as_str() {
            "del" if self.within == Within::RowProperties => {
                self.skipped = 1;
                self.tables.delete_row();
            }
            "del" | "moveFrom" | "Fallback" | "sectPr" | "rPrChange" | "pPrChange" => {
                self.skipped = 1;
            }
            "sdtContent" if std::mem::take(&mut self.is_placeholder) => self.skipped = 1,
            "showingPlcHdr" => self.is_placeholder = true,
            "footnote" | "endnote" => self.open_note(element),
            "tbl" | "tr" | "tc" | "gridSpan" | "vMerge" | "tblHeader" | "tblLook" | "trPr" => {
                self.open_table_part(element);
            }
            "txbxContent" => self.nest(),
            "p" => self.flow(Flow::begin),
            "pPr" => self.within = Within::ParagraphProperties,
            "pStyle" | "numId" | "ilvl" | "outlineLvl" if self.within == Within::ParagraphProperties => {
                self.property(element);
            }
            _ if self.within == Within::ParagraphProperties => {}
            name => self.open_inline(name, element),
        }
    }

    fn open_inline(&mut self, name: &str, element: &Element) {
        match name {
            "r" => {
                self.start();
                self.reset_look();
            }
            "b" => self.look(|look| look.strong = element.is_on()),
            "i" => self.look(|look| look.emphasis = element.is_on()),
            "vanish" => self.is_hidden = element.is_on(),
            "rStyle" => {
                let is_code = element.attribute("val").is_some_and(|style| style.to_lowercase().contains("code"));
                self.look(|look| look.code = is_code);
            }
            "t" => self.within = Within::Text,
            "instrText" => self.within = Within::Instruction,
            "tab" => self.say("\t"),
            "br" | "cr" => self.line_end(),
            "noBreakHyphen" => self.say("-"),
            "fldChar" => self.field(element.attribute("fldCharType").as_deref()),
            "fldSimple" => self.link = element.attribute("instr").and_then(|instruction| target(&instruction)),
            "hyperlink" => {
                let relation = element.attribute("id").and_then(|id| self.known.relations.get(&id));
                self.link = relation.and_then(|relation| package::address(&relation.target));
            }
            "docPr" => {
                let words = element.attribute("descr").unwrap_or_default();
                self.start();
                self.flow(|flow| flow.builder.image(None, &words));
            }
            "footnoteReference" => self.reference("footnote", element),
            "endnoteReference" => self.reference("endnote", element),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "t" | "instrText" | "trPr" => self.within = Within::Nothing,
            "r" => self.reset_look(),
            "pPr" => {
                self.within = Within::Nothing;
                self.start();
            }
            "p" => {
                self.start();
                self.flow(Flow::end);
            }
            "hyperlink" | "fldSimple" => {
                self.link = None;
                self.reset_look();
            }
            "tc" if self.flows.len() > 1 => {
                let blocks = self.flows.pop().map(Flow::finish).unwrap_or_default();
                self.tables.end_cell(blocks);
            }
            "tr" => self.tables.end_row(),
            "tbl" => {
                let blocks = self.tables.end(&self.room);
                self.flow(|flow| flow.blocks(blocks));
            }
            "txbxContent" if self.flows.len() > 1 => {
                let blocks = self.flows.pop().map(Flow::finish).unwrap_or_default();
                self.flow(|flow| flow.later.extend(blocks));
            }
            "footnote" | "endnote" if self.flows.len() > 1 => {
                let blocks = self.flows.pop().map(Flow::finish).unwrap_or_default();
                if let Some(note) = self.note.take() {
                    self.found.notes.insert(note, blocks);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match (self.within, self.fields.last_mut()) {
            (Within::Text, _) => self.say(text),
            (Within::Instruction, Some(field)) => field.instruction.push_str(text),
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        self.start();
        if self.is_hidden {
            return;
        }
        let is_title = self.flows.len() == 1 && self.flows[0].paragraph.kind == Kind::Title;
        if is_title {
            self.title.push_str(text);
        }
        self.flow(|flow| flow.text(text));
    }

    fn line_end(&mut self) {
        self.start();
        self.flow(|flow| if flow.paragraph.kind == Kind::Code { flow.text("\n") } else { flow.builder.hard_break() });
    }

    /// Hands the paragraph to its flow once its properties are known.
    fn start(&mut self) {
        if let Some(flow) = self.flows.last_mut() {
            flow.start(self.known, &mut self.counters);
        }
    }

    fn flow(&mut self, change: impl FnOnce(&mut Flow)) {
        if let Some(flow) = self.flows.last_mut() {
            change(flow);
        }
    }

    fn look(&mut self, change: impl FnOnce(&mut Look)) {
        // The look of a heading is what its style gives it.
        self.flow(|flow| {
            if !matches!(flow.paragraph.kind, Kind::Heading(_) | Kind::Title) {
                change(&mut flow.builder.look);
            }
        });
    }

    fn reset_look(&mut self) {
        self.is_hidden = false;
        let link = self.link.clone();
        self.flow(|flow| flow.builder.look = Look { link, ..Look::default() });
    }

    fn property(&mut self, element: &Element) {
        let value = element.attribute("val").unwrap_or_default();
        let known = self.known;
        self.flow(|flow| {
            let paragraph = &mut flow.paragraph;
            match element.name().as_str() {
                "pStyle" => (paragraph.kind, paragraph.numbered) = known.styles.meaning(&value),
                "numId" if value == "0" => paragraph.numbered = None,
                "numId" => {
                    let level = paragraph.numbered.take().map_or(0, |numbered| numbered.level);
                    paragraph.numbered = Some(Numbered { id: value, level });
                }
                "ilvl" => paragraph.numbered.get_or_insert_default().level = value.parse().unwrap_or(0).min(8),
                _ => {
                    if let Some(level) = value.parse().ok().filter(|level| *level < 9) {
                        paragraph.kind = styles::heading(level);
                    }
                }
            }
        });
    }

    fn field(&mut self, part: Option<&str>) {
        match part {
            Some("begin") => self.fields.push(Field { instruction: String::new(), outer: self.link.clone() }),
            Some("separate") => {
                let link = self.fields.last().and_then(|field| target(&field.instruction));
                if link.is_some() {
                    self.link = link;
                }
            }
            _ => {
                self.link = self.fields.pop().and_then(|field| field.outer);
                self.reset_look();
            }
        }
    }

    fn reference(&mut self, kind: &'static str, element: &Element) {
        self.found.references.push((kind, element.attribute("id").unwrap_or_default()));
        let mark = format!("[{}]", self.found.references.len());
        self.say(&mark);
    }

    fn open_note(&mut self, element: &Element) {
        if element.attribute("type").is_some_and(|kind| kind != "normal") {
            self.skipped = 1;
            return;
        }
        let kind = if element.name() == "endnote" { "endnote" } else { "footnote" };
        self.note = element.attribute("id").map(|id| (kind, id));
        self.nest();
    }

    /// Starts a run of paragraphs inside the present one.
    fn nest(&mut self) {
        if self.flows.len() >= MAX_NESTING {
            let text = format!("tables or text boxes nested more than {MAX_NESTING} deep were left out");
            self.found.warning = Some(text);
            self.skipped = 1;
            return;
        }
        self.start();
        self.flows.push(Flow::within(self.room.clone()));
    }

    fn open_table_part(&mut self, element: &Element) {
        let name = element.name();
        match name.as_str() {
            "tbl" if self.tables.depth() >= MAX_NESTING => self.skipped = 1,
            "tbl" => self.tables.begin(),
            "tc" if self.tables.depth() > 0 => {
                self.tables.property("tc", element);
                self.nest();
            }
            "trPr" => self.within = Within::RowProperties,
            name => self.tables.property(name, element),
        }
    }
}

/// Where a field such as `HYPERLINK "https://example.com"` leads.
fn target(instruction: &str) -> Option<Rc<str>> {
    let rest = instruction.trim_start().strip_prefix("HYPERLINK")?;
    package::address(rest.split('"').nth(1)?)
}
