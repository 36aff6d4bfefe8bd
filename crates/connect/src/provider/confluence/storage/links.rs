//! What the resource identifiers of the storage format (`ri:`) point to. Texts in them are escaped throughout.

use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;
use url::Url;

use super::element::{attribute, escaped};

/// Where the page is that points.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The address of the site, with its context path.
    pub site: &'a str,
    /// The key of its space, where that is known.
    pub space: Option<&'a str>,
    /// Its id.
    pub page: &'a str,
}

/// What is pointed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// A page by its title, in another space or in this one.
    Page { title: String, space: Option<String> },
    /// Any content by its id.
    Content(String),
    /// A file of this page, or of another one that is named inside.
    Attachment { file: String, is_own: bool },
    /// A person, by a name where there is one.
    User(Option<String>),
    /// A space by its key.
    Space(String),
    /// An address.
    Url(String),
    /// Something that has a name and no address that could be told from it.
    Named(String),
}

impl Resource {
    /// Reads an element of the prefix `ri`.
    pub fn read(element: &BytesStart<'_>) -> Option<Self> {
        let given = |name: &str| attribute(element, name).filter(|value| !value.is_empty());
        Some(match element.name().as_ref() {
            "ri:page" => Self::Page { title: given("ri:content-title")?, space: given("ri:space-key") },
            "ri:content-entity" => Self::Content(given("ri:content-id")?),
            "ri:attachment" => Self::Attachment { file: given("ri:filename")?, is_own: true },
            "ri:user" => Self::User(given("ri:username")),
            "ri:space" => Self::Space(given("ri:space-key")?),
            "ri:url" => Self::Url(given("ri:value")?),
            "ri:blog-post" => Self::Named(given("ri:content-title")?),
            "ri:shortcut" => Self::Named(given("ri:parameter")?),
            _ => return None,
        })
    }

    /// What a reader sees where the page gives no words.
    pub fn words(&self) -> String {
        match self {
            Self::Page { title: words, .. }
            | Self::Attachment { file: words, .. }
            | Self::Space(words)
            | Self::Url(words)
            | Self::Named(words) => words.clone(),
            Self::Content(id) => format!("page {id}"),
            Self::User(name) => format!("@{}", name.as_deref().unwrap_or("user")),
        }
    }
}

impl Place<'_> {
    /// The address of a resource, or of a place on it or on this page.
    pub fn address(&self, resource: Option<&Resource>, anchor: Option<&str>) -> Option<String> {
        let address = match resource {
            None => return anchor.map(|anchor| format!("#{anchor}")),
            Some(Resource::Url(address)) => return Some(address.clone()),
            Some(Resource::Page { title, space }) => {
                let space = space.as_deref().or(self.space)?;
                self.shown(&[("spaceKey", &plain(space)?), ("title", &plain(title)?)])
            }
            Some(Resource::Content(id)) => self.shown(&[("pageId", &plain(id)?)]),
            Some(Resource::Attachment { file, is_own: true }) => {
                self.below(&["download", "attachments", self.page, &plain(file)?])
            }
            Some(Resource::Space(key)) => self.below(&["display", &plain(key)?]),
            Some(Resource::Attachment { is_own: false, .. } | Resource::User(_) | Resource::Named(_)) => None,
        };
        let mut address = address?;
        address.set_fragment(anchor.and_then(plain).as_deref());
        Some(escaped(address.as_str()))
    }

    /// The page on which the site looks pages up, in every edition.
    fn shown(&self, query: &[(&str, &str)]) -> Option<Url> {
        let mut address = self.below(&["pages", "viewpage.action"])?;
        address.query_pairs_mut().extend_pairs(query);
        Some(address)
    }

    fn below(&self, path: &[&str]) -> Option<Url> {
        let mut address = Url::parse(self.site).ok()?;
        address.path_segments_mut().ok()?.pop_if_empty().extend(path);
        Some(address)
    }
}

/// An escaped text as people read it, as far as that can be told.
pub fn readable(text: &str) -> String {
    plain(text).unwrap_or_else(|| text.to_owned())
}

/// A text without references; nothing where it has some that only HTML knows.
fn plain(text: &str) -> Option<String> {
    unescape(text).ok().map(std::borrow::Cow::into_owned)
}
