//! The builder: what is open, where the next node goes, and how much a page may have.

use std::collections::HashMap;

use html5gum::State;

use super::growing::{Growing, Grown, Linked, NONE, to_u32};
use crate::html::attribute::Attribute;
use crate::html::name::Name;
use crate::html::tree::{Tree, Value};

/// Elements nest at most this deep, as in browsers that cap the depth (Blink: 512); deeper ones become siblings.
pub const MAX_DEPTH: usize = 512;
/// More nodes than any page people read; the largest page of the HTML standard has about a seventh.
const MAX_NODES: usize = 1_500_000;
/// More modes than any tag passes on its way.
const MAX_MODES: usize = 12;
/// Names of their own that a page may have.
const MAX_CUSTOM: usize = 4_096;

/// The part of the rules that applies, after the standard's insertion modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    #[default]
    Head,
    Body,
    Table,
    Caption,
    Columns,
    Rows,
    Row,
    Cell,
}

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub struct Tag {
    pub name: Name,
    /// Where its attributes begin, and how many there are.
    pub values: (u32, u32),
    pub is_self_closing: bool,
}

impl Tag {
    /// A tag that the page left out.
    pub fn implied(name: Name) -> Self {
        Self { name, values: (0, 0), is_self_closing: false }
    }
}

/// Builds one page's tree from its tags and texts.
#[derive(Debug)]
pub struct Builder {
    pub tree: Growing,
    pub values: Vec<Value>,
    /// The attributes of the tag that is being read.
    pub pending: Vec<Value>,
    /// All text and values.
    pub bytes: Vec<u8>,
    text_start: Option<usize>,
    pub mode: Mode,
    /// The open elements, outermost first.
    pub open: Vec<Grown>,
    /// Elements that were opened beyond the depth limit and are not in the tree.
    pub beyond: Vec<Name>,
    /// Open formatting elements; `NONE` is a marker.
    pub formatting: Vec<Grown>,
    pub form: Grown,
    /// The current element that was last found to have no open paragraph around it. What is around an element stays, but for
    /// formatting.
    pub without_paragraph: Grown,
    /// Whether text in a table goes before the table.
    pub is_fostering: bool,
    /// How many templates are open; nothing in them shows.
    templates: usize,
    /// Whether the text that comes is code or style.
    pub is_muted: bool,
    customs: HashMap<Vec<u8>, u16>,
    is_full: bool,
}

impl Default for Builder {
    fn default() -> Self {
        let mut tree = Growing::default();
        let root = tree.add(Linked::new(Name::Html, 0, 0));
        Self {
            tree,
            values: Vec::new(),
            pending: Vec::new(),
            bytes: Vec::new(),
            text_start: None,
            mode: Mode::Head,
            open: vec![root],
            beyond: Vec::new(),
            formatting: Vec::new(),
            form: NONE,
            without_paragraph: NONE,
            is_fostering: false,
            templates: 0,
            is_muted: false,
            customs: HashMap::new(),
            is_full: false,
        }
    }
}

impl Builder {
    /// The tree.
    pub fn finish(self) -> Tree {
        let nodes = self.tree.flat();
        let text = String::from_utf8(self.bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let mut customs = vec![String::new(); self.customs.len()];
        for (letters, number) in self.customs {
            customs[usize::from(number)] = String::from_utf8_lossy(&letters).into_owned();
        }
        Tree { nodes, values: self.values, text, is_cut: self.is_full, customs }
    }

    /// The name that these letters stand for.
    pub fn intern(&mut self, letters: &[u8]) -> Name {
        if let Some(name) = Name::known(letters) {
            return name;
        }
        if let Some(number) = self.customs.get(letters) {
            return Name::Custom(*number);
        }
        let number = u16::try_from(self.customs.len().min(MAX_CUSTOM)).unwrap_or(0);
        if self.customs.len() < MAX_CUSTOM {
            self.customs.insert(letters.to_vec(), number);
        }
        Name::Custom(number)
    }

    pub fn has_value(&self, attribute: Attribute) -> bool {
        self.pending.iter().any(|value| value.attribute == attribute)
    }

    pub fn drop_values(&mut self) {
        self.pending.clear();
    }

    pub fn take_values(&mut self) -> (u32, u32) {
        let range = (to_u32(self.values.len()), to_u32(self.pending.len()));
        self.values.append(&mut self.pending);
        range
    }

    /// The value of an attribute of a tag.
    pub fn value_of(&self, tag: &Tag, attribute: Attribute) -> Option<&[u8]> {
        let (start, length) = (tag.values.0 as usize, tag.values.1 as usize);
        let value = self.values[start..start + length].iter().find(|value| value.attribute == attribute)?;
        self.bytes.get(value.start as usize..(value.start + value.length) as usize)
    }

    /// Takes a piece of text; pieces are joined until something else comes.
    pub fn push_text(&mut self, text: &[u8]) {
        if self.is_muted || self.templates > 0 || self.is_full {
            return;
        }
        self.text_start.get_or_insert(self.bytes.len());
        self.bytes.extend(text);
    }

    /// The text is complete.
    pub fn flush_text(&mut self) {
        let Some(start) = self.text_start.take() else { return };
        let end = self.bytes.len();
        let is_blank = self.bytes[start..end].iter().all(u8::is_ascii_whitespace);
        let is_title = self.name_of(self.current()) != Name::Head && self.open.len() > 1;
        if self.mode == Mode::Head && !is_title {
            if is_blank {
                return;
            }
            self.open_body(Tag::implied(Name::Body));
        }
        if matches!(self.mode, Mode::Table | Mode::Rows | Mode::Row) && !is_blank && self.is_table_part(self.current())
        {
            self.is_fostering = true;
            self.rebuild_formatting();
            self.insert_text(start, end);
            self.is_fostering = false;
            return;
        }
        if self.mode == Mode::Columns && !is_blank {
            self.leave_columns();
            self.is_fostering = true;
        }
        if self.mode != Mode::Head && !self.is_in_foreign() {
            self.rebuild_formatting();
        }
        self.insert_text(start, end);
        self.is_fostering = false;
    }

    fn insert_text(&mut self, start: usize, end: usize) {
        let (parent, before) = self.place();
        let neighbour = if before == NONE { self.tree.at(parent).last } else { self.tree.at(before).previous };
        if neighbour != NONE {
            let node = self.tree.at_mut(neighbour);
            if node.name == Name::Text && (node.start + node.length) as usize == start {
                node.length += to_u32(end - start);
                return;
            }
        }
        if self.is_at_limit() {
            return;
        }
        let node = self.tree.add(Linked::new(Name::Text, to_u32(start), to_u32(end - start)));
        self.put(parent, before, node);
    }

    /// Handles a start tag; the tokenizer goes on in the state that comes back.
    pub fn start(&mut self, tag: Tag) -> Option<State> {
        self.is_muted = false;
        if self.templates > 0 {
            self.templates += usize::from(tag.name == Name::Template);
            return self.raw_state(&tag, false);
        }
        if self.is_full {
            return self.raw_state(&tag, false);
        }
        if self.is_in_foreign() && self.start_foreign(tag) {
            return None;
        }
        if tag.name == Name::Template {
            // A shadow root is shown, any other template is not.
            if self.value_of(&tag, Attribute::Shadowroot).is_none() {
                let name = self.value_of(&tag, Attribute::Id);
                if name.is_some_and(|name| name.starts_with(b"B:") || name.starts_with(b"P:")) {
                    // The place of a part that the server sends late.
                    self.insert_void(tag);
                }
                self.templates = 1;
                return None;
            }
            self.in_body(Tag { name: Name::Slot, ..tag });
            return None;
        }
        for _ in 0..MAX_MODES {
            if !self.start_in_mode(tag) {
                break;
            }
        }
        self.raw_state(&tag, true)
    }

    /// Handles a tag by the current mode; whether it must be handled once more by the next.
    fn start_in_mode(&mut self, tag: Tag) -> bool {
        match self.mode {
            Mode::Head => self.start_in_head(tag),
            Mode::Body => {
                self.in_body(tag);
                false
            }
            _ => self.start_in_table(tag),
        }
    }

    /// Handles an end tag.
    pub fn end(&mut self, name: Name) {
        self.is_muted = false;
        if self.templates > 0 {
            self.templates -= usize::from(name == Name::Template);
            return;
        }
        if self.is_full || self.end_beyond(name) {
            return;
        }
        if self.is_in_foreign() && self.end_foreign(name) {
            return;
        }
        let name = if name == Name::Template { Name::Slot } else { name };
        for _ in 0..MAX_MODES {
            if !self.end_in_mode(name) {
                break;
            }
        }
    }

    fn end_in_mode(&mut self, name: Name) -> bool {
        match self.mode {
            Mode::Head => {
                self.end_in_head(name);
                false
            }
            Mode::Body => {
                self.end_in_body(name);
                false
            }
            _ => self.end_in_table(name),
        }
    }

    /// Where the next node goes: into a parent, before a child of it or at its end.
    pub fn place(&self) -> (Grown, Grown) {
        let current = self.current();
        if !self.is_fostering || !self.is_table_part(current) {
            return (current, NONE);
        }
        let Some(at) = self.open.iter().rposition(|node| self.name_of(*node) == Name::Table) else { return (0, NONE) };
        let table = self.open[at];
        let parent = self.tree.at(table).parent;
        if parent == NONE { (self.open[at.saturating_sub(1)], NONE) } else { (parent, table) }
    }

    pub fn put(&mut self, parent: Grown, before: Grown, node: Grown) {
        if before == NONE {
            self.tree.append(parent, node);
        } else {
            self.tree.insert_before(before, node);
        }
    }

    /// Adds an element and leaves it open.
    pub fn insert(&mut self, tag: Tag) -> Grown {
        if self.is_at_limit() {
            return self.current();
        }
        let (parent, before) = self.place();
        let node = self.tree.add(Linked::new(tag.name, tag.values.0, tag.values.1));
        self.put(parent, before, node);
        if self.open.len() < MAX_DEPTH {
            self.open.push(node);
        } else {
            self.beyond.push(tag.name);
        }
        node
    }

    /// Adds an element that holds nothing.
    pub fn insert_void(&mut self, tag: Tag) {
        if self.is_at_limit() {
            return;
        }
        let (parent, before) = self.place();
        let node = self.tree.add(Linked::new(tag.name, tag.values.0, tag.values.1));
        self.put(parent, before, node);
    }

    fn is_at_limit(&mut self) -> bool {
        self.is_full |= self.tree.nodes.len() >= MAX_NODES;
        self.is_full
    }
}
