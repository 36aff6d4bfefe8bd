//! Reads EPUB: the chapters in the order of the spine, each by the reader of HTML.

use std::collections::HashMap;

use model::{Failure, FailureCode};

use crate::archive::{self, Archive};
use crate::budget::Budget;
use crate::html;
use crate::portion;
use crate::reading::Reading;
use crate::room::Room;
use crate::xml::{self, Node, Xml};

/// A book of more chapters is read up to here.
const MAX_CHAPTERS: usize = 5_000;

/// More HTML than the chapters of a book have together, in bytes.
const MAX_HTML: usize = 16 * 1024 * 1024;

/// What the package document says.
#[derive(Default)]
struct Book {
    title: Option<String>,
    language: Option<String>,
    authors: Vec<String>,
    published: Option<String>,
    /// The paths of the chapters in reading order.
    chapters: Vec<String>,
}

/// Reads a book, or as much of it as there is time for.
pub fn read(bytes: &[u8], budget: &Budget) -> Result<Reading, Failure> {
    let archive = Archive::open(bytes)?;
    let part = |name: &str| Ok(archive.read(name)?.map(|bytes| xml::text(&bytes)).unwrap_or_default());
    if is_locked(&part("META-INF/encryption.xml")?) {
        let text = "the chapters of the book are encrypted; upload one without copy protection";
        return Err(Failure::new(FailureCode::ParseFailed, text));
    }
    let container = part("META-INF/container.xml")?;
    let package = Xml::new(&container).find_map(|node| match node {
        Node::Open(element) if element.name() == "rootfile" => element.attribute("full-path"),
        _ => None,
    });
    let package = package.unwrap_or_else(|| "content.opf".to_owned());
    let book = book(&part(&package)?, &package);
    let mut reading = Reading {
        title: book.title,
        language: book.language,
        authors: book.authors,
        published: book.published,
        ..Reading::default()
    };
    let (mut missing, mut left, room) = (0, MAX_HTML, Room::default());
    let mut is_cut = book.chapters.len() > MAX_CHAPTERS;
    for chapter in book.chapters.iter().take(MAX_CHAPTERS) {
        if left == 0 || budget.ends_taking_in() {
            break;
        }
        match archive.read(chapter)? {
            Some(bytes) => {
                let text = xml::text(&bytes);
                let (html, rest) = portion::first(&text, left);
                left = if rest.is_some() { 0 } else { left - html.len() };
                let chapter = html::whole(html, None, &room, budget);
                is_cut |= rest.is_some() || !chapter.warnings.is_empty();
                reading.blocks.extend(chapter.blocks);
            }
            None => missing += 1,
        }
    }
    reading.warnings.extend(room.warnings());
    if is_cut {
        reading.warnings.push("the book is very long; what comes first was read, and the rest is left out".to_owned());
    }
    if missing > 0 {
        reading.warnings.push(format!("chapters that the book lists are missing in the file: {missing}"));
    }
    if archive.is_damaged() {
        reading.warnings.push("the file is damaged; what could be read of it is here".to_owned());
    }
    Ok(reading)
}

/// Fonts may be scrambled; chapters that are, nobody reads.
fn is_locked(encryption: &str) -> bool {
    Xml::new(encryption).any(|node| {
        let Node::Open(element) = node else { return false };
        let target = element.attribute("URI").unwrap_or_default().to_lowercase();
        element.name() == "CipherReference" && [".htm", "html"].iter().any(|end| target.ends_with(end))
    })
}

fn book(package: &str, path: &str) -> Book {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut book = Book::default();
    let mut items: HashMap<String, String> = HashMap::new();
    let mut open = String::new();
    for node in Xml::new(package) {
        match node {
            Node::Open(element) => {
                open = element.name();
                let id = || element.attribute("idref").or_else(|| element.attribute("id"));
                match open.as_str() {
                    "item"
                        if is_chapter(
                            element.attribute("media-type").as_deref(),
                            element.attribute("properties").as_deref(),
                        ) =>
                    {
                        if let (Some(id), Some(target)) = (id(), element.attribute("href")) {
                            items.insert(id, resolved(folder, &target));
                        }
                    }
                    "itemref" => book.chapters.extend(id().and_then(|id| items.remove(&id))),
                    _ => {}
                }
            }
            Node::Close(_) => open.clear(),
            Node::Text(text) if open == "title" && book.title.is_none() => book.title = Some(text),
            Node::Text(text) if open == "language" && book.language.is_none() => book.language = Some(text),
            Node::Text(text) if open == "creator" => book.authors.push(text),
            Node::Text(text) if open == "date" && book.published.is_none() => book.published = Some(text),
            Node::Text(_) => {}
        }
    }
    book
}

/// The list of contents is a page, too, but it only repeats the headings.
fn is_chapter(media_type: Option<&str>, properties: Option<&str>) -> bool {
    let is_page = media_type.is_some_and(|it| it == "application/xhtml+xml" || it == "text/html");
    is_page && !properties.unwrap_or_default().split_whitespace().any(|word| word == "nav")
}

/// The path of a chapter, which is written seen from the package document, with escapes.
fn resolved(folder: &str, target: &str) -> String {
    let mut bytes = Vec::with_capacity(target.len());
    let mut rest = target.split('#').next().unwrap_or_default().bytes();
    while let Some(byte) = rest.next() {
        let escaped = (byte == b'%').then(|| {
            let mut ahead = rest.clone();
            let digits = [ahead.next()?, ahead.next()?];
            let value = u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?;
            rest = ahead;
            Some(value)
        });
        bytes.push(escaped.flatten().unwrap_or(byte));
    }
    archive::path(folder, &String::from_utf8_lossy(&bytes))
}

#[cfg(test)]
mod tests;
