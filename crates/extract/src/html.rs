//! Reads HTML: what the page says about itself, which part of it is the content, and that part's structure.

mod attribute;
mod cells;
mod code;
mod described;
mod element;
mod furniture;
mod heading;
mod hidden;
mod kind;
mod marks;
mod measure;
mod metadata;
mod name;
mod parse;
mod phrases;
mod posts;
mod repeats;
mod rules;
mod select;
mod state;
mod streamed;
mod tree;
mod walk;

use url::Url;

use crate::reading::Reading;

/// Reads a page that came from `url`.
pub fn read(html: &str, url: Option<&Url>) -> Reading {
    let mut tree = parse::parse(html);
    streamed::settle(&mut tree);
    let page = metadata::read(&tree, url);
    let content = select::select(&tree);
    let read = walk::Page { tree: &tree, dropped: &content.dropped, base: page.base.as_ref() };
    let mut blocks = walk::blocks(read, &content.roots);
    if content.letters < state::MIN_SHOWN {
        blocks = state::read(&tree, content.letters).unwrap_or(blocks);
    }
    if blocks.is_empty() {
        blocks = everything(&tree);
    }
    let mut warnings = Vec::new();
    if blocks.is_empty() {
        blocks.extend(described::read(&tree));
        let is_described = !blocks.is_empty();
        warnings.extend(
            is_described
                .then(|| "the page shows no text before its scripts run; this is only its own description".to_owned()),
        );
    }
    repeats::remove(&mut blocks);
    let cut = tree.is_cut.then(|| "the page is larger than Gleaner reads; its end is missing".to_owned());
    warnings.extend(cut);
    Reading { title: page.title, language: page.language, canonical_url: page.canonical_url, blocks, warnings }
}

/// All text of a page that shows none by the rules, such as words in a drawing.
fn everything(tree: &tree::Tree) -> Vec<model::Block> {
    let mut builder = crate::build::Builder::default();
    for id in 0..tree.nodes.len() {
        let around = tree.name(tree.parent(id));
        if tree.name(id) == name::Name::Text
            && !matches!(around, name::Name::Script | name::Name::Style | name::Name::Title)
        {
            builder.text(tree.words(id));
            builder.end_block();
        }
    }
    builder.finish()
}

/// Reads all of a page that is content throughout, such as a chapter of a book or a letter.
pub fn whole(html: &str, url: Option<&Url>) -> Reading {
    let tree = parse::parse(html);
    let page = metadata::read(&tree, url);
    let dropped = vec![false; tree.nodes.len()];
    let read = walk::Page { tree: &tree, dropped: &dropped, base: page.base.as_ref() };
    let blocks = walk::blocks(read, &[tree.body()]);
    Reading { title: page.title, language: page.language, blocks, ..Reading::default() }
}
