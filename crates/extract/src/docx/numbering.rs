//! Which numberings of a document are bullets, and where the others start.

use std::collections::HashMap;

use crate::xml::{Node, Xml};

/// How the items of one level are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// By a sign.
    Bullet,
    /// By a number; the first one.
    Number(u64),
    /// Not at all.
    Nothing,
}

/// The numberings of a document.
#[derive(Debug, Default)]
pub struct Numbering {
    /// The marks by the abstract numbering's id and the level.
    marks: HashMap<(String, usize), Mark>,
    /// The abstract numbering of each numbering.
    abstracts: HashMap<String, String>,
    /// First numbers that a numbering sets for itself.
    starts: HashMap<(String, usize), u64>,
}

impl Numbering {
    /// How the items of this numbering's level are marked; what is not described is a bullet.
    pub fn mark(&self, id: &str, level: usize) -> Mark {
        let found = self.abstracts.get(id).and_then(|of| self.marks.get(&(of.clone(), level)));
        match (found, self.starts.get(&(id.to_owned(), level))) {
            (Some(Mark::Number(_)), Some(start)) => Mark::Number(*start),
            (Some(mark), _) => *mark,
            (None, _) => Mark::Bullet,
        }
    }
}

/// Reads the part with the numberings.
pub fn read(text: &str) -> Numbering {
    let mut numbering = Numbering::default();
    let (mut of, mut id, mut level, mut start) = (String::new(), String::new(), 0, 1);
    let mut is_number = false;
    for node in Xml::new(text) {
        let Node::Open(element) = node else { continue };
        let value = || element.attribute("val");
        let number = || value().and_then(|value| value.parse().ok());
        let own_level = || element.attribute("ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
        match element.name().as_str() {
            "abstractNum" => {
                of = element.attribute("abstractNumId").unwrap_or_default();
                is_number = false;
            }
            "num" => {
                id = element.attribute("numId").unwrap_or_default();
                is_number = true;
            }
            "lvl" | "lvlOverride" => (level, start) = (own_level(), 1),
            "start" if !is_number => start = number().unwrap_or(1),
            "numFmt" if !is_number => {
                let mark = match value().as_deref() {
                    Some("bullet") => Mark::Bullet,
                    Some("none") => Mark::Nothing,
                    _ => Mark::Number(start),
                };
                numbering.marks.insert((of.clone(), level), mark);
            }
            "abstractNumId" if is_number => drop(numbering.abstracts.insert(id.clone(), value().unwrap_or_default())),
            "startOverride" => drop(numbering.starts.insert((id.clone(), level), number().unwrap_or(1))),
            _ => {}
        }
    }
    numbering
}
