//! Reads HTML: what the page says about itself, which part of it is the content, and that part's structure.

mod abbreviation;
mod address;
mod admonition;
mod attribute;
mod breadcrumbs;
mod byline;
mod cells;
mod code;
mod code_language;
mod definitions;
mod described;
mod dropped;
mod element;
pub mod explain;
mod furniture;
mod heading;
mod headings;
mod hidden;
mod json;
mod kind;
mod linked_data;
mod links;
mod marks;
mod math;
mod measure;
mod media;
mod metadata;
mod name;
mod note;
mod ornament;
mod parse;
mod phrases;
mod posts;
mod recurring;
mod repeats;
mod rules;
mod select;
mod selector;
mod state;
mod streamed;
mod tabs;
mod task;
mod title;
mod tree;
mod walk;
mod wanted;

use url::Url;

pub use self::links::{Link, Links, links};
pub use self::selector::{SelectorError, check_selector};
use self::wanted::Wanted;
use crate::budget::Budget;
use crate::reading::Reading;
use crate::room::Room;
use crate::site::Site;

/// What a reader is told of a page with too many elements.
const CUT: &str = "the page is larger than Gleaner reads; its end is missing";

/// Reads a page that came from `url`, with what is known of its site, or as much of it as there is time for.
pub fn read(html: &str, url: Option<&Url>, site: &Site, budget: &Budget) -> Reading {
    let mut tree = parse::parse_within(html, budget);
    streamed::settle(&mut tree);
    let page = metadata::read(&tree, url);
    let mut warnings = Vec::new();
    if tree.is_cut {
        warnings.push(CUT.to_owned());
    }
    let wanted = Wanted::of(&tree, site, &mut warnings);
    let content = select::select(&tree, &wanted, dropped::Dropped::none(&tree));
    let room = Room::default();
    let read = walk::Page { tree: &tree, dropped: &content.dropped, base: page.base.as_ref(), room: &room };
    let mut blocks = walk::blocks_within(read, &content.roots, budget);
    if content.letters < state::MIN_SHOWN && wanted.keep.is_empty() {
        blocks = state::read(&tree, content.letters, &room, budget).unwrap_or(blocks);
    }
    if blocks.is_empty() {
        blocks = everything(&tree);
    }
    if blocks.is_empty() {
        blocks.extend(described::read(&tree));
        let is_described = !blocks.is_empty();
        warnings.extend(
            is_described
                .then(|| "the page shows no text before its scripts run; this is only its own description".to_owned()),
        );
    }
    repeats::remove(&mut blocks);
    warnings.extend(room.warnings());
    Reading {
        title: page.title,
        language: page.language,
        canonical_url: page.canonical_url,
        authors: page.authors,
        published: page.published,
        modified: page.modified,
        breadcrumbs: page.breadcrumbs,
        fingerprints: content.recurring.iter().map(|block| block.fingerprint).collect(),
        blocks,
        warnings,
    }
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

/// Reads all of a page that is content throughout, such as a chapter of a book or a letter, or as much of it as there is
/// time for. Its document has this room for what is told more often than it is written.
pub fn whole(html: &str, url: Option<&Url>, room: &Room, budget: &Budget) -> Reading {
    let tree = parse::parse_within(html, budget);
    let page = metadata::read(&tree, url);
    let dropped = vec![false; tree.nodes.len()];
    let read = walk::Page { tree: &tree, dropped: &dropped, base: page.base.as_ref(), room };
    let blocks = walk::blocks_within(read, &[tree.body()], budget);
    let warnings = tree.is_cut.then(|| CUT.to_owned()).into_iter().collect();
    Reading { title: page.title, language: page.language, blocks, warnings, ..Reading::default() }
}
