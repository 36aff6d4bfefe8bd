//! One thing of a workspace, and the rules of who sees it and whether it is in the bin.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::block::Content;

/// The records that one answer of Markdown holds at most.
const MARKDOWN_LIMIT: usize = 20_000;
/// The rows that one query gives at most.
const ROW_LIMIT: usize = 10_000;

/// Everything there is.
#[derive(Debug)]
pub(super) struct State {
    pub items: HashMap<Uuid, Item>,
    /// Every id that was ever given, in the order of making.
    pub order: Vec<Uuid>,
    pub now: Timestamp,
    pub settings: Settings,
}

/// How the service behaves.
#[derive(Debug)]
pub(super) struct Settings {
    pub row_limit: usize,
    pub markdown_limit: usize,
    pub has_fenced_callouts: bool,
    pub reads_content: bool,
}

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the vendor's objects have a flag for each of them")]
pub(super) struct Item {
    pub id: Uuid,
    pub kind: Kind,
    pub parent: Parent,
    pub title: String,
    pub icon: Value,
    pub created: Timestamp,
    pub edited: Timestamp,
    pub is_trashed: bool,
    pub is_shared: bool,
    pub is_indexed: bool,
    /// Whether what lies inside is kept back.
    pub is_hidden: bool,
    /// Name, kind and value of more properties.
    pub properties: Vec<(String, String, Value)>,
    /// What lies inside, in order: blocks, pages, databases; the rows of a source; the sources of a database.
    pub children: Vec<Uuid>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Page,
    Database,
    Source,
    Block { kind: String, content: Content },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parent {
    Workspace,
    Page(Uuid),
    Block(Uuid),
    Database(Uuid),
    Source(Uuid),
}

impl Default for Settings {
    fn default() -> Self {
        Self { row_limit: ROW_LIMIT, markdown_limit: MARKDOWN_LIMIT, has_fenced_callouts: false, reads_content: true }
    }
}

impl Parent {
    pub fn is_source(self) -> bool {
        matches!(self, Self::Source(_))
    }

    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::Workspace => None,
            Self::Page(id) | Self::Block(id) | Self::Database(id) | Self::Source(id) => Some(id),
        }
    }
}

impl Item {
    /// A thing of now, which [`State`] gives its id and times.
    pub fn new(kind: Kind, parent: Parent, title: &str) -> Self {
        Self {
            id: Uuid::nil(),
            kind,
            parent,
            title: title.to_owned(),
            icon: Value::Null,
            created: Timestamp::UNIX_EPOCH,
            edited: Timestamp::UNIX_EPOCH,
            is_trashed: false,
            is_shared: true,
            is_indexed: true,
            is_hidden: false,
            properties: Vec::new(),
            children: Vec::new(),
        }
    }

    pub fn is_block(&self) -> bool {
        matches!(self.kind, Kind::Block { .. })
    }

    /// The original of which this is a synced copy.
    pub fn original(&self) -> Option<Uuid> {
        match self.kind {
            Kind::Block { content: Content::Synced(original), .. } => original,
            _ => None,
        }
    }

    pub fn created_text(&self) -> String {
        minute(self.created)
    }

    pub fn edited_text(&self) -> String {
        minute(self.edited)
    }
}

impl State {
    /// Something that a test knows to be there.
    pub fn item(&self, id: Uuid) -> &Item {
        self.items.get(&id).unwrap_or_else(|| panic!("{id} is not in this world"))
    }

    pub fn item_mut(&mut self, id: Uuid) -> &mut Item {
        self.items.get_mut(&id).unwrap_or_else(|| panic!("{id} is not in this world"))
    }

    /// Something that the connection may see.
    pub fn visible(&self, id: Uuid) -> Option<&Item> {
        let item = self.items.get(&id)?;
        self.line(item).all(|item| item.is_shared).then_some(item)
    }

    /// Whether something lies in the bin, by itself or with what it lies in.
    pub fn is_trashed(&self, item: &Item) -> bool {
        self.line(item).any(|item| item.is_trashed)
    }

    /// What shows inside of something: for a synced copy what lies in its original. None when it is kept back.
    pub fn shown_in<'a>(&'a self, item: &'a Item) -> Option<&'a [Uuid]> {
        let source = item.original().map_or(Some(item), |original| self.visible(original))?;
        (!source.is_hidden && !item.is_hidden).then_some(source.children.as_slice())
    }

    /// The thing itself and all that it lies in, from the inside out.
    fn line<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = &'a Item> {
        std::iter::successors(Some(item), |item| item.parent.id().and_then(|id| self.items.get(&id)))
    }
}

/// The interface's form of an instant: the seconds are always zero.
fn minute(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:00.000Z").to_string()
}
