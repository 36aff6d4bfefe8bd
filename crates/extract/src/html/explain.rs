//! Tells of each part of a page why it is content or why it is left out, in the words of the rules that decided.

mod excerpt;
mod reason;
#[cfg(test)]
mod tests;

use serde::Serialize;
use url::Url;

use self::excerpt::{excerpt, selector};
use self::reason::Reasons;
use super::dropped::Dropped;
use super::element::{self, Role};
use super::marks::Marks;
use super::measure::Measures;
use super::name::Name;
use super::select::{self, Content};
use super::tree::{Id, Tree};
use super::wanted::Wanted;
use super::{ornament, parse, repeats, state, streamed, walk};
use crate::budget::Budget;
use crate::room::Room;
use crate::site::Site;

/// Why a page was read as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The parts of the page in reading order.
    pub parts: Vec<Part>,
    /// What concerns the page as a whole.
    pub notes: Vec<String>,
}

/// A block that is content, or a part of any size that is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Whether it is content.
    pub is_kept: bool,
    /// Its element, written as a CSS selector.
    pub element: String,
    /// Why it is content, or why not.
    pub reason: String,
    /// How many letters, digits and signs it has, in bytes of UTF-8.
    pub letters: u32,
    /// How its text begins.
    pub excerpt: String,
}

/// Explains a page that came from `url`, with what is known of its site.
pub fn explain(html: &str, url: Option<&Url>, site: &Site) -> Explanation {
    let mut tree = parse::parse(html);
    streamed::settle(&mut tree);
    let mut found = Vec::new();
    let wanted = Wanted::of(&tree, site, &mut found);
    let content = select::select(&tree, &wanted, Dropped::recorded(&tree));
    let parts = Tour::new(&tree, &content, !wanted.keep.is_empty()).parts();
    found.extend(notes(&tree, &content, url));
    Explanation { parts, notes: found }
}

fn notes(tree: &Tree, content: &Content, url: Option<&Url>) -> Vec<String> {
    let mut notes = Vec::new();
    if tree.is_cut {
        notes.push(super::CUT.to_owned());
    }
    if content.letters < state::MIN_SHOWN
        && state::read(tree, content.letters, &Room::default(), &Budget::endless()).is_some()
    {
        notes.push("the page shows hardly any text; it is read from the data that its scripts carry along".to_owned());
    }
    let mut blocks =
        walk::blocks(walk::Page { tree, dropped: &content.dropped, base: url, room: &Room::default() }, &content.roots);
    let before = blocks.len();
    repeats::remove(&mut blocks);
    if blocks.len() < before {
        let count = before - blocks.len();
        notes.push(format!("blocks left out because they say the same as one before, word for word: {count}"));
    }
    notes
}

/// One pass over the page, in reading order.
struct Tour<'a> {
    tree: &'a Tree,
    content: &'a Content,
    reasons: Reasons<'a>,
    /// Whether a node holds further blocks, so that it is none itself.
    holds_blocks: Vec<bool>,
    parts: Vec<Part>,
}

impl<'a> Tour<'a> {
    fn new(tree: &'a Tree, content: &'a Content, is_wanted: bool) -> Self {
        let all = Measures::of(tree, &Dropped::none(tree));
        let reasons = Reasons { tree, content, marks: Marks::of(tree), is_wanted, all };
        Self { tree, content, reasons, holds_blocks: holds_blocks(tree), parts: Vec::new() }
    }

    fn parts(mut self) -> Vec<Part> {
        let (mut id, mut roots) = (self.tree.body(), self.content.roots.clone());
        roots.sort_unstable();
        let end = self.tree.end(id);
        while id < end {
            let next = roots.partition_point(|root| *root <= id);
            let holds_root = roots.get(next).is_some_and(|root| *root < self.tree.end(id));
            let root = roots[..next].last().copied().filter(|root| id < self.tree.end(*root));
            id = self.visit(id, root, holds_root);
        }
        self.parts
    }

    /// Tells of a node what there is to tell, and names the next one to look at.
    fn visit(&mut self, id: Id, root: Option<Id>, holds_root: bool) -> Id {
        let tree = self.tree;
        let silent = element::role(tree.name(id)) == Role::Nothing;
        if self.content.dropped[id] {
            self.leave_out(id, self.reasons.dropped(id));
        } else if silent || (tree.name(id) != Name::Text && ornament::is_ornament(tree, id)) {
            if silent && self.reasons.is_worth_a_word(id) {
                self.leave_out(id, self.reasons.silent(id));
            }
        } else if let Some(root) = root {
            if self.holds_blocks[id] {
                return id + 1;
            }
            self.keep(id, root);
        } else if holds_root {
            return id + 1;
        } else {
            self.leave_out(id, "outside of the part that holds the content".to_owned());
        }
        tree.end(id)
    }

    fn keep(&mut self, id: Id, root: Id) {
        let reason = self.reasons.chosen(root);
        self.tell(true, id, reason);
    }

    fn leave_out(&mut self, id: Id, reason: String) {
        self.tell(false, id, reason);
    }

    fn tell(&mut self, is_kept: bool, id: Id, reason: String) {
        let text = excerpt(self.tree, id);
        if !text.is_empty() {
            let letters = self.reasons.all.letters(self.tree, id);
            self.parts.push(Part { is_kept, element: selector(self.tree, id), reason, letters, excerpt: text });
        }
    }
}

/// Which nodes hold blocks or, beside other elements, bare text that is a block of its own.
fn holds_blocks(tree: &Tree) -> Vec<bool> {
    let mut holds = vec![false; tree.nodes.len()];
    for id in (1..tree.nodes.len()).rev() {
        if holds[id] || element::role(tree.name(id)) == Role::Block {
            holds[tree.parent(id)] = true;
        }
    }
    holds
}
