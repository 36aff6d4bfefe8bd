//! The open elements: which is current, which are in scope, and how they are closed.

use super::build::Builder;
use super::growing::Grown;
use crate::html::name::Name;

/// How far back an end tag may reach among the elements beyond the depth limit.
const REACH: usize = 64;

/// Which elements a search for an open element may not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Plain,
    ListItem,
    Button,
    Table,
}

impl Scope {
    fn ends_at(self, name: Name) -> bool {
        if self == Self::Table {
            return matches!(name, Name::Html | Name::Table | Name::Slot);
        }
        let is_extra = match self {
            Self::ListItem => matches!(name, Name::Ol | Name::Ul),
            Self::Button => name == Name::Button,
            Self::Plain | Self::Table => false,
        };
        is_extra
            || matches!(
                name,
                Name::Applet
                    | Name::Caption
                    | Name::Html
                    | Name::Table
                    | Name::Td
                    | Name::Th
                    | Name::Marquee
                    | Name::Object
                    | Name::Slot
                    | Name::Mi
                    | Name::Mo
                    | Name::Mn
                    | Name::Ms
                    | Name::Mtext
                    | Name::AnnotationXml
                    | Name::ForeignObject
                    | Name::Desc
            )
    }
}

impl Builder {
    pub fn current(&self) -> Grown {
        self.open.last().copied().unwrap_or(0)
    }

    pub fn name_of(&self, node: Grown) -> Name {
        self.tree.at(node).name
    }

    pub fn is_current(&self, name: Name) -> bool {
        self.name_of(self.current()) == name
    }

    pub fn is_table_part(&self, node: Grown) -> bool {
        matches!(self.name_of(node), Name::Table | Name::Tbody | Name::Tfoot | Name::Thead | Name::Tr)
    }

    /// Whether one of the names is open and nothing that ends the scope is above it.
    pub fn is_in_scope(&self, names: &[Name], scope: Scope) -> bool {
        for node in self.open.iter().rev() {
            let name = self.name_of(*node);
            if names.contains(&name) {
                return true;
            }
            if scope.ends_at(name) {
                return false;
            }
        }
        false
    }

    /// Closes everything up to one of the names, and that too.
    pub fn pop_until(&mut self, names: &[Name]) {
        while self.open.len() > 1 {
            let Some(node) = self.open.pop() else { return };
            if names.contains(&self.name_of(node)) {
                return;
            }
        }
    }

    /// Closes everything above the innermost of the names.
    pub fn pop_to(&mut self, names: &[Name]) {
        while self.open.len() > 1 && !names.contains(&self.name_of(self.current())) {
            self.open.pop();
        }
    }

    /// Closes elements whose end tags may be left out, except one.
    pub fn close_implied(&mut self, except: Option<Name>) {
        while self.open.len() > 1 {
            let name = self.name_of(self.current());
            let is_implied = matches!(
                name,
                Name::Dd
                    | Name::Dt
                    | Name::Li
                    | Name::Optgroup
                    | Name::Option
                    | Name::P
                    | Name::Rb
                    | Name::Rp
                    | Name::Rt
                    | Name::Rtc
            );
            if !is_implied || Some(name) == except {
                return;
            }
            self.open.pop();
        }
    }

    pub fn close_paragraph(&mut self) {
        let current = self.current();
        if self.without_paragraph == current {
            return;
        }
        if self.is_in_scope(&[Name::P], Scope::Button) {
            self.close_implied(Some(Name::P));
            self.pop_until(&[Name::P]);
        } else {
            // Each of a crowd of elements in a deep one would search all that is around it.
            self.without_paragraph = current;
        }
    }

    /// Handles an end tag while elements are open that the depth limit kept out; whether that is all.
    pub fn end_beyond(&mut self, name: Name) -> bool {
        if self.beyond.is_empty() {
            return false;
        }
        if let Some(back) = self.beyond.iter().rev().take(REACH).position(|open| *open == name) {
            self.beyond.truncate(self.beyond.len() - back - 1);
            return true;
        }
        let is_open = self.open.iter().any(|node| self.name_of(*node) == name);
        if is_open {
            self.beyond.clear();
        }
        !is_open
    }
}
