//! Which elements of HTML a page keeps, and which of their attributes: those that mean something, not those for looks.

use quick_xml::events::BytesStart;

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Kept,
    /// It stays, and holds nothing.
    Void,
    /// Only what is in it stays.
    Opened,
    /// It goes, with all that is in it.
    Dropped,
}

const KEPT: &str = "a abbr b blockquote caption cite code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 i ins \
                    kbd li ol p pre q s samp small strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var";
const DROPPED: &str = "script style template ac:placeholder ac:task-id ac:task-uuid ac:adf-attribute at:declarations";
const ATTRIBUTES: &str = "href src alt title colspan rowspan start datetime lang type";

/// What becomes of the element of this name, prefix and all, where nothing particular is known of it.
pub fn fate(name: &str) -> Fate {
    let is_one_of = |names: &str| names.split(' ').any(|known| known == name);
    match name {
        "br" | "hr" | "img" => Fate::Void,
        _ if is_one_of(DROPPED) => Fate::Dropped,
        _ if is_one_of(KEPT) => Fate::Kept,
        _ => Fate::Opened,
    }
}

/// The start tag of an element that stays.
pub fn start_tag(element: &BytesStart<'_>) -> String {
    let mut tag = format!("<{}", element.name().as_ref());
    for name in ATTRIBUTES.split(' ') {
        if let Some(value) = attribute(element, name) {
            tag.extend([" ", name, "=\"", &value, "\""]);
        }
    }
    tag.push('>');
    tag
}

/// The value of an attribute, prefix and all. References in it stay as they are, so that it can be written again.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found =
        attributes.with_checks(false).filter_map(Result::ok).find(|attribute| attribute.key.as_ref() == name)?;
    Some(found.value.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;"))
}

/// Text as it is written in HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
