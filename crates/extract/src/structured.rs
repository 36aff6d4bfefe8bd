//! Reads JSON and XML as text: their words are there, and what they mean to a program is said to be lost.

use std::collections::HashSet;

use model::Block;

use crate::build::Builder;
use crate::reading::Reading;
use crate::xml::{Node, Xml};

/// More elements and texts than any document people read.
const MAX_NODES: usize = 2_000_000;

/// Elements that are open at once; of deeper ones nobody asks whether they stand beside words.
const MAX_DEPTH: usize = 256;

/// JSON as it is written.
pub fn json(text: &str) -> Reading {
    let blocks = vec![Block::Code { language: Some("json".to_owned()), text: text.to_owned() }];
    let warning = "JSON is kept as it is written; convert it to a text or a table for better answers";
    Reading { blocks, warnings: vec![warning.to_owned()], ..Reading::default() }
}

/// The texts of XML, one paragraph an element; elements inside of sentences do not part them.
pub fn xml(text: &str) -> Reading {
    let inline = inline_names(text);
    let mut builder = Builder::default();
    let mut nodes = Xml::new(text);
    for node in nodes.by_ref().take(MAX_NODES) {
        match node {
            Node::Open(element) if !inline.contains(&element.name()) => builder.end_block(),
            Node::Close(name) if !inline.contains(&name) => builder.end_block(),
            Node::Text(text) => builder.text(&text),
            Node::Open(_) | Node::Close(_) => {}
        }
    }
    let warning = "XML is read as its texts, without what its elements mean; convert it to HTML for better answers";
    let cut = "the XML is very long; what comes first was read, and the rest is left out";
    let warnings = [Some(warning), nodes.next().map(|_| cut)].into_iter().flatten().map(str::to_owned).collect();
    Reading { blocks: builder.finish(), warnings, ..Reading::default() }
}

/// The names of elements that stand beside words in one element.
fn inline_names(text: &str) -> HashSet<String> {
    let mut inline = HashSet::new();
    // For each open element its children's names, and whether it holds words of its own.
    let mut open: Vec<(HashSet<String>, bool)> = vec![Default::default()];
    let mut beyond = 0_usize;
    for node in Xml::new(text).take(MAX_NODES) {
        match node {
            Node::Open(_) if open.len() >= MAX_DEPTH => beyond += 1,
            Node::Close(_) if beyond > 0 => beyond -= 1,
            Node::Text(_) if beyond > 0 => {}
            Node::Open(element) => {
                if let Some((children, _)) = open.last_mut() {
                    children.insert(element.name());
                }
                open.push(Default::default());
            }
            Node::Close(_) if open.len() > 1 => {
                if let Some((children, true)) = open.pop() {
                    inline.extend(children);
                }
            }
            Node::Close(_) => {}
            Node::Text(text) => {
                if let Some((_, has_words)) = open.last_mut() {
                    *has_words |= text.chars().any(char::is_alphanumeric);
                }
            }
        }
    }
    inline
}

#[cfg(test)]
mod tests;
