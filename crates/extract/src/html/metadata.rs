//! Reads what a page says about itself: title, language, its own address, and the base of its links.

use url::Url;

use super::attribute::Attribute;
use super::name::Name;
use super::tree::{Id, Tree};
use crate::tidy;

/// A page has one main heading; a few more are looked at, because logos are headings too.
const MAX_HEADINGS: usize = 8;

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
}

/// Reads a page that came from `url`.
pub fn read(tree: &Tree, url: Option<&Url>) -> Page {
    let heads = Heads::of(tree);
    let base = heads.base.and_then(|href| resolve(url, href)).or_else(|| url.cloned());
    let canonical = heads.canonical.and_then(|href| resolve(base.as_ref(), href));
    let lang = |attribute| tree.attribute(0, attribute);
    let language = lang(Attribute::Lang).or_else(|| lang(Attribute::XmlLang)).or(heads.content_language);
    Page {
        title: title(tree, &heads),
        language: language.map(str::to_owned),
        canonical_url: canonical.filter(|url| matches!(url.scheme(), "http" | "https")).map(|url| url.to_string()),
        base,
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
    og_title: Option<&'t str>,
    site: Option<&'t str>,
    title: Option<String>,
    headings: Vec<Id>,
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
                Name::Title if heads.title.is_none() => heads.title = Some(tree.text(id)),
                Name::H1 if heads.headings.len() < MAX_HEADINGS => heads.headings.push(id),
                _ => {}
            }
        }
        heads
    }

    fn meta(&mut self, tree: &'t Tree, id: Id) {
        let content = tree.attribute(id, Attribute::Content);
        match tree.attribute(id, Attribute::Property) {
            Some("og:title") => self.og_title = self.og_title.or(content),
            Some("og:site_name") => self.site = self.site.or(content),
            _ => {}
        }
        if tree.attribute(id, Attribute::HttpEquiv).is_some_and(|name| name.eq_ignore_ascii_case("content-language")) {
            self.content_language = self.content_language.or(content);
        }
    }
}

/// The page's own heading is the best title when `<title>` or `og:title` repeats it; else they are, without the site.
fn title(tree: &Tree, heads: &Heads) -> Option<String> {
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    let og = heads.og_title.map(tidy::line).and_then(filled);
    let tag = heads.title.as_deref().map(tidy::line).and_then(filled);
    let headings = heads.headings.iter();
    let headings = headings.map(|id| tidy::line(&tree.text(*id)).trim_end_matches(['¶', '#']).trim().to_owned());
    let headings: Vec<String> = headings.filter(|text| !text.is_empty()).collect();
    let site = heads.site.map(tidy::line);
    let stated = og.or(tag);
    let repeated =
        headings.iter().find(|heading| stated.as_ref().is_some_and(|stated| stated.contains(heading.as_str())));
    match (repeated, stated) {
        (Some(heading), _) => Some(heading.clone()),
        (None, Some(stated)) => Some(without_site(&stated, site.as_deref())),
        (None, None) => headings.first().cloned(),
    }
}

/// `Refunds - Billing | Example` names the site last (or first, when the site says its name).
fn without_site(title: &str, site: Option<&str>) -> String {
    const SEPARATORS: [&str; 9] = [" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " • ", " « "];
    let cut = SEPARATORS.iter().filter_map(|separator| title.rfind(separator).map(|at| (at, separator.len()))).max();
    let Some((at, length)) = cut else { return title.to_owned() };
    let (front, back) = (title[..at].trim(), title[at + length..].trim());
    if site.is_some_and(|site| site.eq_ignore_ascii_case(front)) {
        return back.to_owned();
    }
    let is_site = site.is_some_and(|site| site.eq_ignore_ascii_case(back));
    let is_short = back.split_whitespace().count() <= 4 && front.chars().count() >= 8;
    if is_site || (site.is_none() && is_short) { front.to_owned() } else { title.to_owned() }
}
