//! Reads definition lists: short ones are lists, long ones, such as an API reference, are paragraphs under their terms.

use super::element;
use super::name::Name;
use super::tree::{Id, Tree};
use super::walk::{End, Terms, Walk};
use crate::build::Container;

impl Walk<'_> {
    /// A `dl`.
    pub fn definitions(&mut self, id: Id) {
        let tree = self.page.tree;
        let is_block = |inner: Id| {
            let name = tree.name(inner);
            name.heading().is_some() || matches!(name, Name::Pre | Name::Table | Name::Dl | Name::Blockquote)
        };
        if is_notes(tree, id) || (id + 1..tree.end(id)).any(is_block) {
            self.builder.end_block();
            self.terms.push(None);
        } else {
            self.builder.open(Container::List(None));
            self.terms.push(Some(Terms::default()));
        }
        self.inside(id, End::Definitions);
    }

    /// The end of a `dl`.
    pub fn end_definitions(&mut self) {
        if let Some(terms) = self.terms.pop().flatten() {
            if terms.is_open {
                self.builder.close();
            }
            self.builder.close();
        }
    }

    /// A `dt`; several in a row share what follows.
    pub fn term(&mut self, id: Id) {
        let tree = self.page.tree;
        if is_notes(tree, tree.parent(id)) {
            let label = element::words(tree, id);
            return self.builder.lead(&format!("[{}] ", label.trim_matches(['[', ']'])));
        }
        if let Some(Some(terms)) = self.terms.last_mut() {
            if terms.is_open && terms.has_definition {
                self.builder.close();
                terms.is_open = false;
            }
            if !terms.is_open {
                self.builder.open(Container::Item);
                *terms = Terms { is_open: true, has_definition: false };
            }
        }
        self.bold_block(id);
    }

    /// A `dd`.
    pub fn definition(&mut self, id: Id) {
        if let Some(Some(terms)) = self.terms.last_mut() {
            terms.has_definition = true;
        }
        self.builder.end_block();
        self.inside(id, End::Block);
    }
}

/// Whether a list holds footnotes, each under its number.
fn is_notes(tree: &Tree, list: Id) -> bool {
    element::has_class(tree, list, &["footnote", "citation"])
}
