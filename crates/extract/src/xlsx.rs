//! Reads XLSX: each visible sheet under its name, values as their formats show them.

mod cells;
mod numbers;
mod strings;

use model::{Block, Failure, FailureCode, Span};

use self::cells::Known;
use crate::package::Package;
use crate::reading::Reading;
use crate::room::Room;
use crate::xml::{Node, Xml};

/// A workbook of more sheets is read up to here.
const MAX_SHEETS: usize = 500;

/// A sheet as the workbook lists it.
struct Sheet {
    name: String,
    id: String,
    is_hidden: bool,
}

/// Reads a workbook.
pub fn read(bytes: &[u8]) -> Result<Reading, Failure> {
    let package = Package::open(bytes)?;
    let main = package.main_part("xl/workbook.xml")?;
    let Some(workbook) = package.part(&main)? else {
        let text = "the list of sheets is missing in the file; open it in a spreadsheet program and save it again";
        return Err(Failure::new(FailureCode::ParseFailed, text));
    };
    let relations = package.relations(&main)?;
    let part = |kind: &str| {
        let named = relations.values().find(|relation| relation.kind == kind);
        named.map_or(Ok(None), |relation| package.part(&relation.target)).map(Option::unwrap_or_default)
    };
    let (sheets, is_from_1904) = sheets(&workbook);
    let known = Known {
        strings: strings::read(&part("sharedStrings")?),
        formats: numbers::formats(&part("styles")?),
        is_from_1904,
        room: Room::default(),
    };
    let properties = package.properties()?;
    let mut reading = Reading { title: properties.title, language: properties.language, ..Reading::default() };
    let hidden = sheets.iter().filter(|sheet| sheet.is_hidden).count();
    for sheet in sheets.iter().filter(|sheet| !sheet.is_hidden).take(MAX_SHEETS) {
        let Some(relation) = relations.get(&sheet.id).filter(|relation| relation.kind == "worksheet") else { continue };
        let Some(text) = package.part(&relation.target)? else { continue };
        let (blocks, warnings) = cells::read(&text, &known).finish(&format!("the sheet {}", sheet.name));
        if !blocks.is_empty() {
            reading.blocks.push(Block::Heading { level: 2, spans: vec![Span::plain(sheet.name.as_str())] });
            reading.blocks.extend(blocks);
        }
        reading.warnings.extend(warnings);
    }
    if hidden > 0 {
        reading.warnings.push(format!("hidden sheets were left out: {hidden}"));
    }
    reading.warnings.extend(package.warnings().into_iter().chain(known.room.warnings()));
    // The names of sheets alone are no content.
    Ok(reading)
}

/// The sheets in their order, and whether days are counted from 1904.
fn sheets(workbook: &str) -> (Vec<Sheet>, bool) {
    let (mut sheets, mut is_from_1904) = (Vec::new(), false);
    for node in Xml::new(workbook) {
        let Node::Open(element) = node else { continue };
        match element.name().as_str() {
            "sheet" => sheets.push(Sheet {
                name: element.attribute("name").unwrap_or_default(),
                id: element.attribute("id").unwrap_or_default(),
                is_hidden: element.attribute("state").is_some_and(|state| state != "visible"),
            }),
            "workbookPr" => {
                is_from_1904 = element.attribute("date1904").is_some_and(|value| value != "0" && value != "false");
            }
            _ => {}
        }
    }
    (sheets, is_from_1904)
}

#[cfg(test)]
mod tests;
