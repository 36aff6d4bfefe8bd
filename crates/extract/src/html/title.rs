//! Finds the title of a page among its headings, `og:title` and `<title>`, without the name of the site.

use super::element;
use super::name::Name;
use super::tree::{Id, Tree};
use crate::tidy;

/// A page has one main heading; a few more are looked at, because logos are headings too.
const MAX_HEADINGS: usize = 8;
/// Signs between a title and the name of a site.
const SEPARATORS: [&str; 10] = [" | ", " - ", " – ", " — ", " · ", " :: ", " : ", " » ", " • ", " « "];

/// What a page states in its head.
#[derive(Debug, Default)]
pub struct Stated {
    /// `og:title`.
    pub open_graph: Option<String>,
    /// `<title>`.
    pub tag: Option<String>,
    /// `og:site_name`.
    pub site: Option<String>,
}

/// The page's own heading is the best title when `<title>` or `og:title` repeats it; else they are, without the site.
pub fn read(tree: &Tree, stated: &Stated) -> Option<String> {
    let filled = |text: &String| Some(tidy::line(text)).filter(|text| !text.is_empty());
    let open_graph = stated.open_graph.as_ref().and_then(filled);
    let tag = stated.tag.as_ref().and_then(filled);
    let site = stated.site.as_ref().and_then(filled);
    let headings = headings(tree);
    let named: Vec<&String> = open_graph.iter().chain(&tag).collect();
    let is_repeated = |heading: &&String| named.iter().any(|named| repeats(named, heading));
    match (headings.iter().find(is_repeated), named.first()) {
        (Some(heading), _) => Some(heading.clone()),
        (None, Some(named)) => Some(without_site(named, site.as_deref())),
        (None, None) => headings.first().cloned(),
    }
}

/// The main headings; the second level, where a page has no first one.
fn headings(tree: &Tree) -> Vec<String> {
    let of = |name: Name| -> Vec<Id> {
        (0..tree.nodes.len()).filter(|id| tree.name(*id) == name).take(MAX_HEADINGS).collect()
    };
    let first = of(Name::H1);
    let found = if first.is_empty() { of(Name::H2) } else { first };
    let texts = found
        .into_iter()
        .map(|id| tidy::line(&element::words(tree, id)).trim_end_matches(['¶', '#', '§']).trim().to_owned());
    texts.filter(|text| !text.is_empty()).collect()
}

/// Whether what a page is named repeats a heading as a part of its own, in any spelling of quotes and letters. A logo is
/// repeated at the end.
fn repeats(named: &str, heading: &str) -> bool {
    let (named, heading) = (folded(named), folded(heading));
    let Some(at) = named.find(&heading) else { return false };
    let (before, after) = (&named[..at], &named[at + heading.len()..]);
    let is_part = !before.trim_end().ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
    let is_site = || SEPARATORS.iter().any(|separator| before.ends_with(separator) && after.is_empty());
    is_part && !is_site()
}

fn folded(text: &str) -> String {
    let plain = text.chars().map(|c| match c {
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        other => other,
    });
    plain.flat_map(char::to_lowercase).collect()
}

/// `Refunds - Billing | Example` names the site last (or first, when the site says its name).
fn without_site(title: &str, site: Option<&str>) -> String {
    let cut = SEPARATORS.iter().filter_map(|separator| title.rfind(separator).map(|at| (at, separator.len()))).max();
    let Some((at, length)) = cut else { return title.to_owned() };
    let (front, back) = (title[..at].trim(), title[at + length..].trim());
    let is_site = |part: &str| site.is_some_and(|site| folded(site) == folded(part));
    if is_site(front) {
        return back.to_owned();
    }
    let is_short = back.split_whitespace().count() <= 4 && front.chars().count() >= 8;
    if is_site(back) || (site.is_none() && is_short) { front.to_owned() } else { title.to_owned() }
}
