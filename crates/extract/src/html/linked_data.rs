//! Reads what a page says of itself as linked data (JSON-LD in the words of <https://schema.org>).

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::attribute::Attribute;
use super::json;
use super::name::Name;
use super::tree::Tree;

/// Types whose authors and dates are those of the page, the surest first.
const TYPES: &[&[&str]] = &[
    &["Article", "TechArticle", "BlogPosting", "NewsArticle", "ScholarlyArticle", "Report", "HowTo", "APIReference"],
    &["Question", "DiscussionForumPosting", "SocialMediaPosting"],
    &["WebPage", "FAQPage", "QAPage", "AboutPage", "ItemPage"],
];
/// Fields that lead from a page to what it is about.
const INNER: [&str; 4] = ["@graph", "mainEntity", "mainEntityOfPage", "breadcrumb"];
/// More things than a page describes.
const MAX_THINGS: usize = 2_000;
/// People of one text, and steps of one path.
const MAX_NAMES: usize = 20;

/// What linked data says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LinkedData {
    /// Who wrote the text.
    pub authors: Vec<String>,
    /// When it was published, as it is written.
    pub published: Option<String>,
    /// When it was changed, as it is written.
    pub modified: Option<String>,
    /// The path to the page, outermost first.
    pub breadcrumbs: Vec<String>,
}

/// Reads all linked data of a page.
pub fn read(tree: &Tree) -> LinkedData {
    let scripts = (0..tree.nodes.len()).filter(|id| {
        tree.name(*id) == Name::Script
            && tree.attribute(*id, Attribute::Type).is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json"))
    });
    let mut left = json::MOST;
    let values: Vec<Value> = scripts.filter_map(|id| json::parse(&tree.text(id), &mut left)).collect();
    from(&values)
}

fn from(values: &[Value]) -> LinkedData {
    let things = things(values);
    let ids = things.iter().filter_map(|thing| Some((thing.get("@id")?.as_str()?, *thing)));
    let ids: HashMap<&str, &Map<String, Value>> = ids.collect();
    let mut data = LinkedData::default();
    for thing in TYPES.iter().filter_map(|types| only(things.iter().filter(|thing| is_of(thing, types)))) {
        if data.authors.is_empty() {
            data.authors = thing.get("author").map(|author| names(author, &ids)).unwrap_or_default();
        }
        let text = |name: &str| thing.get(name).and_then(Value::as_str).map(str::to_owned);
        data.published = data.published.or_else(|| text("datePublished")).or_else(|| text("dateCreated"));
        data.modified = data.modified.or_else(|| text("dateModified"));
    }
    let paths = things.iter().filter(|thing| is_of(thing, &["BreadcrumbList"]));
    data.breadcrumbs = paths.map(|path| steps(path)).max_by_key(Vec::len).unwrap_or_default();
    data
}

/// The one thing of a kind, which a page may describe twice; of several nobody knows which one the page is about.
fn only<'a>(mut things: impl Iterator<Item = &'a &'a Map<String, Value>>) -> Option<&'a Map<String, Value>> {
    let first = *things.next()?;
    let headline = first.get("headline");
    things.all(|other| headline.is_some() && other.get("headline") == headline).then_some(first)
}

/// The things that a page describes itself; lists of other pages are not followed.
fn things(values: &[Value]) -> Vec<&Map<String, Value>> {
    let mut things = Vec::new();
    let mut open: Vec<&Value> = values.iter().rev().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Array(values) => open.extend(values.iter().rev()),
            Value::Object(fields) => {
                things.push(fields);
                open.extend(INNER.iter().rev().filter_map(|name| fields.get(*name)));
            }
            _ => {}
        }
        if things.len() > MAX_THINGS {
            break;
        }
    }
    things
}

fn is_of(thing: &Map<String, Value>, types: &[&str]) -> bool {
    let is_one = |kind: &Value| {
        kind.as_str().is_some_and(|kind| types.contains(&kind.rsplit(['/', ':']).next().unwrap_or(kind)))
    };
    match thing.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is_one),
        Some(kind) => is_one(kind),
        None => false,
    }
}

/// The names of people, who are texts, things, or references to things.
fn names(value: &Value, ids: &HashMap<&str, &Map<String, Value>>) -> Vec<String> {
    let people = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    let name = |person: &Value| match person {
        Value::String(name) => Some(name.clone()),
        Value::Object(fields) => {
            let known = || ids.get(fields.get("@id")?.as_str()?)?.get("name");
            let name = fields.get("name").or_else(known)?;
            name.as_str().or_else(|| name.as_array()?.first()?.as_str()).map(str::to_owned)
        }
        _ => None,
    };
    people.iter().filter_map(name).take(MAX_NAMES).collect()
}

fn steps(path: &Map<String, Value>) -> Vec<String> {
    let items = path.get("itemListElement").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let position = |item: &Value| {
        let position = item.get("position");
        position.and_then(|at| at.as_u64().or_else(|| at.as_str()?.parse().ok())).unwrap_or(u64::MAX)
    };
    let name = |item: &Value| {
        let name = item.get("name").or_else(|| item.get("item")?.get("name"));
        name.and_then(Value::as_str).map(str::to_owned)
    };
    let mut steps: Vec<(u64, String)> =
        items.iter().filter_map(|item| Some((position(item), name(item)?))).take(MAX_NAMES).collect();
    steps.sort_by_key(|(position, _)| *position);
    steps.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests;
