//! Reads XML as a stream of elements and texts, tolerant of damage: what comes before a broken place counts.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use crate::charset;

/// One step through a document.
pub enum Node<'a> {
    /// An element starts. Empty ones start and end.
    Open(Element<'a>),
    /// An element of this local name ends.
    Close(String),
    /// Text, references resolved.
    Text(String),
}

/// The start of an element.
pub struct Element<'a> {
    start: BytesStart<'a>,
}

impl Element<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> String {
        self.start.local_name().as_ref().to_owned()
    }

    /// The value of the first attribute of this local name.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let found = attributes
            .with_checks(false)
            .filter_map(Result::ok)
            .find(|attribute| attribute.key.local_name().as_ref() == name)?;
        Some(unescape(&found.value).map_or_else(|_| found.value.clone().into_owned(), Cow::into_owned))
    }

    /// The value of the attribute that is written like this, prefix and all: `id` and `r:id` may both be there.
    pub fn prefixed_attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let found = attributes.with_checks(false).filter_map(Result::ok).find(|it| it.key.as_ref() == name)?;
        Some(unescape(&found.value).map_or_else(|_| found.value.clone().into_owned(), Cow::into_owned))
    }

    /// Whether a switch such as `<w:b/>` or `<w:b w:val="0"/>` is on.
    pub fn is_on(&self) -> bool {
        !matches!(self.attribute("val").as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// The text of a part: by its byte order mark, its declaration, or as UTF-8.
pub fn text(bytes: &[u8]) -> String {
    charset::decode(bytes, &crate::hint::Hint::default(), true).text.into_owned()
}

/// A document that is being read.
pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
}

impl<'a> Xml<'a> {
    /// Reads a text from its start.
    pub fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Self { reader }
    }
}

impl<'a> Iterator for Xml<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        loop {
            match self.reader.read_event().ok()? {
                Event::Start(start) | Event::Empty(start) => return Some(Node::Open(Element { start })),
                Event::End(end) => {
                    return Some(Node::Close(end.local_name().as_ref().to_owned()));
                }
                Event::Text(text) => return Some(Node::Text(text.into_inner().into_owned())),
                Event::CData(data) => return Some(Node::Text(data.into_inner().into_owned())),
                Event::GeneralRef(name) => {
                    let reference = format!("&{};", &*name);
                    // Entities of a document's own are never expanded: that is how a billion laughs are told.
                    return Some(Node::Text(unescape(&reference).map(Cow::into_owned).unwrap_or_default()));
                }
                Event::Eof => return None,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }
}
