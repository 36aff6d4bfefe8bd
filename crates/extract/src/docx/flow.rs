//! Turns a run of paragraphs into blocks: lists open and close by level, lines of code and quotations join.

use std::collections::HashMap;

use model::Block;

use super::known::Known;
use super::numbering::Mark;
use super::styles::{Kind, Numbered};
use crate::build::{Builder, Container};
use crate::room::Room;

/// The levels of a numbering.
const LEVELS: usize = 9;

/// The next number of each level of a numbering, where one is open; lists go on after what interrupts them.
pub type Counters = HashMap<String, [Option<u64>; LEVELS]>;

/// What the properties of a paragraph say.
#[derive(Debug, Default)]
pub struct Properties {
    /// What its style or its outline level makes of it.
    pub kind: Kind,
    /// The list it is an item of.
    pub numbered: Option<Numbered>,
}

/// A run of paragraphs: the document, a cell, a text box or a note.
#[derive(Default)]
pub struct Flow {
    /// Takes the text.
    pub builder: Builder,
    /// The paragraph that is being read.
    pub paragraph: Properties,
    /// Whether the paragraph has started to take text.
    pub is_started: bool,
    /// Text boxes that stand after the paragraph that anchors them.
    pub later: Vec<Block>,
    /// The open lists, each with an open item.
    lists: Vec<Numbered>,
    is_quote_open: bool,
    code: Option<String>,
}

impl Flow {
    /// A run of a document that has this room for addresses.
    pub fn within(room: Room) -> Self {
        Self { builder: Builder::within(room), ..Self::default() }
    }

    /// A paragraph begins.
    pub fn begin(&mut self) {
        self.paragraph = Properties::default();
        self.is_started = false;
    }

    /// The properties are known: opens what the paragraph stands in.
    pub fn start(&mut self, known: &Known, counters: &mut Counters) {
        if std::mem::replace(&mut self.is_started, true) {
            return;
        }
        let kind = self.paragraph.kind;
        if kind != Kind::Code {
            self.end_code();
        }
        if kind != Kind::Quote && std::mem::take(&mut self.is_quote_open) {
            self.builder.close();
        }
        let is_heading = matches!(kind, Kind::Heading(_) | Kind::Title);
        if let Some(numbered) = self.paragraph.numbered.clone().filter(|_| !is_heading) {
            return self.item(&numbered, known, counters);
        }
        if kind != Kind::Continued && kind != Kind::Contents {
            self.end_lists();
        }
        match kind {
            Kind::Title => self.builder.open_heading(1),
            Kind::Heading(level) => self.builder.open_heading(level),
            Kind::Quote if !self.is_quote_open => {
                self.builder.open(Container::Quote);
                self.is_quote_open = true;
            }
            Kind::Code => match &mut self.code {
                Some(code) => code.push('\n'),
                None => self.code = Some(String::new()),
            },
            _ => {}
        }
    }

    /// Adds text to the paragraph.
    pub fn text(&mut self, text: &str) {
        match (&mut self.code, self.paragraph.kind) {
            (_, Kind::Contents) => {}
            (Some(code), Kind::Code) => code.push_str(text),
            _ => self.builder.text(text),
        }
    }

    /// The paragraph ends.
    pub fn end(&mut self) {
        match self.paragraph.kind {
            Kind::Heading(_) | Kind::Title => self.builder.close_heading(),
            _ => self.builder.end_block(),
        }
        for block in std::mem::take(&mut self.later) {
            self.builder.block(block);
        }
    }

    /// Adds blocks that are no paragraphs.
    pub fn blocks(&mut self, blocks: Vec<Block>) {
        self.end_code();
        if std::mem::take(&mut self.is_quote_open) {
            self.builder.close();
        }
        self.end_lists();
        for block in blocks {
            self.builder.block(block);
        }
    }

    /// All blocks.
    pub fn finish(mut self) -> Vec<Block> {
        self.blocks(Vec::new());
        let later = std::mem::take(&mut self.later);
        let mut blocks = self.builder.finish();
        blocks.extend(later);
        blocks
    }

    fn item(&mut self, numbered: &Numbered, known: &Known, counters: &mut Counters) {
        let mark = known.numbering.mark(&numbered.id, numbered.level);
        if mark == Mark::Nothing {
            return;
        }
        let level = numbered.level.min(LEVELS - 1);
        let counter = counters.entry(numbered.id.clone()).or_default();
        counter[level + 1..].fill(None);
        let number = counter[level].unwrap_or(if let Mark::Number(first) = mark { first } else { 1 });
        counter[level] = Some(number.saturating_add(1));
        let is_other =
            |open: &Numbered| open.level > numbered.level || (open.level == numbered.level && open.id != numbered.id);
        while self.lists.last().is_some_and(is_other) {
            self.lists.pop();
            self.builder.close();
            self.builder.close();
        }
        if self.lists.last().is_some_and(|open| open.level == numbered.level) {
            self.builder.close();
        } else {
            self.builder.open(Container::List(matches!(mark, Mark::Number(_)).then_some(number)));
            self.lists.push(numbered.clone());
        }
        self.builder.open(Container::Item);
    }

    fn end_lists(&mut self) {
        for _ in std::mem::take(&mut self.lists) {
            self.builder.close();
            self.builder.close();
        }
    }

    fn end_code(&mut self) {
        if let Some(text) = self.code.take() {
            self.builder.block(Block::Code { language: None, text });
        }
    }
}
