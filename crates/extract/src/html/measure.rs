//! Measures a page: how many letters each part shows, and how many of them are links to somewhere else.

use super::element::{self, Role};
use super::headings::Headings;
use super::name::Name;
use super::tree::{Id, Tree};

/// Running sums over the nodes in reading order, so that any part is measured by one subtraction.
#[derive(Debug)]
pub struct Measures {
    letters: Vec<u32>,
    linked: Vec<u32>,
}

impl Measures {
    /// Measures what is not dropped, in letters, signs and digits.
    pub fn of(tree: &Tree, dropped: &[bool]) -> Self {
        let count = tree.nodes.len();
        let mut sums = Self { letters: Vec::with_capacity(count + 1), linked: Vec::with_capacity(count + 1) };
        let (mut letters, mut linked, mut hidden_until) = (0, 0, 0);
        let (mut link_until, mut heading_until) = (0, 0);
        let headings = Headings::of(tree);
        for (id, node) in tree.nodes.iter().enumerate() {
            sums.letters.push(letters);
            sums.linked.push(linked);
            if id < hidden_until {
                continue;
            }
            if dropped[id] || element::role(node.name) == Role::Nothing {
                hidden_until = tree.end(id);
            } else if node.name.heading().is_some() {
                heading_until = tree.end(id);
            } else if node.name == Name::A && id >= heading_until && !headings.is_in(tree, id) {
                // One that holds a heading is the card of an article in a list, not the name of a place in a menu.
                link_until = tree.end(id);
            } else if node.name == Name::Text {
                let length = letters_in(tree.words(id));
                letters += length;
                linked += if id < link_until { length } else { 0 };
            }
        }
        sums.letters.push(letters);
        sums.linked.push(linked);
        sums
    }

    /// How many letters a part shows.
    pub fn letters(&self, tree: &Tree, id: Id) -> u32 {
        self.letters[tree.end(id)] - self.letters[id]
    }

    /// How many letters of a part are links.
    pub fn linked(&self, tree: &Tree, id: Id) -> u32 {
        self.linked[tree.end(id)] - self.linked[id]
    }

    /// How many letters of a part are no links.
    pub fn prose(&self, tree: &Tree, id: Id) -> u32 {
        self.letters(tree, id) - self.linked(tree, id)
    }
}

/// Letters of dense scripts say as much as two or three of an alphabet, and are two or three bytes long: bytes are fair.
fn letters_in(text: &str) -> u32 {
    let spaces = text.bytes().filter(u8::is_ascii_whitespace).count();
    u32::try_from(text.len() - spaces).unwrap_or(u32::MAX)
}
