//! The rules for the head of a page, and for elements whose content is not markup.

use html5gum::State;

use super::build::{Builder, Mode, Tag};
use super::growing::Grown;
use crate::html::attribute::Attribute;
use crate::html::name::Name;

impl Builder {
    pub fn start_in_head(&mut self, tag: Tag) -> bool {
        match tag.name {
            Name::Html => self.adopt_values(0, tag),
            Name::Head => {
                if self.open.len() == 1 {
                    self.insert(tag);
                }
            }
            _ if self.open.len() == 1 && is_head_content(tag.name) => {
                self.insert(Tag::implied(Name::Head));
                return true;
            }
            Name::Base | Name::Bgsound | Name::Link | Name::Meta => {
                self.insert_void(tag);
            }
            Name::Script | Name::Style | Name::Title | Name::Noscript | Name::Noframes => {
                self.insert(tag);
            }
            Name::Body => self.open_body(tag),
            _ => {
                self.open_body(Tag::implied(Name::Body));
                return true;
            }
        }
        false
    }

    pub fn end_in_head(&mut self, name: Name) {
        match name {
            Name::Script | Name::Style | Name::Title | Name::Noscript | Name::Noframes
                if self.name_of(self.current()) == name =>
            {
                self.open.pop();
            }
            Name::Br => {
                self.open_body(Tag::implied(Name::Body));
                self.end_in_body(name);
            }
            _ => {}
        }
    }

    pub fn open_body(&mut self, tag: Tag) {
        self.open.truncate(1);
        self.insert(tag);
        self.mode = Mode::Body;
    }

    /// A second `html` or `body` tag only adds what the first did not say.
    pub fn adopt_values(&mut self, node: Grown, tag: Tag) {
        let node = self.tree.at_mut(node);
        if node.length == 0 {
            (node.start, node.length) = tag.values;
        }
    }

    /// Whether what follows the tag is not markup.
    pub fn raw_state(&mut self, tag: &Tag, is_shown: bool) -> Option<State> {
        let state = match tag.name {
            Name::Script => State::ScriptData,
            Name::Style | Name::Iframe | Name::Xmp | Name::Noembed | Name::Noframes | Name::Noscript => State::RawText,
            Name::Textarea | Name::Title => State::RcData,
            Name::Plaintext => State::PlainText,
            _ => return None,
        };
        self.is_muted = match tag.name {
            Name::Script => !self.is_data(tag),
            Name::Xmp | Name::Plaintext | Name::Title => !is_shown,
            _ => true,
        };
        Some(state)
    }

    /// Scripts that hold data: JSON-LD, the state that applications are started with, and the sources of formulas.
    fn is_data(&self, tag: &Tag) -> bool {
        self.value_of(tag, Attribute::Type).is_some_and(|kind| {
            kind.starts_with(b"math/tex") || kind.windows(4).any(|part| part.eq_ignore_ascii_case(b"json"))
        })
    }
}

/// What opens the head where the page left its tag out.
fn is_head_content(name: Name) -> bool {
    matches!(
        name,
        Name::Base
            | Name::Bgsound
            | Name::Link
            | Name::Meta
            | Name::Script
            | Name::Style
            | Name::Title
            | Name::Noscript
            | Name::Noframes
    )
}
