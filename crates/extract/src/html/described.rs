//! What a page says of itself in its head, for pages that show nothing before their scripts run.

use model::{Block, Span};

use super::attribute::Attribute;
use super::name::Name;
use super::tree::Tree;
use crate::tidy;

/// Shorter descriptions name a site; longer ones are the beginning of a text or its summary.
const SHORTEST: usize = 200;

/// The page's longest description, if it is long enough to say something.
pub fn read(tree: &Tree) -> Option<Block> {
    const NAMES: [&str; 3] = ["description", "og:description", "twitter:description"];
    let metas = (0..tree.nodes.len()).filter(|id| tree.name(*id) == Name::Meta);
    let is_description = |id: &usize| {
        let name = tree.attribute(*id, Attribute::Name).or_else(|| tree.attribute(*id, Attribute::Property));
        name.is_some_and(|name| NAMES.contains(&name))
    };
    let texts = metas.filter(is_description).filter_map(|id| tree.attribute(id, Attribute::Content)).map(tidy::line);
    let text = texts.max_by_key(String::len).filter(|text| text.len() >= SHORTEST)?;
    Some(Block::Paragraph { spans: vec![Span { text, ..Span::default() }] })
}
