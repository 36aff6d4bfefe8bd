//! Reads `OpenDocument`: texts, workbooks and presentations are one format with different wrappings.

mod styles;
mod walk;

use model::{Failure, FailureCode};

use crate::archive::Archive;
use crate::reading::Reading;
use crate::xml::{self, Node, Xml};

/// Reads a document.
pub fn read(bytes: &[u8]) -> Result<Reading, Failure> {
    let archive = Archive::open(bytes)?;
    let part = |name: &str| Ok(archive.read(name)?.map(|bytes| xml::text(&bytes)).unwrap_or_default());
    if part("META-INF/manifest.xml")?.contains("encryption-data") {
        let text = "the document is protected with a password; save it without one";
        return Err(Failure::new(FailureCode::ParseFailed, text));
    }
    let content = part("content.xml")?;
    let styles = styles::read(&[&part("styles.xml")?, &content]);
    let (blocks, mut warnings) = walk::read(&content, &styles);
    if archive.is_damaged() {
        warnings.push("the file is damaged; what could be read of it is here".to_owned());
    }
    Ok(Reading { blocks, warnings, ..properties(&part("meta.xml")?) })
}

/// What the document says about itself. Its `creator` is who saved it last.
fn properties(meta: &str) -> Reading {
    let (mut reading, mut open) = (Reading::default(), String::new());
    for node in Xml::new(meta) {
        match node {
            Node::Open(element) => open = element.name(),
            Node::Close(_) => open.clear(),
            Node::Text(text) => match open.as_str() {
                "title" => reading.title = Some(text).filter(|title| !title.trim().is_empty()),
                "language" => reading.language = Some(text),
                "initial-creator" => reading.authors.push(text),
                "creation-date" => reading.published = Some(text),
                "date" => reading.modified = Some(text),
                _ => {}
            },
        }
    }
    reading
}

#[cfg(test)]
mod tests;
