//! Receives the tokenizer's pieces and hands whole tags and runs of text to the builder.

use std::cell::Cell;
use std::rc::Rc;

use html5gum::{Emitter, Error, State};

use super::build::{Builder, Tag};
use super::growing::to_u32;
use crate::html::attribute::Attribute;
use crate::html::tree::Value;

/// Longer values are data, not addresses or names: images in an address, state in an attribute.
const MAX_VALUE: usize = 4_096;
/// More state than any page needs.
const MAX_STATE: usize = 4 * 1024 * 1024;
/// Longer names are no names.
const MAX_NAME: usize = 64;
/// More attributes than any tag has. The tokenizer may call itself for each, so this bounds its stack: a call takes about 5 kB in
/// a debug build.
const MAX_ATTRIBUTES: usize = 128;

/// What has come of the current token.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "the tokenizer tells each of them by itself")]
pub struct Tokens {
    builder: Builder,
    name: Vec<u8>,
    last_start: Vec<u8>,
    is_end: bool,
    is_self_closing: bool,
    attribute: Vec<u8>,
    has_attribute: bool,
    value_start: Option<(Attribute, usize)>,
    is_done: bool,
    /// How many attributes the tag has had.
    attributes: usize,
    is_crowded: Rc<Cell<bool>>,
}

fn push(name: &mut Vec<u8>, part: &[u8]) {
    let room = MAX_NAME.saturating_sub(name.len());
    name.extend(&part[..part.len().min(room)]);
}

impl Tokens {
    /// What tells the input to leave out the rest of a tag.
    pub fn is_crowded(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.is_crowded)
    }

    /// The attribute whose name is complete, if it is one to keep and the tag does not have it yet.
    fn begin_value(&mut self) {
        if !self.has_attribute {
            return;
        }
        self.has_attribute = false;
        let known = Attribute::known(&self.attribute).filter(|attribute| !self.builder.has_value(*attribute));
        self.value_start = known.map(|attribute| (attribute, self.builder.bytes.len()));
    }

    fn end_attribute(&mut self) {
        self.begin_value();
        if let Some((attribute, start)) = self.value_start.take() {
            self.builder.value(attribute, start);
        }
        self.attribute.clear();
    }
}

impl Emitter for Tokens {
    type Token = Builder;

    fn set_last_start_tag(&mut self, last: Option<&[u8]>) {
        self.last_start = last.unwrap_or_default().to_vec();
    }

    fn emit_eof(&mut self) {
        self.builder.flush_text();
        self.is_done = true;
    }

    fn emit_error(&mut self, _: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<Builder> {
        if !self.is_done {
            return None;
        }
        self.is_done = false;
        Some(std::mem::take(&mut self.builder))
    }

    fn emit_string(&mut self, text: &[u8]) {
        self.builder.push_text(text);
    }

    fn init_start_tag(&mut self) {
        self.name.clear();
        self.is_end = false;
        self.is_self_closing = false;
        self.attributes = 0;
    }

    fn init_end_tag(&mut self) {
        self.name.clear();
        self.is_end = true;
        self.is_self_closing = false;
        self.attributes = 0;
    }

    fn init_comment(&mut self) {}

    fn emit_current_tag(&mut self) -> Option<State> {
        self.builder.flush_text();
        self.end_attribute();
        let name = self.builder.intern(&self.name);
        if self.is_end {
            self.last_start.clear();
            self.builder.drop_values();
            self.builder.end(name);
            return None;
        }
        self.last_start.clone_from(&self.name);
        let values = self.builder.take_values();
        self.builder.start(Tag { name, values, is_self_closing: self.is_self_closing })
    }

    fn emit_current_comment(&mut self) {}

    fn emit_current_doctype(&mut self) {}

    fn set_self_closing(&mut self) {
        self.is_self_closing = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, part: &[u8]) {
        push(&mut self.name, part);
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {}

    fn init_attribute(&mut self) {
        self.builder.flush_text();
        self.end_attribute();
        self.has_attribute = true;
        self.attributes += 1;
        self.is_crowded.set(self.attributes >= MAX_ATTRIBUTES);
    }

    fn push_attribute_name(&mut self, part: &[u8]) {
        push(&mut self.attribute, part);
    }

    fn push_attribute_value(&mut self, part: &[u8]) {
        self.begin_value();
        if let Some((attribute, start)) = self.value_start {
            let most = if attribute.is_state() { MAX_STATE } else { MAX_VALUE };
            let room = most.saturating_sub(self.builder.bytes.len() - start);
            let mut taken = part.len().min(room);
            // Never inside a letter.
            while part.get(taken).is_some_and(|byte| byte & 0xc0 == 0x80) {
                taken -= 1;
            }
            self.builder.bytes.extend(&part[..taken]);
        }
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end && !self.last_start.is_empty() && self.last_start == self.name
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.builder.is_in_foreign()
    }
}

impl Builder {
    fn value(&mut self, attribute: Attribute, start: usize) {
        let length = self.bytes.len() - start;
        self.pending.push(Value { attribute, start: to_u32(start), length: to_u32(length) });
    }
}
