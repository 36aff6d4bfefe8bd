//! Reads DOCX: paragraphs by their styles, lists, tables, notes, text boxes; of tracked changes the text as accepted.

mod body;
mod flow;
mod known;
mod numbering;
mod styles;
mod table;

use std::collections::HashMap;

use model::{Block, Failure, FailureCode};

use self::body::{Body, Note};
use self::known::Known;
use crate::package::Package;
use crate::reading::Reading;
use crate::room::Room;

/// Reads a document.
pub fn read(bytes: &[u8]) -> Result<Reading, Failure> {
    let package = Package::open(bytes)?;
    let main = package.main_part("word/document.xml")?;
    let Some(text) = package.part(&main)? else {
        let text = "the document's text is missing in the file; open it in a word processor and save it again";
        return Err(Failure::new(FailureCode::ParseFailed, text));
    };
    let relations = package.relations(&main)?;
    let named = |kind: &str| {
        let part = relations.values().find(|relation| relation.kind == kind).map(|relation| relation.target.clone());
        part.map_or(Ok(None), |part| Ok(package.part(&part)?.map(|text| (part, text))))
    };
    let plain = |kind: &str| Ok(named(kind)?.map(|(_, text)| text).unwrap_or_default());
    let mut known = Known {
        styles: styles::read(&plain("styles")?),
        numbering: numbering::read(&plain("numbering")?),
        relations: relations.clone(),
    };
    let room = Room::default();
    let document = Body::new(&known, &room).read(&text);
    let mut notes: HashMap<Note, Vec<Block>> = HashMap::new();
    for kind in ["footnotes", "endnotes"] {
        if let Some((part, text)) = named(kind)? {
            known.relations = package.relations(&part)?;
            notes.extend(Body::new(&known, &room).read(&text).notes);
        }
    }
    let mut blocks = document.blocks;
    let items: Vec<_> = document.references.iter().map(|note| notes.remove(note).unwrap_or_default()).collect();
    if !items.is_empty() {
        blocks.push(Block::List { start: Some(1), items });
    }
    let properties = package.properties()?;
    let mut warnings = package.warnings();
    warnings.extend(document.warning.into_iter().chain(room.warnings()));
    Ok(Reading {
        title: document.title.or(properties.title),
        language: properties.language.or_else(|| known.styles.language.clone()),
        blocks,
        warnings,
        ..Reading::default()
    })
}

#[cfg(test)]
mod tests;
