//! The rules for tags in the body of a page: what each closes before it opens.

use super::build::{Builder, Mode, Tag};
use super::formatting::is_special;
use super::growing::NONE;
use super::open::Scope;
use crate::html::name::Name;

const HEADINGS: [Name; 6] = [Name::H1, Name::H2, Name::H3, Name::H4, Name::H5, Name::H6];

impl Builder {
    /// Handles a start tag.
    pub fn in_body(&mut self, tag: Tag) {
        match tag.name {
            Name::Html => self.adopt_values(0, tag),
            Name::Body => {
                if let Some(body) = self.open.get(1).copied() {
                    self.adopt_values(body, tag);
                }
            }
            Name::Base | Name::Bgsound | Name::Link | Name::Meta | Name::Param | Name::Source | Name::Track => {
                self.insert_void(tag);
            }
            Name::Script
            | Name::Style
            | Name::Title
            | Name::Noscript
            | Name::Noframes
            | Name::Iframe
            | Name::Noembed => {
                self.insert(tag);
            }
            Name::Caption
            | Name::Col
            | Name::Colgroup
            | Name::Frame
            | Name::Head
            | Name::Tbody
            | Name::Td
            | Name::Tfoot
            | Name::Th
            | Name::Thead
            | Name::Tr
            | Name::Frameset => {}
            Name::Hr => {
                self.close_paragraph();
                self.insert_void(tag);
            }
            Name::Image => self.in_body(Tag { name: Name::Img, ..tag }),
            name if name.is_void() => {
                self.rebuild_formatting();
                self.insert_void(tag);
            }
            name if closes_paragraph(name) => {
                self.close_paragraph();
                self.block(tag);
            }
            _ => self.inline(tag),
        }
    }

    fn block(&mut self, tag: Tag) {
        match tag.name {
            Name::Form => {
                if self.form != NONE {
                    return;
                }
                self.form = self.insert(tag);
                return;
            }
            Name::Table => {
                self.insert(tag);
                self.mode = Mode::Table;
                return;
            }
            name if name.heading().is_some() && HEADINGS.contains(&self.name_of(self.current())) => {
                self.open.pop();
            }
            Name::Xmp => self.rebuild_formatting(),
            _ => {}
        }
        self.insert(tag);
    }

    fn inline(&mut self, tag: Tag) {
        match tag.name {
            Name::Li => self.item(&[Name::Li]),
            Name::Dd | Name::Dt => self.item(&[Name::Dd, Name::Dt]),
            Name::Button => {
                if self.is_in_scope(&[Name::Button], Scope::Plain) {
                    self.close_implied(None);
                    self.pop_until(&[Name::Button]);
                }
                self.rebuild_formatting();
            }
            Name::Option | Name::Optgroup => {
                if self.is_current(Name::Option) {
                    self.open.pop();
                }
                self.rebuild_formatting();
            }
            Name::Rb | Name::Rtc | Name::Rp | Name::Rt if self.is_in_scope(&[Name::Ruby], Scope::Plain) => {
                let is_text = matches!(tag.name, Name::Rp | Name::Rt);
                self.close_implied(is_text.then_some(Name::Rtc));
            }
            Name::A => self.close_link(),
            Name::Nobr => {
                self.rebuild_formatting();
                if self.is_in_scope(&[Name::Nobr], Scope::Plain) {
                    self.end_formatting(Name::Nobr);
                }
            }
            _ => {}
        }
        if matches!(tag.name, Name::Svg | Name::Math) {
            self.rebuild_formatting();
            return self.open_foreign(tag);
        }
        if !matches!(
            tag.name,
            Name::Li | Name::Dd | Name::Dt | Name::Textarea | Name::Rb | Name::Rtc | Name::Rp | Name::Rt
        ) {
            self.rebuild_formatting();
        }
        let beyond = self.beyond.len();
        let node = self.insert(tag);
        // What the depth limit keeps out is not open, and its end comes to nobody.
        if self.beyond.len() > beyond {
            return;
        }
        if is_formatting(tag.name) {
            self.push_formatting(node);
        }
        if matches!(tag.name, Name::Applet | Name::Marquee | Name::Object) {
            self.formatting.push(NONE);
        }
    }

    /// A link in a link ends the outer one.
    fn close_link(&mut self) {
        let since = self.formatting.iter().rposition(|node| *node == NONE).map_or(0, |at| at + 1);
        let found = self.formatting[since..].iter().rev().copied().find(|node| self.name_of(*node) == Name::A);
        if let Some(link) = found {
            self.end_formatting(Name::A);
            self.formatting.retain(|node| *node != link);
            self.open.retain(|node| *node != link);
        }
    }

    /// A new item ends the one before it.
    fn item(&mut self, names: &[Name]) {
        for at in (1..self.open.len()).rev() {
            let name = self.name_of(self.open[at]);
            if names.contains(&name) {
                self.close_implied(Some(name));
                self.pop_until(&[name]);
                break;
            }
            if is_special(name) && !matches!(name, Name::Address | Name::Div | Name::P) {
                break;
            }
        }
        self.close_paragraph();
    }

    /// Handles an end tag.
    pub fn end_in_body(&mut self, name: Name) {
        match name {
            Name::Body | Name::Html => {}
            Name::Br => self.in_body(Tag::implied(Name::Br)),
            Name::P => {
                if !self.is_in_scope(&[Name::P], Scope::Button) {
                    self.insert(Tag::implied(Name::P));
                }
                self.close_paragraph();
            }
            Name::Form => {
                let form = std::mem::replace(&mut self.form, NONE);
                if self.open.contains(&form) {
                    self.close_implied(None);
                    self.open.retain(|node| *node != form);
                }
            }
            Name::Li => self.close(name, Scope::ListItem),
            _ if HEADINGS.contains(&name) => {
                if self.is_in_scope(&HEADINGS, Scope::Plain) {
                    self.close_implied(None);
                    self.pop_until(&HEADINGS);
                }
            }
            Name::Applet | Name::Marquee | Name::Object => {
                if self.is_in_scope(&[name], Scope::Plain) {
                    self.close(name, Scope::Plain);
                    self.clear_to_marker();
                }
            }
            Name::Dd | Name::Dt | Name::Button => self.close(name, Scope::Plain),
            _ if is_formatting(name) => self.end_formatting(name),
            _ if closes_paragraph(name) => self.close(name, Scope::Plain),
            _ => self.end_any(name),
        }
    }

    fn close(&mut self, name: Name, scope: Scope) {
        if self.is_in_scope(&[name], scope) {
            self.close_implied(Some(name));
            self.pop_until(&[name]);
        }
    }
}

fn is_formatting(name: Name) -> bool {
    matches!(
        name,
        Name::A
            | Name::B
            | Name::Big
            | Name::Code
            | Name::Em
            | Name::Font
            | Name::I
            | Name::Nobr
            | Name::S
            | Name::Small
            | Name::Strike
            | Name::Strong
            | Name::Tt
            | Name::U
    )
}

/// Blocks that no paragraph can hold.
fn closes_paragraph(name: Name) -> bool {
    name.heading().is_some()
        || matches!(
            name,
            Name::Address
                | Name::Article
                | Name::Aside
                | Name::Blockquote
                | Name::Center
                | Name::Details
                | Name::Dialog
                | Name::Dir
                | Name::Div
                | Name::Dl
                | Name::Fieldset
                | Name::Figcaption
                | Name::Figure
                | Name::Footer
                | Name::Form
                | Name::Header
                | Name::Hgroup
                | Name::Listing
                | Name::Main
                | Name::Menu
                | Name::Nav
                | Name::Ol
                | Name::P
                | Name::Plaintext
                | Name::Pre
                | Name::Search
                | Name::Section
                | Name::Summary
                | Name::Table
                | Name::Ul
                | Name::Xmp
        )
}
