//! Reads what a page says about itself: title, language, its own address, and the base of its links.

use dom_query::Document;
use url::Url;

use super::element;
use crate::tidy;

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
pub fn read(document: &Document, url: Option<&Url>) -> Page {
    let base = first(document, "base[href]", "href").and_then(|href| resolve(url, &href)).or_else(|| url.cloned());
    let canonical =
        first(document, "link[rel~=canonical][href]", "href").and_then(|href| resolve(base.as_ref(), &href));
    Page {
        title: title(document),
        language: first(document, "html", "lang")
            .or_else(|| first(document, "html", "xml:lang"))
            .or_else(|| first(document, "meta[http-equiv=content-language i]", "content")),
        canonical_url: canonical.filter(|url| matches!(url.scheme(), "http" | "https")).map(|url| url.to_string()),
        base,
    }
}

fn resolve(base: Option<&Url>, href: &str) -> Option<Url> {
    base.map_or_else(|| Url::parse(href), |base| base.join(href)).ok()
}

fn first(document: &Document, selector: &str, attribute: &str) -> Option<String> {
    document.select_single(selector).nodes().first().and_then(|node| element::attribute(node, attribute))
}

/// The page's own heading is the best title when `<title>` or `og:title` repeats it; else they are, without the site.
fn title(document: &Document) -> Option<String> {
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    let og = first(document, "meta[property='og:title']", "content").map(|text| tidy::line(&text)).and_then(filled);
    let tag = document.select_single("head title").nodes().first().and_then(|node| filled(tidy::line(&node.text())));
    let headings = document.select("h1");
    let headings =
        headings.nodes().iter().map(|node| tidy::line(&node.text()).trim_end_matches(['¶', '#']).trim().to_owned());
    let headings: Vec<String> = headings.filter(|text| !text.is_empty()).collect();
    let site = first(document, "meta[property='og:site_name']", "content").map(|text| tidy::line(&text));
    let stated = og.or(tag);
    let repeated =
        headings.iter().find(|heading| stated.as_ref().is_some_and(|stated| stated.contains(heading.as_str())));
    let alone = || if headings.len() == 1 { headings.first().cloned() } else { None };
    match (repeated, stated) {
        (Some(heading), _) => Some(heading.clone()),
        (None, Some(stated)) => Some(without_site(&stated, site.as_deref())),
        (None, None) => alone().or_else(|| headings.first().cloned()),
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
