//! An element of storage format between its start and its end.

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

/// An element that has not ended yet.
#[derive(Debug, Default)]
pub(super) struct Open {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    /// What is in it so far, as HTML.
    pub(super) html: String,
    /// What its children said about it: parameters, bodies, where a link leads.
    said: BTreeMap<String, String>,
}

impl Open {
    pub(super) fn new(start: &BytesStart<'_>) -> Self {
        let mut attributes = start.attributes();
        let attributes = attributes.with_checks(false).filter_map(Result::ok);
        let attributes =
            attributes.map(|attribute| (attribute.key.as_ref().to_owned(), attribute.value.clone().into_owned()));
        Self { name: start.name().as_ref().to_owned(), attributes: attributes.collect(), ..Self::default() }
    }

    /// The attributes of HTML; those of the storage format are not shown.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        let shown = self.attributes.iter().filter(|(name, _)| !name.contains(':'));
        shown.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// An attribute by its name with prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What a child said.
    pub(super) fn said(&self, what: &str) -> Option<&str> {
        self.said.get(what).map(String::as_str)
    }

    /// Hears what a child says.
    pub(super) fn hear(&mut self, what: &str, text: &str) {
        self.said.insert(what.to_owned(), text.to_owned());
    }
}
