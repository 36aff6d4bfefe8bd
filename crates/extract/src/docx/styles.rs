//! What the styles of a document make of its paragraphs.

use std::collections::HashMap;

use crate::xml::{Node, Xml};

/// A style may be based on another, and so on; a circle must end.
const MAX_CHAIN: usize = 32;

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Running text.
    #[default]
    Text,
    /// The document's title.
    Title,
    /// A heading of this level, 1 to 6.
    Heading(u8),
    /// A quotation.
    Quote,
    /// A line of code.
    Code,
    /// A line of a table of contents, which only repeats the headings.
    Contents,
    /// Goes on with the item of a list.
    Continued,
}

/// The list that a paragraph is an item of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbered {
    /// The id of its numbering.
    pub id: String,
    /// Its level, 0 and up.
    pub level: usize,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    number: Option<String>,
    level: Option<usize>,
}

/// The styles by id.
#[derive(Debug, Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
    /// The language that the document is written in.
    pub language: Option<String>,
}

impl Styles {
    /// What a paragraph of this style is, and the list that the style makes it an item of.
    pub fn meaning(&self, id: &str) -> (Kind, Option<Numbered>) {
        let chain = || {
            let first = self.styles.get(id);
            std::iter::successors(first, |style| self.styles.get(style.based_on.as_deref()?)).take(MAX_CHAIN)
        };
        let number = chain().find_map(|style| style.number.clone());
        let level = chain().find_map(|style| style.level).unwrap_or(0);
        let numbered = number.filter(|id| id != "0").map(|id| Numbered { id, level });
        let by_name = chain().map(|style| by_name(&style.name)).find(|kind| *kind != Kind::Text);
        let by_outline = || chain().find_map(|style| style.outline).filter(|level| *level < 9).map(heading);
        // Without a list of styles their ids still speak.
        let by_id = || self.styles.is_empty().then(|| by_name_of_id(id));
        (by_name.or_else(by_outline).or_else(by_id).unwrap_or_default(), numbered)
    }
}

/// The heading of an outline level, which counts from 0.
pub fn heading(outline: u8) -> Kind {
    Kind::Heading(outline.saturating_add(1).min(6))
}

fn by_name_of_id(id: &str) -> Kind {
    id.strip_prefix("Heading").map_or(Kind::Text, |level| by_name(&format!("heading {level}")))
}

fn by_name(name: &str) -> Kind {
    if let Some(level) = name.strip_prefix("heading ").and_then(|level| level.trim().parse::<u8>().ok()) {
        return heading(level.saturating_sub(1));
    }
    match name {
        "title" => Kind::Title,
        "quote" | "intense quote" | "block text" | "quotations" => Kind::Quote,
        "html preformatted" | "macro text" | "plain text" | "source code" | "preformatted text" => Kind::Code,
        "list paragraph" => Kind::Continued,
        _ if name.starts_with("toc ") => Kind::Contents,
        _ if name.starts_with("list continue") => Kind::Continued,
        _ if name.starts_with("code") => Kind::Code,
        _ => Kind::Text,
    }
}

/// Reads the part with the styles.
pub fn read(text: &str) -> Styles {
    let mut styles = Styles::default();
    let mut open: Option<(String, Style)> = None;
    for node in Xml::new(text) {
        match node {
            Node::Open(element) => {
                let value = || element.attribute("val");
                match (element.name().as_str(), &mut open) {
                    ("style", _) => open = Some((element.attribute("styleId").unwrap_or_default(), Style::default())),
                    ("lang", None) => styles.language = value(),
                    ("name", Some((_, style))) => style.name = value().unwrap_or_default().to_lowercase(),
                    ("basedOn", Some((_, style))) => style.based_on = value(),
                    ("outlineLvl", Some((_, style))) => style.outline = value().and_then(|level| level.parse().ok()),
                    ("numId", Some((_, style))) => style.number = value(),
                    ("ilvl", Some((_, style))) => style.level = value().and_then(|level| level.parse().ok()),
                    _ => {}
                }
            }
            Node::Close(name) if name == "style" => {
                if let Some((id, style)) = open.take() {
                    styles.styles.insert(id, style);
                }
            }
            _ => {}
        }
    }
    styles
}
