//! Finds the main content of a page. The one place that knows how: everything else only sees the reduced page.
//!
//! `rs-trafilatura` is the best judge of what is content, but what it returns has lost structure: images, disclosure
//! boxes, languages of code. So it judges, and the page's own tree, reduced to what was judged to be content, is read.

use dom_query::{Document, NodeRef};
use rs_trafilatura::Options;
use url::Url;

use super::furniture;
use super::guide::{self, Outline};

/// Bigger pages are not worth the judge's time.
const MAX_JUDGED: usize = 4 * 1024 * 1024;

/// At least this share of the judged text, in percent, must be found in the page's own tree.
const MIN_FOUND: usize = 50;

/// A judge that finds less than this elsewhere has found the title.
const MIN_HIDDEN: usize = 200;

/// Reduces the page to its main content.
pub fn select(page: Document, url: Option<&Url>) -> Document {
    furniture::remove(&page);
    let html = page.html();
    let judged = if html.len() <= MAX_JUDGED { judge(&html, url) } else { Judged::default() };
    let is_found = {
        let outline = Outline::of(&root(&page));
        let matched = outline.matched(&judged.letters);
        let is_found = matched.letters > 0 && matched.letters * 100 >= judged.letters.len() * MIN_FOUND;
        if is_found {
            matched.remove_others();
        }
        is_found
    };
    // Some pages keep their text in attributes and scripts, where only the judge finds it.
    if is_found || judged.letters.len() < MIN_HIDDEN { page } else { judged.tree }
}

/// Where reading starts.
pub fn root(page: &Document) -> NodeRef<'_> {
    page.body().unwrap_or_else(|| page.root())
}

/// What `rs-trafilatura` calls content.
#[derive(Default)]
struct Judged {
    /// Its letters and digits; empty when it finds no content.
    letters: String,
    /// Its own tree of it.
    tree: Document,
}

fn judge(html: &str, url: Option<&Url>) -> Judged {
    let options =
        Options { url: url.map(Url::to_string), include_links: true, include_formatting: true, ..Options::default() };
    let Ok(result) = rs_trafilatura::extract_with_options(html, &options) else { return Judged::default() };
    let tree = Document::from(result.content_html.unwrap_or_default());
    let (from_tree, from_text) = (guide::letters(&tree.text()), guide::letters(&result.content_text));
    let letters = if from_tree.len() >= from_text.len() { from_tree } else { from_text };
    Judged { letters, tree }
}
