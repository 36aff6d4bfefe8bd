//! The text that applications carry along as data, for pages that show nothing before their scripts run.

use model::Block;
use serde_json::Value;

use super::attribute::Attribute;
use super::json;
use super::name::Name;
use super::tree::Tree;
use super::walk;
use crate::budget::Budget;
use crate::room::Room;
use crate::{markdown, plain};

/// A page that shows more letters than this says itself what it has to say.
pub const MIN_SHOWN: u32 = 250;

/// Fields that hold a text, the surest first.
const FIELDS: [&str; 10] =
    ["articleBody", "cooked", "bodyHtml", "body_html", "contentHtml", "html", "markdown", "body", "content", "text"];
/// Values inside of values, and the texts of one page, end here.
const MAX_VALUES: usize = 200_000;
/// State inside of state is written as text; it is opened this often.
const MAX_LAYERS: usize = 2;

/// The best texts among the page's data, if they are longer than what the page shows.
pub fn read(tree: &Tree, shown: u32, room: &Room, budget: &Budget) -> Option<Vec<Block>> {
    let found = sources(tree)
        .filter_map(|text| json::parse(&text, &mut { json::MOST }))
        .map(best)
        .max_by_key(|texts| length(texts))?;
    if length(&found) <= usize::try_from(shown).unwrap_or(usize::MAX).saturating_mul(2) {
        return None;
    }
    let blocks: Vec<Block> = found.iter().flat_map(|text| blocks(text, room, budget)).collect();
    (!blocks.is_empty()).then_some(blocks)
}

fn length(texts: &[String]) -> usize {
    texts.iter().map(String::len).sum()
}

/// Scripts that hold data, and attributes that hold state.
fn sources(tree: &Tree) -> impl Iterator<Item = String> + '_ {
    (0..tree.nodes.len()).filter_map(|id| match tree.name(id) {
        Name::Script => Some(tree.text(id)),
        Name::Text => None,
        _ => {
            let state =
                tree.attribute(id, Attribute::DataPreloaded).or_else(|| tree.attribute(id, Attribute::DataPage));
            state.map(str::to_owned)
        }
    })
}

/// The texts under the surest field: all of them where a page is a list of posts, else the longest.
fn best(value: Value) -> Vec<String> {
    let mut found: Vec<Vec<String>> = vec![Vec::new(); FIELDS.len()];
    let mut steps = vec![(value, 0)];
    let mut count = 0;
    while let Some((value, layer)) = steps.pop() {
        count += 1;
        if count > MAX_VALUES {
            break;
        }
        match value {
            Value::Array(items) => steps.extend(items.into_iter().rev().map(|item| (item, layer))),
            Value::Object(fields) => {
                for (name, inner) in fields {
                    match (FIELDS.iter().position(|field| *field == name), inner) {
                        (Some(rank), Value::String(text)) if text.contains(' ') => found[rank].push(text),
                        (_, inner) => steps.push((inner, layer)),
                    }
                }
            }
            Value::String(text) if layer < MAX_LAYERS && text.starts_with(['{', '[']) => {
                steps.extend(json::parse(&text, &mut { json::MOST }).map(|inner| (inner, layer + 1)));
            }
            _ => {}
        }
    }
    let Some(rank) = found.iter().position(|texts| length(texts) > 200) else { return Vec::new() };
    let texts = found.swap_remove(rank);
    if FIELDS[rank] == "cooked" { texts } else { texts.into_iter().max_by_key(String::len).into_iter().collect() }
}

fn html(text: &str, room: &Room, budget: &Budget) -> Vec<Block> {
    let tree = super::parse::parse_within(text, budget);
    let dropped = vec![false; tree.nodes.len()];
    walk::blocks_within(walk::Page { tree: &tree, dropped: &dropped, base: None, room }, &[0], budget)
}

fn blocks(text: &str, room: &Room, budget: &Budget) -> Vec<Block> {
    const TAGS: [&str; 6] = ["<p", "<div", "<h2", "<ul", "<br", "<section"];
    if TAGS.iter().any(|tag| text.contains(tag)) {
        return html(text, room, budget);
    }
    if text.contains("\n#") {
        markdown::read(text, None, |text, _, room, budget| html(text, room, budget), budget).blocks
    } else {
        plain::read(text, budget).blocks
    }
}
