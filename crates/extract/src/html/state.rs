//! The text that applications carry along as data, for pages that show nothing before their scripts run.

use model::Block;
use serde_json::Value;

use super::attribute::Attribute;
use super::name::Name;
use super::tree::Tree;
use crate::{markdown, plain};

/// A page that shows more letters than this says itself what it has to say.
pub const MIN_SHOWN: u32 = 250;

/// Fields that hold a text, the surest first.
const FIELDS: [&str; 9] =
    ["articleBody", "bodyHtml", "body_html", "contentHtml", "html", "markdown", "body", "content", "text"];

/// The best text among the page's data, if it is longer than what the page shows.
pub fn read(tree: &Tree, shown: u32) -> Option<Vec<Block>> {
    let scripts = tree.nodes.iter().enumerate().filter(|(_, node)| node.name == Name::Script);
    let texts = scripts.filter(|(id, _)| tree.has(*id, Attribute::Type)).map(|(id, _)| tree.text(id));
    let found = texts.filter_map(|text| serde_json::from_str(&text).ok()).filter_map(|value| best(&value)).max_by_key(String::len)?;
    if found.len() <= usize::try_from(shown).unwrap_or(usize::MAX) * 2 {
        return None;
    }
    let blocks = if looks_like_html(&found) { html(&found) } else if found.contains("\n#") { markdown::read(&found, None).blocks } else { plain::read(&found).blocks };
    (!blocks.is_empty()).then_some(blocks)
}

/// The longest text under the surest field.
fn best(value: &Value) -> Option<String> {
    let mut best: Option<(usize, &String)> = None;
    let mut steps = vec![value];
    while let Some(value) = steps.pop() {
        match value {
            Value::Array(items) => steps.extend(items),
            Value::Object(fields) => {
                for (name, inner) in fields {
                    steps.push(inner);
                    let rank = FIELDS.iter().position(|field| field == name);
                    if let (Some(rank), Value::String(text)) = (rank, inner)
                        && text.contains(' ')
                        && best.is_none_or(|(old, other)| (rank, std::cmp::Reverse(text.len())) < (old, std::cmp::Reverse(other.len())))
                    {
                        best = Some((rank, text));
                    }
                }
            }
            _ => {}
        }
    }
    best.map(|(_, text)| text.clone())
}

fn looks_like_html(text: &str) -> bool {
    ["<p", "<div", "<h2", "<ul", "<br", "<section"].iter().any(|tag| text.contains(tag))
}

fn html(text: &str) -> Vec<Block> {
    let tree = super::parse::parse(text);
    let dropped = vec![false; tree.nodes.len()];
    super::walk::blocks(super::walk::Page { tree: &tree, dropped: &dropped, base: None }, &[0])
}
