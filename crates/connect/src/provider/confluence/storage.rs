//! Reads Confluence's storage format (XHTML with elements of its own, `ac:` and `ri:`) and writes the HTML that says the same.

mod element;
mod links;
mod macros;
mod open;
mod signs;
mod writer;

use quick_xml::Reader;
use quick_xml::events::Event;

use self::element::escaped;
pub use self::links::Place;
use self::writer::Writer;

/// A page as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The HTML: elements that mean something, without scripts, classes or styles.
    pub html: String,
    /// What was left out, a sentence each.
    pub warnings: Vec<String>,
}

/// Reads a page. Damage costs what is damaged, and is told.
pub fn read(storage: &str, place: &Place<'_>) -> Converted {
    let mut reader = Reader::from_str(storage);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut writer = Writer::new(place);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => writer.open(&element),
            Ok(Event::End(element)) => writer.close(element.name().as_ref()),
            Ok(Event::Text(text)) => writer.text(&text),
            Ok(Event::CData(text)) => writer.text(&escaped(&text)),
            Ok(Event::GeneralRef(name)) => writer.reference(&name),
            Ok(Event::Eof) => break,
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Err(_) => {
                writer.break_off();
                break;
            }
        }
    }
    let (html, warnings) = writer.finish();
    Converted { html, warnings }
}

impl Converted {
    /// Whether it shows neither a letter nor a picture.
    pub fn is_blank(&self) -> bool {
        let mut rest = self.html.as_str();
        while let Some((text, tag)) = rest.split_once('<') {
            if !is_space(text) || tag.starts_with("img") {
                return false;
            }
            rest = tag.split_once('>').map_or("", |(_, after)| after);
        }
        is_space(rest)
    }
}

fn is_space(text: &str) -> bool {
    text.replace("&nbsp;", " ").replace("&#160;", " ").trim().is_empty()
}

#[cfg(test)]
mod tests;
