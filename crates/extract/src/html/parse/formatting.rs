//! Formatting elements: reopened in every block they reach into, and untangled where they overlap with blocks.

use super::build::{Builder, Tag};
use super::growing::{Grown, Linked, NONE};
use super::open::Scope;
use crate::html::name::Name;

/// More open formatting than any page means; every block would repeat all of it.
const MAX_FORMATTING: usize = 32;

impl Builder {
    /// Remembers a formatting element; at most three alike, as the standard says.
    pub fn push_formatting(&mut self, node: Grown) {
        let since = self.formatting.iter().rposition(|node| *node == NONE).map_or(0, |at| at + 1);
        let name = self.name_of(node);
        let length = self.tree.at(node).length;
        let alike = |other: &Grown| {
            self.name_of(*other) == name && self.tree.at(*other).length == length && self.same_values(*other, node)
        };
        let twins: Vec<usize> = (since..self.formatting.len()).filter(|at| alike(&self.formatting[*at])).collect();
        if twins.len() >= 3 {
            self.formatting.remove(twins[0]);
        }
        if self.formatting.len() >= MAX_FORMATTING {
            self.formatting.remove(0);
        }
        self.formatting.push(node);
    }

    fn same_values(&self, one: Grown, other: Grown) -> bool {
        let texts = |node: Grown| {
            let Linked { start, length, .. } = *self.tree.at(node);
            let values = &self.values[start as usize..(start + length) as usize];
            values.iter().map(|value| {
                (value.attribute, &self.bytes[value.start as usize..(value.start + value.length) as usize])
            })
        };
        texts(one).eq(texts(other))
    }

    pub fn clear_to_marker(&mut self) {
        while self.formatting.pop().is_some_and(|node| node != NONE) {}
    }

    /// Reopens the formatting that the last block closed.
    pub fn rebuild_formatting(&mut self) {
        let is_done = |node: &Grown| *node == NONE || self.open.contains(node);
        if self.formatting.last().is_none_or(is_done) || !self.beyond.is_empty() {
            return;
        }
        let first = self.formatting.iter().rposition(is_done).map_or(0, |at| at + 1);
        for at in first..self.formatting.len() {
            let Linked { name, start, length, .. } = *self.tree.at(self.formatting[at]);
            self.formatting[at] = self.insert(Tag { name, values: (start, length), is_self_closing: false });
        }
    }

    /// The standard's adoption agency: an end tag of formatting that crosses blocks.
    pub fn end_formatting(&mut self, name: Name) {
        let current = self.current();
        if self.name_of(current) == name && !self.formatting.contains(&current) {
            self.open.pop();
            return;
        }
        for _ in 0..8 {
            if !self.adopt(name) {
                return;
            }
        }
    }

    /// One round; whether there may be another.
    fn adopt(&mut self, name: Name) -> bool {
        let since = self.formatting.iter().rposition(|node| *node == NONE).map_or(0, |at| at + 1);
        let found = (since..self.formatting.len()).rev().find(|at| self.name_of(self.formatting[*at]) == name);
        let Some(entry) = found else {
            self.end_any(name);
            return false;
        };
        let element = self.formatting[entry];
        let Some(at) = self.open.iter().rposition(|node| *node == element) else {
            self.formatting.remove(entry);
            return false;
        };
        if !self.is_in_scope(&[name], Scope::Plain) {
            return false;
        }
        let furthest = (at + 1..self.open.len()).find(|place| is_special(self.name_of(self.open[*place])));
        let Some(furthest_at) = furthest else {
            self.open.truncate(at);
            self.formatting.remove(entry);
            return false;
        };
        self.move_block(entry, at, furthest_at);
        true
    }

    fn move_block(&mut self, entry: usize, at: usize, furthest_at: usize) {
        let (element, furthest, ancestor) = (self.formatting[entry], self.open[furthest_at], self.open[at - 1]);
        let (mut bookmark, mut last, mut rounds) = (entry, furthest, 0);
        let mut place = furthest_at;
        while place > at + 1 {
            place -= 1;
            rounds += 1;
            let node = self.open[place];
            let listed = self.formatting.iter().position(|other| *other == node);
            let Some(listed) = listed.filter(|_| rounds <= 3) else {
                if let Some(listed) = listed {
                    self.formatting.remove(listed);
                    bookmark -= usize::from(listed < bookmark);
                }
                self.open.remove(place);
                continue;
            };
            let copy = self.copy(node);
            self.formatting[listed] = copy;
            self.open[place] = copy;
            if last == furthest {
                bookmark = listed + 1;
            }
            self.tree.append(copy, last);
            last = copy;
        }
        self.adopt_into(ancestor, last);
        let copy = self.copy(element);
        self.tree.move_children(furthest, copy);
        self.tree.append(furthest, copy);
        if let Some(old) = self.formatting.iter().position(|node| *node == element) {
            self.formatting.remove(old);
            bookmark -= usize::from(old < bookmark);
        }
        self.formatting.insert(bookmark.min(self.formatting.len()), copy);
        self.open.retain(|node| *node != element);
        let above = self.open.iter().rposition(|node| *node == furthest).map_or(self.open.len(), |at| at + 1);
        self.open.insert(above, copy);
    }

    /// Puts a node into the common ancestor, or before the table if that is one.
    fn adopt_into(&mut self, ancestor: Grown, node: Grown) {
        let table =
            self.is_table_part(ancestor).then(|| self.open.iter().rposition(|open| self.name_of(*open) == Name::Table));
        let table = table.flatten().map(|at| self.open[at]).filter(|table| self.tree.at(*table).parent != NONE);
        match table {
            Some(table) => self.tree.insert_before(table, node),
            None => self.tree.append(ancestor, node),
        }
    }

    fn copy(&mut self, node: Grown) -> Grown {
        let Linked { name, start, length, .. } = *self.tree.at(node);
        self.tree.add(Linked::new(name, start, length))
    }

    /// Any other end tag: closes the innermost element of that name unless a block is in between.
    pub fn end_any(&mut self, name: Name) {
        for at in (1..self.open.len()).rev() {
            let open = self.name_of(self.open[at]);
            if open == name {
                self.close_implied(Some(name));
                self.open.truncate(at.min(self.open.len()));
                return;
            }
            if is_special(open) {
                return;
            }
        }
    }
}

/// Elements that no stray end tag reaches across.
pub fn is_special(name: Name) -> bool {
    !matches!(
        name,
        Name::A
            | Name::Abbr
            | Name::Audio
            | Name::B
            | Name::Big
            | Name::Canvas
            | Name::Cite
            | Name::Code
            | Name::Datalist
            | Name::Del
            | Name::Dfn
            | Name::Dialog
            | Name::Em
            | Name::Font
            | Name::I
            | Name::Image
            | Name::Kbd
            | Name::Label
            | Name::Legend
            | Name::Map
            | Name::Meter
            | Name::Nobr
            | Name::Optgroup
            | Name::Option
            | Name::Progress
            | Name::Q
            | Name::Rb
            | Name::Rp
            | Name::Rt
            | Name::Rtc
            | Name::Ruby
            | Name::S
            | Name::Samp
            | Name::Slot
            | Name::Small
            | Name::Span
            | Name::Strike
            | Name::Strong
            | Name::Sub
            | Name::Sup
            | Name::Svg
            | Name::Math
            | Name::Time
            | Name::Tt
            | Name::U
            | Name::Var
            | Name::Video
            | Name::Custom(_)
    )
}
