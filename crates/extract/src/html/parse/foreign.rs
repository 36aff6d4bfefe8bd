//! Drawings and formulas: their own names nest as written, and HTML's blocks break out of them.

use super::build::{Builder, Tag};
use crate::html::name::Name;

impl Builder {
    /// Whether the current element is inside a drawing or a formula, where HTML's rules rest.
    pub fn is_in_foreign(&self) -> bool {
        let node = self.tree.at(self.current());
        node.is_foreign
            && !matches!(
                node.name,
                Name::ForeignObject
                    | Name::Desc
                    | Name::Title
                    | Name::Mi
                    | Name::Mo
                    | Name::Mn
                    | Name::Ms
                    | Name::Mtext
                    | Name::AnnotationXml
            )
    }

    /// Opens a drawing or a formula.
    pub fn open_foreign(&mut self, tag: Tag) {
        let depth = self.open.len();
        let node = self.insert(tag);
        self.tree.at_mut(node).is_foreign = true;
        if tag.is_self_closing {
            self.open.truncate(depth);
        }
    }

    /// Handles a start tag in a drawing or a formula; whether that is all.
    pub fn start_foreign(&mut self, tag: Tag) -> bool {
        if breaks_out(tag.name) {
            while self.open.len() > 1 && self.is_in_foreign() {
                self.open.pop();
            }
            return false;
        }
        self.open_foreign(tag);
        true
    }

    /// Handles an end tag in a drawing or a formula; whether that is all.
    pub fn end_foreign(&mut self, name: Name) -> bool {
        for at in (1..self.open.len()).rev() {
            let node = self.tree.at(self.open[at]);
            if !node.is_foreign {
                return false;
            }
            if node.name == name {
                self.open.truncate(at);
                return true;
            }
        }
        false
    }
}

fn breaks_out(name: Name) -> bool {
    name.heading().is_some()
        || matches!(
            name,
            Name::B
                | Name::Big
                | Name::Blockquote
                | Name::Body
                | Name::Br
                | Name::Center
                | Name::Code
                | Name::Dd
                | Name::Div
                | Name::Dl
                | Name::Dt
                | Name::Em
                | Name::Embed
                | Name::Head
                | Name::Hr
                | Name::I
                | Name::Img
                | Name::Li
                | Name::Listing
                | Name::Menu
                | Name::Meta
                | Name::Nobr
                | Name::Ol
                | Name::P
                | Name::Pre
                | Name::Ruby
                | Name::S
                | Name::Small
                | Name::Span
                | Name::Strong
                | Name::Strike
                | Name::Sub
                | Name::Sup
                | Name::Table
                | Name::Tt
                | Name::U
                | Name::Ul
                | Name::Var
        )
}
