//! The rules for tags in tables: rows and cells that the page left out, and content that belongs before the table.

use super::build::{Builder, Mode, Tag};
use super::growing::NONE;
use super::open::Scope;
use crate::html::attribute::Attribute;
use crate::html::name::Name;

const GROUPS: [Name; 3] = [Name::Tbody, Name::Tfoot, Name::Thead];
const CELLS: [Name; 2] = [Name::Td, Name::Th];

impl Builder {
    /// Handles a start tag; whether it must be handled once more.
    pub fn start_in_table(&mut self, tag: Tag) -> bool {
        match self.mode {
            Mode::Rows => self.start_in_rows(tag),
            Mode::Row => self.start_in_row(tag),
            Mode::Cell if is_table_tag(tag.name) => {
                if self.is_in_scope(&CELLS, Scope::Table) {
                    self.close_cell();
                } else {
                    self.reset_mode();
                }
                self.mode != Mode::Cell
            }
            Mode::Caption if is_table_tag(tag.name) => self.close_caption(),
            Mode::Cell | Mode::Caption => {
                self.in_body(tag);
                false
            }
            Mode::Columns if tag.name == Name::Col => {
                self.insert_void(tag);
                false
            }
            Mode::Columns => {
                self.leave_columns();
                true
            }
            _ => self.start_between(tag),
        }
    }

    /// Directly in the table.
    fn start_between(&mut self, tag: Tag) -> bool {
        match tag.name {
            Name::Caption => {
                self.pop_to(&[Name::Table, Name::Html]);
                self.formatting.push(NONE);
                self.insert(tag);
                self.mode = Mode::Caption;
            }
            Name::Colgroup => {
                self.pop_to(&[Name::Table, Name::Html]);
                self.insert(tag);
                self.mode = Mode::Columns;
            }
            Name::Col => {
                self.start_between(Tag::implied(Name::Colgroup));
                return true;
            }
            name if GROUPS.contains(&name) => {
                self.pop_to(&[Name::Table, Name::Html]);
                self.insert(tag);
                self.mode = Mode::Rows;
            }
            Name::Td | Name::Th | Name::Tr => {
                self.start_between(Tag::implied(Name::Tbody));
                return true;
            }
            Name::Table => {
                if self.is_in_scope(&[Name::Table], Scope::Table) {
                    self.pop_until(&[Name::Table]);
                    self.reset_mode();
                    return true;
                }
            }
            Name::Style | Name::Script => {
                self.insert(tag);
            }
            Name::Input
                if self.value_of(&tag, Attribute::Type).is_some_and(|kind| kind.eq_ignore_ascii_case(b"hidden")) =>
            {
                self.insert_void(tag);
            }
            Name::Form => {
                if self.form == NONE {
                    let depth = self.open.len();
                    self.form = self.insert(tag);
                    self.open.truncate(depth);
                }
            }
            _ => self.foster(tag),
        }
        false
    }

    fn foster(&mut self, tag: Tag) {
        self.is_fostering = true;
        self.in_body(tag);
        self.is_fostering = false;
    }

    fn start_in_rows(&mut self, tag: Tag) -> bool {
        match tag.name {
            Name::Tr => {
                self.pop_to(&[Name::Tbody, Name::Tfoot, Name::Thead, Name::Html]);
                self.insert(tag);
                self.mode = Mode::Row;
                false
            }
            Name::Td | Name::Th => {
                self.start_in_rows(Tag::implied(Name::Tr));
                true
            }
            name if is_table_tag(name) => self.leave_rows(),
            _ => self.start_between(tag),
        }
    }

    fn start_in_row(&mut self, tag: Tag) -> bool {
        match tag.name {
            Name::Td | Name::Th => {
                self.pop_to(&[Name::Tr, Name::Html]);
                self.insert(tag);
                self.mode = Mode::Cell;
                self.formatting.push(NONE);
                false
            }
            name if is_table_tag(name) => self.leave_row(),
            _ => self.start_between(tag),
        }
    }

    /// Handles an end tag; whether it must be handled once more.
    pub fn end_in_table(&mut self, name: Name) -> bool {
        match (self.mode, name) {
            (Mode::Cell, Name::Td | Name::Th) => {
                if self.is_in_scope(&[name], Scope::Table) {
                    self.close_implied(None);
                    self.pop_until(&[name]);
                    self.clear_to_marker();
                    self.mode = Mode::Row;
                }
            }
            (Mode::Cell, Name::Table | Name::Tr | Name::Tbody | Name::Tfoot | Name::Thead) => {
                if self.is_in_scope(&[name], Scope::Table) {
                    if self.is_in_scope(&CELLS, Scope::Table) {
                        self.close_cell();
                    } else {
                        self.reset_mode();
                    }
                    return self.mode != Mode::Cell;
                }
            }
            (Mode::Row, Name::Tr) => {
                self.leave_row();
            }
            (Mode::Row, Name::Table | Name::Tbody | Name::Tfoot | Name::Thead) => {
                return self.is_in_scope(&[name], Scope::Table) && self.leave_row();
            }
            (Mode::Rows, Name::Tbody | Name::Tfoot | Name::Thead) => {
                if self.is_in_scope(&[name], Scope::Table) {
                    self.leave_rows();
                }
            }
            (Mode::Rows, Name::Table) => return self.leave_rows(),
            (Mode::Caption, Name::Caption) => {
                self.close_caption();
            }
            (Mode::Caption, Name::Table) => return self.close_caption(),
            (Mode::Columns, Name::Colgroup) => self.leave_columns(),
            (Mode::Columns, _) => {
                self.leave_columns();
                return true;
            }
            (Mode::Table, Name::Table) => {
                if self.is_in_scope(&[Name::Table], Scope::Table) {
                    self.pop_until(&[Name::Table]);
                }
                self.reset_mode();
            }
            _ => self.end_inside(name),
        }
        false
    }

    fn end_inside(&mut self, name: Name) {
        if name == Name::Body || name == Name::Html || is_table_tag(name) {
            return;
        }
        self.is_fostering = matches!(self.mode, Mode::Table | Mode::Rows | Mode::Row);
        self.end_in_body(name);
        self.is_fostering = false;
    }

    fn close_cell(&mut self) {
        self.close_implied(None);
        self.pop_until(&CELLS);
        self.clear_to_marker();
        self.mode = Mode::Row;
    }

    fn close_caption(&mut self) -> bool {
        if !self.is_in_scope(&[Name::Caption], Scope::Table) {
            self.reset_mode();
            return self.mode != Mode::Caption;
        }
        self.close_implied(None);
        self.pop_until(&[Name::Caption]);
        self.clear_to_marker();
        self.mode = Mode::Table;
        true
    }

    pub fn leave_columns(&mut self) {
        if self.is_current(Name::Colgroup) {
            self.open.pop();
        }
        self.mode = Mode::Table;
    }

    fn leave_row(&mut self) -> bool {
        if !self.is_in_scope(&[Name::Tr], Scope::Table) {
            self.reset_mode();
            return self.mode != Mode::Row;
        }
        self.pop_until(&[Name::Tr]);
        self.mode = Mode::Rows;
        true
    }

    fn leave_rows(&mut self) -> bool {
        if !self.is_in_scope(&GROUPS, Scope::Table) {
            self.reset_mode();
            return self.mode != Mode::Rows;
        }
        self.pop_until(&GROUPS);
        self.mode = Mode::Table;
        true
    }

    /// The mode that the open elements ask for.
    fn reset_mode(&mut self) {
        let modes = self.open.iter().rev().find_map(|node| match self.name_of(*node) {
            Name::Td | Name::Th => Some(Mode::Cell),
            Name::Tr => Some(Mode::Row),
            Name::Tbody | Name::Tfoot | Name::Thead => Some(Mode::Rows),
            Name::Caption => Some(Mode::Caption),
            Name::Colgroup => Some(Mode::Columns),
            Name::Table => Some(Mode::Table),
            _ => None,
        });
        self.mode = modes.unwrap_or(Mode::Body);
    }
}

fn is_table_tag(name: Name) -> bool {
    GROUPS.contains(&name)
        || CELLS.contains(&name)
        || matches!(name, Name::Caption | Name::Col | Name::Colgroup | Name::Tr)
}
