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
        let headings = Headings::of(tree);
        let (mut hidden_until, mut link_until, mut heading_until) = (0, 0, 0);
        Self::summed(tree, |id| {
            let name = tree.name(id);
            if dropped[id] || element::role(name) == Role::Nothing {
                hidden_until = hidden_until.max(tree.end(id));
            }
            if id < hidden_until {
                return (0, 0);
            }
            if name.heading().is_some() {
                heading_until = heading_until.max(tree.end(id));
            } else if name == Name::A && id >= heading_until && !headings.is_in(tree, id) {
                // One that holds a heading is the card of an article in a list, not the name of a place in a menu.
                link_until = link_until.max(tree.end(id));
            }
            let letters = letters_in(tree.words(id));
            (letters, if id < link_until { letters } else { 0 })
        })
    }

    /// Measures what is left of the same page when more of it is dropped.
    pub fn without(&self, tree: &Tree, dropped: &[bool]) -> Self {
        let mut hidden_until = 0;
        Self::summed(tree, |id| {
            if dropped[id] {
                hidden_until = hidden_until.max(tree.end(id));
            }
            let is_left = id >= hidden_until && tree.name(id) == Name::Text;
            if is_left { (self.letters(tree, id), self.linked(tree, id)) } else { (0, 0) }
        })
    }

    /// Sums up how many letters each node has of its own, and how many of them are links.
    fn summed(tree: &Tree, mut own: impl FnMut(Id) -> (u32, u32)) -> Self {
        let count = tree.nodes.len();
        let mut sums = Self { letters: Vec::with_capacity(count + 1), linked: Vec::with_capacity(count + 1) };
        let (mut letters, mut linked) = (0, 0);
        for id in 0..count {
            sums.letters.push(letters);
            sums.linked.push(linked);
            let (more, of_links) = own(id);
            letters += more;
            linked += of_links;
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
