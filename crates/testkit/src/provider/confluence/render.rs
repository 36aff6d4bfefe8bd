//! The formats of a page's body, made from its storage format as the service makes them: macros run.

mod fold;
mod macros;
mod open;
mod plain;

use serde_json::{Value, json};

use self::macros::Scene;
use super::content::{Content, Version};
use super::world::World;

/// How many pages may include one another.
const DEEPEST: usize = 3;

/// All text of a body in storage format, with single spaces.
pub(super) fn text(storage: &str) -> String {
    plain::text(storage)
}

/// The body of a page in a format.
pub(super) fn body(world: &World, content: &Content, shown: &Version, format: &str, base: &str) -> String {
    let storage = shown.body.as_deref().unwrap_or_default();
    match format {
        "storage" | "editor" => storage.to_owned(),
        // A document inside a string: who reads it parses twice.
        "atlas_doc_format" => document(storage).to_string(),
        "view" => view(world, content, storage, ""),
        "styled_view" => {
            let html = view(world, content, storage, base);
            format!("<html><head><style>body {{ color: #172b4d }}</style></head><body>{html}</body></html>")
        }
        // Exported views have links that hold anywhere.
        _ => view(world, content, storage, base),
    }
}

fn view(world: &World, content: &Content, storage: &str, base: &str) -> String {
    fold::html(storage, &Scene { world, content, base, left: DEEPEST, html: fold::html })
}

/// A document of Atlassian's editor with the same headings and paragraphs. What else there is of structure is left out.
fn document(storage: &str) -> Value {
    let blocks = plain::blocks(storage).into_iter().map(|block| {
        let text = json!([{"type": "text", "text": block.text}]);
        match block.level {
            Some(level) => json!({"type": "heading", "attrs": {"level": level}, "content": text}),
            None => json!({"type": "paragraph", "content": text}),
        }
    });
    json!({"type": "doc", "version": 1, "content": blocks.collect::<Vec<_>>()})
}
