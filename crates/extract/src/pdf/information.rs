//! What a PDF says about itself: in its catalogue, in its information dictionary and in its XMP packet.

use hayro_syntax::Pdf;
use hayro_syntax::object::{DateTime, Dict, Stream, String as PdfString};

use super::streams;
use super::strings::text_string;
use crate::xml::{self, Node, Xml};

/// A longer packet describes more than the document, in bytes.
const MAX_PACKET: usize = 256 * 1024;

/// More authors than a document has.
const MAX_AUTHORS: usize = 100;

/// What the document says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Information {
    pub title: Option<String>,
    pub language: Option<String>,
    pub authors: Vec<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
}

impl Information {
    /// Reads it. The packet knows authors one by one and dates with their zone, so it comes first; of titles, the
    /// dictionary's is the one that programs show.
    pub fn of(pdf: &Pdf) -> Self {
        let xref = pdf.xref();
        let root = xref.get::<Dict<'_>>(xref.root_id());
        let language = root.as_ref().and_then(|root| root.get::<PdfString<'_>>("Lang"));
        let packet = root.and_then(|root| root.get::<Stream<'_>>("Metadata"));
        let packet = packet.and_then(|stream| streams::decoded(&stream, MAX_PACKET));
        let described = packet.map(|bytes| packet_of(&xml::text(&bytes))).unwrap_or_default();

        let noted = pdf.metadata();
        let text = |bytes: &Option<Box<[u8]>>| bytes.as_deref().map(text_string);
        let title = text(&noted.title).filter(|title| is_title(title));
        let authors = if described.authors.is_empty() {
            text(&noted.author).map(|names| names.split(';').map(str::to_owned).collect()).unwrap_or_default()
        } else {
            described.authors
        };
        Self {
            title: title.or_else(|| described.title.filter(|title| is_title(title))),
            language: language.map(|it| text_string(it.as_bytes())).or(described.language),
            authors: authors.into_iter().filter(|name| is_name(name)).collect(),
            published: described.published.or_else(|| noted.creation_date.map(written)),
            modified: described.modified.or_else(|| noted.modification_date.map(written)),
        }
    }
}

/// What an XMP packet (ISO 16684-1) says.
fn packet_of(text: &str) -> Information {
    let mut found = Information::default();
    let (mut open, mut value) = (String::new(), String::new());
    for node in Xml::new(text) {
        if let Node::Text(part) = &node {
            value.push_str(part);
            continue;
        }
        take(&mut found, &open, std::mem::take(&mut value).trim());
        match node {
            Node::Open(element) => {
                let name = element.name();
                if name == "Description" {
                    // Plain values may stand in attributes.
                    found.published = found.published.or_else(|| element.attribute("CreateDate"));
                    found.modified = found.modified.or_else(|| element.attribute("ModifyDate"));
                }
                // Lists wrap each of their values.
                if !matches!(name.as_str(), "Alt" | "Seq" | "Bag" | "li") {
                    open = name;
                }
            }
            Node::Close(name) if name == open => open.clear(),
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    found
}

/// Takes the value of an element, the first one of a list but for authors.
fn take(found: &mut Information, name: &str, value: &str) {
    let Information { title, language, authors, published, modified } = found;
    let place = match name {
        _ if value.is_empty() => return,
        "creator" if authors.len() < MAX_AUTHORS => {
            authors.push(value.to_owned());
            return;
        }
        "title" => title,
        "language" => language,
        "CreateDate" => published,
        "ModifyDate" => modified,
        _ => return,
    };
    place.get_or_insert_with(|| value.to_owned());
}

/// A date of the dictionary. The parser takes one without a zone for one of Greenwich, so there only its day counts.
fn written(date: DateTime) -> String {
    let DateTime { year, month, day, hour, minute, second, utc_offset_hour, utc_offset_minute } = date;
    if (utc_offset_hour, utc_offset_minute) == (0, 0) {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    let sign = if utc_offset_hour < 0 { '-' } else { '+' };
    let zone = format!("{sign}{:02}:{utc_offset_minute:02}", utc_offset_hour.unsigned_abs());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
}

/// Programs put the names of files where nobody gave a title.
fn is_title(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    let is_file = [".doc", ".docx", ".indd", ".dvi", ".tex", ".pdf", ".qxd", ".ppt", ".pptx", ".xls"];
    !title.is_empty()
        && !title.starts_with("microsoft ")
        && !is_file.iter().any(|end| title.ends_with(end))
        && !matches!(title.as_str(), "untitled" | "(anonymous)" | "untitled document" | "(unspecified)")
}

/// Programs put the name of an account where nobody gave one.
fn is_name(name: &str) -> bool {
    let accounts = ["", "user", "root", "admin", "administrator", "author", "unknown", "anonymous", "(anonymous)"];
    !accounts.contains(&name.trim().to_lowercase().as_str())
}
