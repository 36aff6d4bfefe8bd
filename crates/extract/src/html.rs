//! Reads HTML: what the page says about itself, which part of it is the content, and that part's structure.

mod cells;
mod code;
mod content;
mod element;
mod furniture;
mod guide;
mod metadata;
mod walk;

use dom_query::Document;
use url::Url;

use crate::reading::Reading;

/// Reads a page that came from `url`.
pub fn read(html: &str, url: Option<&Url>) -> Reading {
    let document = Document::from(html);
    let page = metadata::read(&document, url);
    let content = content::select(document, url);
    let blocks = walk::blocks(&content::root(&content), page.base.as_ref());
    Reading {
        title: page.title,
        language: page.language,
        canonical_url: page.canonical_url,
        blocks,
        warnings: Vec::new(),
    }
}

/// Reads all of a page that is content throughout, such as a chapter of a book or a letter.
pub fn whole(html: &str, url: Option<&Url>) -> Reading {
    let document = Document::from(html);
    let page = metadata::read(&document, url);
    let blocks = walk::blocks(&document.root(), page.base.as_ref());
    Reading { title: page.title, language: page.language, blocks, ..Reading::default() }
}
