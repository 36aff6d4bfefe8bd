//! Reads the path to a page that it shows above its text.

use super::attribute::Attribute;
use super::element::{self, Role};
use super::name::Name;
use super::tree::{Id, Tree};

/// Classes that name such a path, in lower case.
const WORDS: [&str; 9] = [
    "breadcrumb",
    "breadcrumbs",
    "crumbs",
    "wy-breadcrumbs",
    "theme-doc-breadcrumbs",
    "nextra-breadcrumb",
    "sub-nav-breadcrumbs",
    "breadcrumb-list",
    "breadcrumbs__list",
];
/// Longer paths are menus.
const MAX_STEPS: usize = 12;
/// A larger part of a page is no path, in nodes.
const LARGEST: usize = 500;
/// More paths than any page shows.
const MAX_PATHS: usize = 20;
/// A longer step is a text.
const LONGEST: usize = 120;
/// Signs between steps.
const SEPARATORS: [char; 9] = ['/', '»', '›', '>', '→', '·', '|', '\\', '•'];

/// The names of the steps, outermost first.
pub fn read(tree: &Tree) -> Vec<String> {
    let paths = (0..tree.nodes.len()).filter(|id| is_path(tree, *id)).take(MAX_PATHS);
    paths.map(|id| steps(tree, id)).find(|steps| !steps.is_empty() && steps.len() <= MAX_STEPS).unwrap_or_default()
}

fn is_path(tree: &Tree, id: Id) -> bool {
    if !tree.has_attributes(id) || tree.end(id) - id > LARGEST || element::role(tree.name(id)) != Role::Block {
        return false;
    }
    let is_labelled = || {
        tree.attribute(id, Attribute::AriaLabel).is_some_and(|label| label.to_ascii_lowercase().contains("breadcrumb"))
    };
    let is_typed =
        || tree.attribute(id, Attribute::Itemtype).is_some_and(|kind| kind.ends_with("schema.org/BreadcrumbList"));
    let is_named = || element::classes(tree, id).any(|class| WORDS.iter().any(|word| word.eq_ignore_ascii_case(class)));
    is_labelled() || is_typed() || is_named()
}

/// Items where there is a list, else links and the words between them.
fn steps(tree: &Tree, path: Id) -> Vec<String> {
    let items: Vec<Id> = (path + 1..tree.end(path)).filter(|id| tree.name(*id) == Name::Li).collect();
    let texts: Vec<String> = if items.is_empty() {
        pieces(tree, path)
    } else {
        items.into_iter().filter_map(|item| element::line(tree, item)).collect()
    };
    let names = texts.iter().map(|text| text.trim_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c)));
    names.filter(|name| (1..=LONGEST).contains(&name.len())).take(MAX_STEPS + 1).map(str::to_owned).collect()
}

/// The words of each link, and each run of text outside of links.
fn pieces(tree: &Tree, path: Id) -> Vec<String> {
    let (mut pieces, mut at) = (Vec::new(), path + 1);
    while at < tree.end(path) {
        match tree.name(at) {
            Name::A => {
                pieces.extend(element::line(tree, at));
                at = tree.end(at);
                continue;
            }
            Name::Text => pieces.extend(tree.words(at).split(SEPARATORS).map(str::trim).map(str::to_owned)),
            _ => {}
        }
        at += 1;
    }
    pieces
}
