//! Reads PPTX: the slides in their order, each under its title, with tables, diagrams and the speaker's notes.

mod slide;

use model::{Block, Failure, FailureCode};

use crate::package::Package;
use crate::reading::Reading;
use crate::room::Room;
use crate::xml::{Node, Xml};

/// A presentation of more slides is read up to here.
const MAX_SLIDES: usize = 5_000;

/// Reads a presentation.
pub fn read(bytes: &[u8]) -> Result<Reading, Failure> {
    let package = Package::open(bytes)?;
    let main = package.main_part("ppt/presentation.xml")?;
    let Some(text) = package.part(&main)? else {
        let text = "the list of slides is missing in the file; open it in a presentation program and save it again";
        return Err(Failure::new(FailureCode::ParseFailed, text));
    };
    let relations = package.relations(&main)?;
    let ids = Xml::new(&text).filter_map(|node| match node {
        Node::Open(element) if element.name() == "sldId" => element.prefixed_attribute("r:id"),
        _ => None,
    });
    let properties = package.properties()?;
    let mut reading = Reading { title: properties.title, language: properties.language, ..Reading::default() };
    let (mut hidden, room) = (0, Room::default());
    for part in ids.take(MAX_SLIDES).filter_map(|id| relations.get(&id)).map(|relation| relation.target.as_str()) {
        let Some(text) = package.part(part)? else { continue };
        if is_hidden(&text) {
            hidden += 1;
            continue;
        }
        reading.blocks.extend(slide_blocks(&package, part, &text, &room)?);
    }
    if hidden > 0 {
        reading.warnings.push(format!("hidden slides were left out: {hidden}"));
    }
    reading.warnings.extend(package.warnings().into_iter().chain(room.warnings()));
    Ok(reading)
}

fn slide_blocks(package: &Package, part: &str, text: &str, room: &Room) -> Result<Vec<Block>, Failure> {
    let relations = package.relations(part)?;
    let mut blocks = slide::read(text, &relations, slide::Part::Slide, room);
    let mut others: Vec<_> = relations.values().collect();
    others.sort_by(|a, b| a.target.cmp(&b.target));
    for diagram in others.iter().filter(|relation| relation.kind == "diagramData") {
        let text = package.part(&diagram.target)?.unwrap_or_default();
        blocks.extend(slide::read(&text, &relations, slide::Part::Diagram, room));
    }
    for notes in others.iter().filter(|relation| relation.kind == "notesSlide") {
        let text = package.part(&notes.target)?.unwrap_or_default();
        let notes = slide::read(&text, &package.relations(&notes.target)?, slide::Part::Notes, room);
        if !notes.is_empty() {
            blocks.push(Block::Quote { blocks: notes });
        }
    }
    Ok(blocks)
}

fn is_hidden(slide: &str) -> bool {
    let first = Xml::new(slide).find_map(|node| match node {
        Node::Open(element) => Some(element),
        _ => None,
    });
    first.is_some_and(|element| element.attribute("show").is_some_and(|show| show == "0" || show == "false"))
}

#[cfg(test)]
mod tests;
