//! A page as a flat list of nodes in reading order: a node's descendants are the nodes from it up to its end.

use super::attribute::Attribute;
use super::name::Name;

/// The place of a node in its tree.
pub type Id = usize;

/// An element or a run of text.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// What it is.
    pub name: Name,
    /// The node that holds it; the root holds itself.
    pub parent: u32,
    /// The first node after it that it does not hold.
    pub end: u32,
    /// Where its text, or its list of attributes, begins.
    pub start: u32,
    /// How long that is, in bytes or attributes.
    pub length: u32,
}

/// The value of an attribute.
#[derive(Debug, Clone, Copy)]
pub struct Value {
    /// Of which attribute.
    pub attribute: Attribute,
    /// Where it begins.
    pub start: u32,
    /// How many bytes it has.
    pub length: u32,
}

/// A page. Its first node is the `html` element.
#[derive(Debug, Default)]
pub struct Tree {
    /// The nodes in reading order.
    pub nodes: Vec<Node>,
    /// The attributes of all elements.
    pub values: Vec<Value>,
    /// All text and values.
    pub text: String,
    /// Whether the page was too large to be read whole.
    pub is_cut: bool,
    /// The names of elements that HTML does not know, by their numbers.
    pub customs: Vec<String>,
}

impl Tree {
    /// What a node is.
    pub fn name(&self, id: Id) -> Name {
        self.nodes[id].name
    }

    /// The name of an element as the page writes it, in lower case.
    pub fn name_of(&self, id: Id) -> Option<&str> {
        match self.name(id) {
            Name::Custom(number) => self.customs.get(usize::from(number)).map(String::as_str),
            name => name.letters(),
        }
    }

    /// The node that holds a node.
    pub fn parent(&self, id: Id) -> Id {
        self.nodes[id].parent as usize
    }

    /// The first node after a node and all it holds.
    pub fn end(&self, id: Id) -> Id {
        self.nodes[id].end as usize
    }

    /// The element that holds all that shows.
    pub fn body(&self) -> Id {
        self.children(0).find(|child| self.name(*child) == Name::Body).unwrap_or(0)
    }

    /// The nodes directly in a node.
    pub fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let (mut next, end) = (id + 1, self.end(id));
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next = self.end(child);
            Some(child)
        })
    }

    /// The nodes around a node, nearest first.
    pub fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut at = id;
        std::iter::from_fn(move || {
            let parent = self.parent(at);
            let is_root = parent == at;
            at = parent;
            (!is_root).then_some(parent)
        })
    }

    /// The words of a run of text; nothing for an element.
    pub fn words(&self, id: Id) -> &str {
        let node = &self.nodes[id];
        if node.name == Name::Text { self.slice(node.start, node.length) } else { "" }
    }

    /// All text in a node.
    pub fn text(&self, id: Id) -> String {
        (id..self.end(id)).map(|node| self.words(node)).collect()
    }

    /// Whether a node has attributes at all; most have none, and need no search.
    pub fn has_attributes(&self, id: Id) -> bool {
        let node = &self.nodes[id];
        node.name != Name::Text && node.length > 0
    }

    /// An attribute that is there, even if blank.
    pub fn has(&self, id: Id, attribute: Attribute) -> bool {
        self.raw(id, attribute).is_some()
    }

    /// An attribute that is there and not blank.
    pub fn attribute(&self, id: Id, attribute: Attribute) -> Option<&str> {
        self.raw(id, attribute).map(str::trim).filter(|value| !value.is_empty())
    }

    fn raw(&self, id: Id, attribute: Attribute) -> Option<&str> {
        let node = &self.nodes[id];
        if node.name == Name::Text {
            return None;
        }
        let values = &self.values[node.start as usize..(node.start + node.length) as usize];
        let value = values.iter().find(|value| value.attribute == attribute)?;
        Some(self.slice(value.start, value.length))
    }

    fn slice(&self, start: u32, length: u32) -> &str {
        self.text.get(start as usize..(start + length) as usize).unwrap_or_default()
    }
}
