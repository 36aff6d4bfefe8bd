//! Where a page leads: its links, its canonical address, and what it asks of those who follow.

use url::Url;

use super::attribute::Attribute;
use super::name::Name;
use super::parse::parse_within;
use super::tree::{Id, Tree};
use crate::budget::Budget;
use crate::charset;
use crate::hint::Hint;

/// A page with more links is an index of indices; the rest is left out.
const MOST_LINKS: usize = 20_000;
/// The names by which a page speaks to us in its `meta` elements.
const SPOKEN_TO: [&str; 2] = ["robots", "gleaner"];

/// Where a page leads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// The address that the page calls its own.
    pub canonical: Option<String>,
    /// Its links in reading order: absolute http and https addresses.
    pub links: Vec<Link>,
    /// Whether it asks not to be listed (`noindex`).
    pub is_unlisted: bool,
    /// Whether it asks that none of its links be followed (`nofollow`).
    pub is_closed: bool,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub url: String,
    /// Whether it asks not to be followed (`rel=nofollow`).
    pub is_closed: bool,
}

/// Reads where an HTML page leads, or as much of it as there is time for. Never fails.
///
/// ```
/// use extract::{Budget, Hint, links};
///
/// let page = br#"<base href="/help/"><link rel="canonical" href="refunds"><a href="terms#fees">Terms</a>"#;
/// let hint = Hint { url: Some("https://a.example/x".to_owned()), ..Hint::default() };
/// let found = links(page, &hint, &Budget::endless());
/// assert_eq!(found.canonical.as_deref(), Some("https://a.example/help/refunds"));
/// assert_eq!(found.links[0].url, "https://a.example/help/terms#fees");
/// ```
pub fn links(bytes: &[u8], hint: &Hint, budget: &Budget) -> Links {
    let page = charset::decode(bytes, hint, true);
    let tree = parse_within(&page.text, budget);
    let url = hint.url();
    let hrefs = |name| nodes(&tree, name).filter_map(|id| Some((id, tree.attribute(id, Attribute::Href)?)));
    let base = hrefs(Name::Base).next().and_then(|(_, href)| resolved(url.as_ref(), href)).or(url);
    let canonical = hrefs(Name::Link).find(|(id, _)| has_rel(&tree, *id, "canonical"));
    let mut found = Links {
        canonical: canonical.and_then(|(_, href)| followable(base.as_ref(), href)),
        is_unlisted: asks(&tree, "noindex"),
        is_closed: asks(&tree, "nofollow"),
        links: Vec::new(),
    };
    for id in (0..tree.nodes.len()).filter(|id| matches!(tree.name(*id), Name::A | Name::Area)) {
        let Some(href) = tree.attribute(id, Attribute::Href) else { continue };
        let Some(url) = followable(base.as_ref(), href) else { continue };
        if found.links.len() == MOST_LINKS {
            break;
        }
        found.links.push(Link { url, is_closed: has_rel(&tree, id, "nofollow") });
    }
    found
}

fn nodes(tree: &Tree, name: Name) -> impl Iterator<Item = Id> + '_ {
    (0..tree.nodes.len()).filter(move |id| tree.name(*id) == name)
}

fn resolved(base: Option<&Url>, href: &str) -> Option<Url> {
    base.map_or_else(|| Url::parse(href), |base| base.join(href)).ok()
}

fn followable(base: Option<&Url>, href: &str) -> Option<String> {
    resolved(base, href).filter(|url| matches!(url.scheme(), "http" | "https")).map(String::from)
}

fn has_rel(tree: &Tree, id: Id, wanted: &str) -> bool {
    let rel = tree.attribute(id, Attribute::Rel).unwrap_or_default();
    rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(wanted))
}

/// Whether a `meta` element that speaks to us says this word, or `none`, which says both.
fn asks(tree: &Tree, wanted: &str) -> bool {
    nodes(tree, Name::Meta).any(|id| {
        let name = tree.attribute(id, Attribute::Name).unwrap_or_default();
        let is_ours = SPOKEN_TO.iter().any(|ours| name.eq_ignore_ascii_case(ours));
        let words = tree.attribute(id, Attribute::Content).unwrap_or_default();
        let says = |word: &str| word.eq_ignore_ascii_case(wanted) || word.eq_ignore_ascii_case("none");
        is_ours && words.split(',').map(str::trim).any(says)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str) -> Links {
        let hint = Hint { url: Some("https://a.example/dir/page?x".to_owned()), ..Hint::default() };
        links(page.as_bytes(), &hint, &Budget::endless())
    }

    fn urls(page: &str) -> Vec<String> {
        read(page).links.into_iter().map(|link| link.url).collect()
    }

    #[test]
    fn links_are_absolute_and_only_of_the_web() {
        let page = r#"<a href="b">1</a><a href="/c?d=1&amp;e=2">2</a><a href="//b.example/">3</a><map><area href="../f"></map>
            <a href="mailto:me@a.example">4</a><a href="javascript:x()">5</a><a href="tel:1">6</a><a href="https://[">7</a><a name="x">8</a>
            <a href="">9</a>"#;
        let expected =
            ["https://a.example/dir/b", "https://a.example/c?d=1&e=2", "https://b.example/", "https://a.example/f"];
        assert_eq!(urls(page), expected);
    }

    #[test]
    fn the_first_base_counts() {
        assert_eq!(urls("<base href=/x/><base href=/y/><a href=z>"), ["https://a.example/x/z"]);
        assert_eq!(urls("<base target=_blank><a href=z>"), ["https://a.example/dir/z"]);
        assert_eq!(urls("<base href='https://b.example/'><a href=z>"), ["https://b.example/z"]);
    }

    #[test]
    fn the_canonical_address_is_the_first_that_can_be_followed() {
        let canonical = |page| read(page).canonical;
        assert_eq!(
            canonical("<link rel='alternate canonical' href=/a><link rel=canonical href=/b>").as_deref(),
            Some("https://a.example/a")
        );
        assert_eq!(
            canonical("<link rel=canonical><link rel=CANONICAL href='c'>").as_deref(),
            Some("https://a.example/dir/c")
        );
        assert_eq!(canonical("<link rel=canonical href='mailto:x'>"), None);
        assert_eq!(canonical("<a rel=canonical href=/a>"), None);
    }

    #[test]
    fn a_page_may_ask_not_to_be_listed_or_followed() {
        let asks = |page| (read(page).is_unlisted, read(page).is_closed);
        assert_eq!(asks("<meta name=robots content='noindex, follow'>"), (true, false));
        assert_eq!(asks("<meta name=ROBOTS content='NOFOLLOW'>"), (false, true));
        assert_eq!(asks("<meta name=gleaner content=none>"), (true, true));
        assert_eq!(asks("<meta name=otherbot content=none><meta name=description content=noindex>"), (false, false));
        let closed: Vec<bool> = read("<a href=a rel='noopener NoFollow'></a><a href=b rel=me>")
            .links
            .iter()
            .map(|link| link.is_closed)
            .collect();
        assert_eq!(closed, [true, false]);
    }
}
