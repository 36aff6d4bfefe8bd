//! What the styles of an `OpenDocument` make of texts and lists.

use std::collections::{HashMap, HashSet};

use crate::xml::{Node, Xml};

/// The styles that matter to a reader.
#[derive(Debug, Default)]
pub struct Styles {
    /// Names of text styles that are bold.
    pub bold: HashSet<String>,
    /// Names of text styles that are italic.
    pub italic: HashSet<String>,
    /// Names of list styles and the levels, from 1, that are numbered.
    pub numbered: HashSet<(String, usize)>,
    /// The style that a paragraph style is made from.
    parents: HashMap<String, String>,
}

impl Styles {
    /// The paragraph's style, or the named one that an automatic style is made from.
    pub fn named<'a>(&'a self, style: &'a str) -> &'a str {
        self.parents.get(style).map_or(style, String::as_str)
    }
}

/// Reads the parts that hold styles.
pub fn read(parts: &[&str]) -> Styles {
    let mut styles = Styles::default();
    let (mut style, mut list) = (String::new(), String::new());
    for node in parts.iter().flat_map(|part| Xml::new(part)) {
        let Node::Open(element) = node else { continue };
        let value = |name: &str| element.attribute(name);
        match element.name().as_str() {
            "style" => {
                style = value("name").unwrap_or_default();
                if let Some(parent) = value("parent-style-name") {
                    styles.parents.insert(style.clone(), parent);
                }
            }
            "text-properties" if !style.is_empty() => {
                if value("font-weight")
                    .is_some_and(|weight| weight == "bold" || weight.parse().is_ok_and(|weight: u32| weight >= 600))
                {
                    styles.bold.insert(style.clone());
                }
                if value("font-style").is_some_and(|look| look == "italic" || look == "oblique") {
                    styles.italic.insert(style.clone());
                }
            }
            "list-style" => list = value("name").unwrap_or_default(),
            "list-level-style-number" if value("num-format").is_some_and(|format| !format.is_empty()) => {
                let level = value("level").and_then(|level| level.parse().ok()).unwrap_or(1);
                styles.numbered.insert((list.clone(), level));
            }
            _ => {}
        }
    }
    styles
}
