//! Reads pictures, and names films that a page shows in a player.

use url::Url;

use super::address::address;
use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// A picture as the text shows it.
#[derive(Debug)]
pub enum Picture {
    /// A sign of the text, such as an emoji.
    Sign(String),
    /// A picture with its address and its words.
    Shown(Option<String>, String),
}

/// Reads an `img`; pixels that count readers are none.
pub fn picture(tree: &Tree, id: Id, base: Option<&Url>) -> Option<Picture> {
    let sides = [Attribute::Width, Attribute::Height];
    if sides.iter().any(|side| matches!(tree.attribute(id, *side), Some("0" | "1"))) {
        return None;
    }
    let alternative = tree.attribute(id, Attribute::Alt).unwrap_or_default();
    if is_sign(alternative) || (!alternative.is_empty() && element::has_class(tree, id, &["emoji", "wp-smiley"])) {
        return Some(Picture::Sign(alternative.to_owned()));
    }
    let address = source(tree, id).and_then(|source| address(base, source));
    (address.is_some() || !alternative.is_empty()).then(|| Picture::Shown(address, alternative.to_owned()))
}

/// Where a picture is, whenever a script would load it.
fn source(tree: &Tree, id: Id) -> Option<&str> {
    let places = [Attribute::Src, Attribute::DataSrc, Attribute::DataLazySrc, Attribute::DataOriginal];
    let named = places.iter().filter_map(|place| tree.attribute(id, *place)).find(|place| !place.starts_with("data:"));
    named.or_else(|| tree.attribute(id, Attribute::Srcset)?.split([' ', ',']).find(|part| !part.is_empty()))
}

/// Whether the words for a picture are one emoji or symbol.
fn is_sign(text: &str) -> bool {
    !text.is_empty() && text.len() <= 32 && text.chars().all(|c| !c.is_alphanumeric() && c > '\u{2000}')
}

/// The name and the address of a film.
pub fn film(tree: &Tree, id: Id, base: Option<&Url>) -> Option<(String, String)> {
    let title = tree.attribute(id, Attribute::Title).or_else(|| tree.attribute(id, Attribute::AriaLabel));
    let source = [Attribute::Src, Attribute::DataSrc].iter().find_map(|place| tree.attribute(id, *place));
    match tree.name(id) {
        Name::Iframe => {
            let address = address(base, source?).filter(|address| is_player(address))?;
            Some((title.unwrap_or("Video").to_owned(), address))
        }
        // A film without a name is mostly a moving background.
        Name::Video => {
            let inner = (id..tree.end(id)).find(|inner| tree.name(*inner) == Name::Source);
            let source = source.or_else(|| tree.attribute(inner?, Attribute::Src))?;
            Some((title?.to_owned(), address(base, source)?))
        }
        _ => None,
    }
}

/// Frames show advertisements and counters too; these show films.
fn is_player(address: &str) -> bool {
    const HOSTS: [&str; 10] = [
        "youtube.com",
        "youtube-nocookie.com",
        "vimeo.com",
        "wistia.com",
        "wistia.net",
        "loom.com",
        "vidyard.com",
        "dailymotion.com",
        "bilibili.com",
        "brightcove.net",
    ];
    let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    HOSTS.iter().any(|player| host.strip_suffix(player).is_some_and(|front| front.is_empty() || front.ends_with('.')))
}
