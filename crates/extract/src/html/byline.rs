//! Reads who wrote a page and when, from its head, its microdata, and the lines around its heading.

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};
use crate::date;

/// So far from the heading, in nodes, a byline stands.
const MAX_FROM_HEADING: usize = 120;
/// The most letters of a line that says when a page was changed.
const LONGEST_LINE: usize = 80;
/// A larger part of a page is no line about it, in nodes.
const LARGEST: usize = 60;
/// People of one text.
const MAX_AUTHORS: usize = 20;

/// What the markup of a page says.
#[derive(Debug, Default)]
pub struct Byline {
    /// Who wrote the text.
    pub authors: Vec<String>,
    /// When it was published.
    pub published: Option<String>,
    /// When it was changed.
    pub modified: Option<String>,
}

/// Reads the head, then microdata, then the lines around the heading: the earlier, the surer.
pub fn read(tree: &Tree) -> Byline {
    let (mut byline, mut marked, mut heading, mut changed) = (Byline::default(), Byline::default(), None, None);
    for id in 0..tree.nodes.len() {
        match tree.name(id) {
            Name::Text if changed.is_none() => changed = change(tree, id),
            Name::Text => {}
            Name::Meta => byline.meta(tree, id),
            name => {
                heading = heading.or_else(|| (name == Name::H1).then_some(id));
                if tree.has_attributes(id) {
                    marked.microdata(tree, id);
                }
            }
        }
    }
    byline.fill(marked);
    if let Some(heading) = heading {
        byline.fill(near(tree, heading));
    }
    byline.modified = byline.modified.take().or(changed);
    byline
}

impl Byline {
    /// Takes over what is not known yet.
    fn fill(&mut self, other: Self) {
        if self.authors.is_empty() {
            self.authors = other.authors;
        }
        self.published = self.published.take().or(other.published);
        self.modified = self.modified.take().or(other.modified);
    }

    fn author(&mut self, name: &str) {
        let is_address = name.contains("://") || name.contains('@') || name.starts_with('/');
        if !name.is_empty() && !is_address && self.authors.len() < MAX_AUTHORS {
            self.authors.push(name.to_owned());
        }
    }

    fn publish(&mut self, text: Option<&str>) {
        self.published = self.published.take().or_else(|| date::read(text?));
    }

    fn modify(&mut self, text: Option<&str>) {
        self.modified = self.modified.take().or_else(|| date::read(text?));
    }

    fn meta(&mut self, tree: &Tree, id: Id) {
        let content = tree.attribute(id, Attribute::Content);
        let name = tree.attribute(id, Attribute::Property).or_else(|| tree.attribute(id, Attribute::Name));
        match name.map(str::to_ascii_lowercase).unwrap_or_default().as_str() {
            "author" | "article:author" | "citation_author" | "dc.creator" | "dcterms.creator" | "parsely-author" => {
                self.author(content.unwrap_or_default());
            }
            "article:published_time"
            | "date"
            | "dc.date"
            | "dc.date.issued"
            | "dcterms.created"
            | "dcterms.date"
            | "dcterms.issued"
            | "citation_publication_date"
            | "parsely-pub-date"
            | "publish-date"
            | "pubdate" => {
                self.publish(content);
            }
            "article:modified_time"
            | "og:updated_time"
            | "last-modified"
            | "dc.date.modified"
            | "dcterms.modified"
            | "revised" => self.modify(content),
            _ => {}
        }
    }

    fn microdata(&mut self, tree: &Tree, id: Id) {
        if tree.end(id) - id > LARGEST {
            return;
        }
        let places = [Attribute::Datetime, Attribute::Content];
        let value = || places.iter().find_map(|place| tree.attribute(id, *place)).map(str::to_owned);
        let value = || value().or_else(|| element::line(tree, id)).unwrap_or_default();
        match tree.attribute(id, Attribute::Itemprop) {
            // Answers have dates and authors of their own; those of the page come first.
            Some("datePublished" | "dateCreated") => self.publish(Some(&value())),
            Some("dateModified") => self.modify(Some(&value())),
            Some("author") if self.authors.is_empty() => {
                let name = (id + 1..tree.end(id)).find(|id| tree.attribute(*id, Attribute::Itemprop) == Some("name"));
                let named = name.map(|name| {
                    let content = tree.attribute(name, Attribute::Content).map(str::to_owned);
                    content.or_else(|| element::line(tree, name)).unwrap_or_default()
                });
                self.author(named.unwrap_or_else(value).trim());
            }
            _ => {}
        }
    }
}

/// What stands near the heading: links to authors, elements that name them, and times.
fn near(tree: &Tree, heading: Id) -> Byline {
    const WORDS: [&str; 10] = [
        "author-name",
        "byline-name",
        "byline__name",
        "byline-author",
        "p-author",
        "article-author",
        "article__author",
        "post-author",
        "entry-author",
        "byline",
    ];
    let mut byline = Byline::default();
    let around = heading.saturating_sub(MAX_FROM_HEADING)..(heading + MAX_FROM_HEADING).min(tree.nodes.len());
    for id in around.filter(|id| tree.name(*id) != Name::Text && tree.end(*id) - id <= LARGEST) {
        let is_link = tree.name(id) == Name::A
            && tree.attribute(id, Attribute::Rel).is_some_and(|rel| rel.split_whitespace().any(|rel| rel == "author"));
        if byline.authors.is_empty() && (is_link || element::has_class(tree, id, &WORDS)) {
            byline.author(person(tree, id).as_deref().unwrap_or_default());
        }
        if tree.name(id) == Name::Time {
            let time = tree.attribute(id, Attribute::Datetime);
            if is_change(tree, id) { byline.modify(time) } else { byline.publish(time) }
        }
    }
    byline
}

/// `By Jo Doe` and `Written by Jo Doe` name one person; a longer text says more than a name.
fn person(tree: &Tree, id: Id) -> Option<String> {
    let link = (id + 1..tree.end(id)).find(|inner| tree.name(*inner) == Name::A);
    let named = link.and_then(|link| element::line(tree, link)).filter(|words| !words.is_empty());
    let words = named.or_else(|| element::line(tree, id))?;
    let name = ["Written by ", "Posted by ", "By ", "by "].iter().find_map(|front| words.strip_prefix(front));
    let name = name.unwrap_or(&words).trim();
    let is_name = (1..=5).contains(&name.split_whitespace().count()) && !name.chars().any(|c| c.is_ascii_digit());
    is_name.then(|| name.to_owned())
}

/// Whether a time is one of a change: by its class, or by the words before it.
fn is_change(tree: &Tree, time: Id) -> bool {
    let says = |text: &str| {
        let text = text.to_lowercase();
        ["updated", "modified", "edited", "aktualisiert", "mis à jour"].iter().any(|word| text.contains(word))
    };
    let class = || element::classes(tree, time).any(says);
    let before = || {
        let mut texts = (time.saturating_sub(4)..time).rev().map(|id| tree.words(id).trim());
        texts.find(|text| !text.is_empty()).is_some_and(says)
    };
    class() || before()
}

/// The date of a line such as `Last updated on Mar 1, 2025.`.
fn change(tree: &Tree, text: Id) -> Option<String> {
    const BEGINNINGS: [&str; 6] =
        ["last updated", "last modified", "page last updated", "page last modified", "modified on", "updated on"];
    let words = tree.words(text).trim_start();
    let is_start =
        |beginning: &&&str| words.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning));
    let length = BEGINNINGS.iter().find(is_start)?.len();
    let own = words[length..].trim_matches([':', ' ', '.', '\n']);
    // The date may be an element of its own.
    let outer = tree.parent(text);
    let goes_on = (own.is_empty() || own == "on") && tree.end(outer) - outer <= LARGEST;
    let line = if goes_on { element::line(tree, outer)? } else { words.to_owned() };
    let date = line.get(length..).filter(|date| date.len() <= LONGEST_LINE)?;
    let date = date.trim_matches([':', ' ', '.', '\n']);
    date::read(date.strip_prefix("on ").unwrap_or(date).trim_start_matches([':', ' ']))
}
