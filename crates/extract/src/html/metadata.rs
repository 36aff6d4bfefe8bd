//! Reads what a page says about itself: title, language, authors, dates, its place on the site, and the base of its links.

use url::Url;

use super::attribute::Attribute;
use super::name::Name;
use super::title::{self, Stated};
use super::tree::{Id, Tree};
use super::{breadcrumbs, byline, linked_data};
use crate::date;

/// What a page says about itself.
#[derive(Debug, Default)]
pub struct Page {
    /// Its title without the name of the site.
    pub title: Option<String>,
    /// The `lang` of its root.
    pub language: Option<String>,
    /// Where it says it lives.
    pub canonical_url: Option<String>,
    /// What its links are relative to.
    pub base: Option<Url>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// When it was published.
    pub published: Option<String>,
    /// When it was changed.
    pub modified: Option<String>,
    /// The path to it, outermost first.
    pub breadcrumbs: Vec<String>,
}

/// Reads a page that came from `url`. Linked data is surer than markup, because it is written for machines.
pub fn read(tree: &Tree, url: Option<&Url>) -> Page {
    let heads = Heads::of(tree);
    let base = heads.base.and_then(|href| resolve(url, href)).or_else(|| url.cloned());
    let canonical = heads.canonical.and_then(|href| resolve(base.as_ref(), href));
    let lang = |attribute| tree.attribute(0, attribute);
    let language = lang(Attribute::Lang).or_else(|| lang(Attribute::XmlLang)).or(heads.content_language);
    let data = linked_data::read(tree);
    let byline = byline::read(tree);
    let stated = |text: Option<String>| text.as_deref().and_then(date::read);
    Page {
        title: title::read(tree, &heads.stated),
        language: language.map(str::to_owned),
        canonical_url: canonical.filter(|url| matches!(url.scheme(), "http" | "https")).map(|url| url.to_string()),
        base,
        authors: if data.authors.is_empty() { byline.authors } else { data.authors },
        published: stated(data.published).or(byline.published),
        modified: stated(data.modified).or(byline.modified),
        breadcrumbs: if data.breadcrumbs.is_empty() { breadcrumbs::read(tree) } else { data.breadcrumbs },
    }
}

fn resolve(base: Option<&Url>, href: &str) -> Option<Url> {
    base.map_or_else(|| Url::parse(href), |base| base.join(href)).ok()
}

/// What a page says in its head, found in one pass.
#[derive(Default)]
struct Heads<'t> {
    base: Option<&'t str>,
    canonical: Option<&'t str>,
    content_language: Option<&'t str>,
    stated: Stated,
}

impl<'t> Heads<'t> {
    fn of(tree: &'t Tree) -> Self {
        let mut heads = Self::default();
        for (id, node) in tree.nodes.iter().enumerate() {
            match node.name {
                Name::Base => heads.base = heads.base.or_else(|| tree.attribute(id, Attribute::Href)),
                Name::Link => {
                    let is_canonical = tree.attribute(id, Attribute::Rel).is_some_and(|rel| {
                        rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("canonical"))
                    });
                    if is_canonical {
                        heads.canonical = heads.canonical.or_else(|| tree.attribute(id, Attribute::Href));
                    }
                }
                Name::Meta => heads.meta(tree, id),
                Name::Title if heads.stated.tag.is_none() => heads.stated.tag = Some(tree.text(id)),
                _ => {}
            }
        }
        heads
    }

    fn meta(&mut self, tree: &'t Tree, id: Id) {
        let content = tree.attribute(id, Attribute::Content);
        let stated = &mut self.stated;
        match tree.attribute(id, Attribute::Property) {
            Some("og:title") if stated.open_graph.is_none() => stated.open_graph = content.map(str::to_owned),
            Some("og:site_name") if stated.site.is_none() => stated.site = content.map(str::to_owned),
            _ => {}
        }
        if tree.attribute(id, Attribute::HttpEquiv).is_some_and(|name| name.eq_ignore_ascii_case("content-language")) {
            self.content_language = self.content_language.or(content);
        }
    }
}
