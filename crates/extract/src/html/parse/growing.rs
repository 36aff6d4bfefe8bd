//! The tree while it grows: linked nodes that can still be moved, laid flat in reading order at the end.

use crate::html::name::Name;
use crate::html::tree::Node;

/// The place of a node while the tree grows.
pub type Grown = u32;

/// No node.
pub const NONE: Grown = u32::MAX;

/// A node that knows its neighbours.
#[derive(Debug, Clone, Copy)]
pub struct Linked {
    pub name: Name,
    /// Whether it is part of a drawing or a formula.
    pub is_foreign: bool,
    pub parent: Grown,
    pub first: Grown,
    pub last: Grown,
    pub previous: Grown,
    pub next: Grown,
    /// Where its text or its attributes begin.
    pub start: u32,
    /// How long they are.
    pub length: u32,
}

impl Linked {
    /// A node without neighbours.
    pub fn new(name: Name, start: u32, length: u32) -> Self {
        let (parent, first, last, previous, next) = (NONE, NONE, NONE, NONE, NONE);
        Self { name, is_foreign: false, parent, first, last, previous, next, start, length }
    }
}

/// All nodes made so far.
#[derive(Debug, Default)]
pub struct Growing {
    pub nodes: Vec<Linked>,
}

impl Growing {
    pub fn at(&self, node: Grown) -> &Linked {
        &self.nodes[node as usize]
    }

    pub fn at_mut(&mut self, node: Grown) -> &mut Linked {
        &mut self.nodes[node as usize]
    }

    pub fn add(&mut self, node: Linked) -> Grown {
        self.nodes.push(node);
        to_u32(self.nodes.len() - 1)
    }

    /// Makes `node` the last child of `parent`.
    pub fn append(&mut self, parent: Grown, node: Grown) {
        self.detach(node);
        let last = self.at(parent).last;
        let linked = self.at_mut(node);
        (linked.parent, linked.previous) = (parent, last);
        if last == NONE {
            self.at_mut(parent).first = node;
        } else {
            self.at_mut(last).next = node;
        }
        self.at_mut(parent).last = node;
    }

    /// Puts `node` right before its new neighbour `next`, which has a parent.
    pub fn insert_before(&mut self, next: Grown, node: Grown) {
        self.detach(node);
        let Linked { parent, previous, .. } = *self.at(next);
        let linked = self.at_mut(node);
        (linked.parent, linked.previous, linked.next) = (parent, previous, next);
        self.at_mut(next).previous = node;
        if previous == NONE {
            self.at_mut(parent).first = node;
        } else {
            self.at_mut(previous).next = node;
        }
    }

    /// Takes `node` out of its parent.
    pub fn detach(&mut self, node: Grown) {
        let Linked { parent, previous, next, .. } = *self.at(node);
        if parent == NONE {
            return;
        }
        if previous == NONE {
            self.at_mut(parent).first = next;
        } else {
            self.at_mut(previous).next = next;
        }
        if next == NONE {
            self.at_mut(parent).last = previous;
        } else {
            self.at_mut(next).previous = previous;
        }
        let linked = self.at_mut(node);
        (linked.parent, linked.previous, linked.next) = (NONE, NONE, NONE);
    }

    /// Moves all children of one node to the end of another.
    pub fn move_children(&mut self, from: Grown, to: Grown) {
        while self.at(from).first != NONE {
            self.append(to, self.at(from).first);
        }
    }

    /// The nodes in reading order, starting with the first one ever added.
    pub fn flat(&self) -> Vec<Node> {
        let mut flat: Vec<Node> = Vec::with_capacity(self.nodes.len());
        let (mut at, mut parent) = (0, 0);
        while at != NONE {
            let linked = self.at(at);
            let place = to_u32(flat.len());
            flat.push(Node { name: linked.name, parent, end: place + 1, start: linked.start, length: linked.length });
            if linked.first != NONE {
                (at, parent) = (linked.first, place);
                continue;
            }
            // Up until there is somebody next; whoever is left ends here.
            let mut up = at;
            while up != 0 && self.at(up).next == NONE {
                up = self.at(up).parent;
                flat[parent as usize].end = to_u32(flat.len());
                parent = flat[parent as usize].parent;
            }
            at = if up == 0 { NONE } else { self.at(up).next };
        }
        flat
    }
}

/// Offsets fit: documents are capped far below 4 GiB.
pub fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
