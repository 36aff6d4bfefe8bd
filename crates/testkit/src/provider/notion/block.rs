//! Blocks to build a page of, of every type that the interface has and of some that it has not.

use serde_json::{Value, json};
use uuid::Uuid;

use super::text::Text;

/// A block with what lies inside of it, not yet in a world.
#[derive(Debug, Clone)]
pub struct Block {
    pub(super) kind: String,
    pub(super) content: Content,
    pub(super) children: Vec<Block>,
    pub(super) is_hidden: bool,
}

/// What a block holds besides its children.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// Rich text with more fields beside it.
    Text(Text, Value),
    /// A row of a table.
    Cells(Vec<Text>),
    /// A file, a picture or the like: where it is, and what it is called.
    Media { url: String, caption: Text },
    /// An address with a caption.
    Address { url: String, caption: Text },
    /// The copy of a synced block names its original; the original has none.
    Synced(Option<Uuid>),
    /// Anything else, as it is.
    Fields(Value),
}

impl Block {
    pub fn paragraph(text: impl Into<Text>) -> Self {
        Self::text("paragraph", text, json!({ "color": "default" }))
    }

    /// A heading of level 1 to 4; the published document ends at 3.
    pub fn heading(level: u8, text: impl Into<Text>) -> Self {
        Self::text(&format!("heading_{level}"), text, json!({ "color": "default", "is_toggleable": false }))
    }

    /// A heading that folds away what lies inside.
    pub fn toggle_heading(level: u8, text: impl Into<Text>, children: Vec<Self>) -> Self {
        let heading =
            Self::text(&format!("heading_{level}"), text, json!({ "color": "default", "is_toggleable": true }));
        heading.with(children)
    }

    pub fn bullet(text: impl Into<Text>) -> Self {
        Self::text("bulleted_list_item", text, json!({ "color": "default" }))
    }

    pub fn number(text: impl Into<Text>) -> Self {
        Self::text("numbered_list_item", text, json!({ "color": "default" }))
    }

    pub fn to_do(text: impl Into<Text>, checked: bool) -> Self {
        Self::text("to_do", text, json!({ "color": "default", "checked": checked }))
    }

    pub fn toggle(text: impl Into<Text>, children: Vec<Self>) -> Self {
        Self::text("toggle", text, json!({ "color": "default" })).with(children)
    }

    pub fn quote(text: impl Into<Text>) -> Self {
        Self::text("quote", text, json!({ "color": "default" }))
    }

    pub fn callout(emoji: &str, text: impl Into<Text>) -> Self {
        let icon = json!({ "type": "emoji", "emoji": emoji });
        Self::text("callout", text, json!({ "color": "gray_background", "icon": icon }))
    }

    pub fn code(language: &str, code: &str) -> Self {
        Self::text("code", code, json!({ "language": language, "caption": [] }))
    }

    pub fn template(text: impl Into<Text>) -> Self {
        Self::text("template", text, json!({}))
    }

    pub fn equation(expression: &str) -> Self {
        Self::fields("equation", json!({ "expression": expression }))
    }

    pub fn divider() -> Self {
        Self::fields("divider", json!({}))
    }

    pub fn breadcrumb() -> Self {
        Self::fields("breadcrumb", json!({}))
    }

    pub fn table_of_contents() -> Self {
        Self::fields("table_of_contents", json!({ "color": "default" }))
    }

    /// A table whose first row is its head.
    pub fn table(rows: Vec<Vec<Text>>) -> Self {
        let width = rows.first().map_or(1, Vec::len);
        let fields = json!({ "table_width": width, "has_column_header": true, "has_row_header": false });
        let row = |cells| Self::new("table_row", Content::Cells(cells));
        Self::fields("table", fields).with(rows.into_iter().map(row).collect())
    }

    /// Columns side by side.
    pub fn columns(columns: Vec<Vec<Self>>) -> Self {
        let column = |children| Self::fields("column", json!({})).with(children);
        Self::fields("column_list", json!({})).with(columns.into_iter().map(column).collect())
    }

    /// The original of a synced block.
    pub fn synced(children: Vec<Self>) -> Self {
        Self::new("synced_block", Content::Synced(None)).with(children)
    }

    /// A copy of a synced block, which shows what lies inside of the original.
    pub fn synced_from(original: Uuid) -> Self {
        Self::new("synced_block", Content::Synced(Some(original)))
    }

    /// `image`, `video`, `pdf`, `file` or `audio`, kept elsewhere.
    pub fn media(kind: &str, url: &str, caption: impl Into<Text>) -> Self {
        Self::new(kind, Content::Media { url: url.to_owned(), caption: caption.into() })
    }

    /// `bookmark`, `embed` or `link_preview`.
    pub fn address(kind: &str, url: &str, caption: impl Into<Text>) -> Self {
        Self::new(kind, Content::Address { url: url.to_owned(), caption: caption.into() })
    }

    pub fn link_to_page(page: Uuid) -> Self {
        Self::fields("link_to_page", json!({ "type": "page_id", "page_id": page }))
    }

    /// The record of a meeting; its title may be all that is left.
    pub fn meeting_notes(title: &str) -> Self {
        Self::fields(
            "meeting_notes",
            json!({ "title": Text::from(title).json(), "status": "notes_ready", "children": {} }),
        )
    }

    /// What the interface says of a block that it cannot give.
    pub fn unsupported(block_type: &str) -> Self {
        Self::fields("unsupported", json!({ "block_type": block_type }))
    }

    /// A block of a type that came after the document was written.
    pub fn unheard_of(kind: &str, text: impl Into<Text>) -> Self {
        Self::text(kind, text, json!({}))
    }

    /// The same with blocks inside.
    #[must_use]
    pub fn with(mut self, children: Vec<Self>) -> Self {
        self.children.extend(children);
        self
    }

    /// The same, but whoever asks for what lies inside is told that there is no such block.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self { is_hidden: true, ..self }
    }

    fn text(kind: &str, text: impl Into<Text>, fields: Value) -> Self {
        Self::new(kind, Content::Text(text.into(), fields))
    }

    fn fields(kind: &str, fields: Value) -> Self {
        Self::new(kind, Content::Fields(fields))
    }

    fn new(kind: &str, content: Content) -> Self {
        Self { kind: kind.to_owned(), content, children: Vec::new(), is_hidden: false }
    }
}

impl Content {
    /// What stands under the type's name in the block's object.
    pub fn json(&self, kind: &str) -> Value {
        match self {
            Self::Text(text, fields) => {
                let mut fields = fields.clone();
                fields["rich_text"] = text.json();
                fields
            }
            Self::Cells(cells) => json!({ "cells": cells.iter().map(Text::json).collect::<Vec<_>>() }),
            Self::Media { url, caption } => {
                let mut media = json!({ "type": "external", "external": { "url": url }, "caption": caption.json() });
                if kind == "file" {
                    media["name"] = url.rsplit('/').next().into();
                }
                media
            }
            Self::Address { url, .. } if kind == "link_preview" => json!({ "url": url }),
            Self::Address { url, caption } => json!({ "url": url, "caption": caption.json() }),
            Self::Synced(original) => {
                json!({ "synced_from": original.map(|id| json!({ "type": "block_id", "block_id": id })) })
            }
            Self::Fields(fields) => fields.clone(),
        }
    }
}
