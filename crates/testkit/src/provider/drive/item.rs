//! One thing of a drive, and the rules of who sees it and whether it is in the bin.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use jiff::Timestamp;

/// Everything there is.
#[derive(Debug)]
pub(super) struct State {
    pub items: HashMap<String, Item>,
    /// Every id that was ever given, in the order of making.
    pub order: Vec<String>,
    pub changes: Vec<Change>,
    pub now: Timestamp,
    pub root: String,
    pub made: u64,
}

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the vendor's objects have a flag for each of them")]
pub(super) struct Item {
    pub id: String,
    pub name: String,
    pub mime: String,
    pub parent: Option<String>,
    /// The shared drive in which it is.
    pub drive: Option<String>,
    /// Whether it is itself the top of a shared drive.
    pub is_drive: bool,
    pub content: Content,
    pub shortcut: Option<Shortcut>,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: u64,
    pub is_trashed: bool,
    pub is_shared: bool,
    pub may_be_downloaded: bool,
    pub is_abusive: bool,
    pub resource_key: Option<String>,
}

#[derive(Debug)]
pub(super) enum Content {
    None,
    Bytes(Bytes),
    /// What Google's own kinds are exported to, by media type.
    Exports(BTreeMap<String, Bytes>),
}

#[derive(Debug)]
pub(super) struct Shortcut {
    pub target: String,
    pub mime: String,
    pub resource_key: Option<String>,
}

/// A line of the log of changes.
#[derive(Debug)]
pub(super) struct Change {
    pub id: String,
    pub drive: Option<String>,
    pub at: Timestamp,
}

impl Content {
    pub fn exports(exports: &[(&str, &str)]) -> Self {
        Self::Exports(
            exports.iter().map(|(mime, text)| ((*mime).to_owned(), Bytes::from((*text).to_owned()))).collect(),
        )
    }

    pub fn set_export(&mut self, mime: &str, bytes: &[u8]) {
        match self {
            Self::Exports(exports) => exports.insert(mime.to_owned(), Bytes::from(bytes.to_vec())),
            _ => panic!("only what is of Google's own kinds is exported"),
        };
    }
}

impl Item {
    /// A thing of now, which [`State`] gives its place and times.
    pub fn new(name: &str, mime: &str, content: Content) -> Self {
        Self {
            id: String::new(),
            name: name.to_owned(),
            mime: mime.to_owned(),
            parent: None,
            drive: None,
            is_drive: false,
            content,
            shortcut: None,
            created: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
            version: 1,
            is_trashed: false,
            is_shared: true,
            may_be_downloaded: true,
            is_abusive: false,
            resource_key: None,
        }
    }
}

impl State {
    /// Something that a test knows to be there.
    pub fn item(&self, id: &str) -> &Item {
        self.items.get(id).unwrap_or_else(|| panic!("{id} is not in this world"))
    }

    pub fn item_mut(&mut self, id: &str) -> &mut Item {
        self.items.get_mut(id).unwrap_or_else(|| panic!("{id} is not in this world"))
    }

    /// Something that the account may see, whichever drive it is in.
    pub fn visible(&self, id: &str) -> Option<&Item> {
        let item = self.items.get(id)?;
        self.line(item).all(|item| item.is_shared).then_some(item)
    }

    /// Whether something is in the bin, by itself or with the folder in which it is.
    pub fn is_trashed(&self, item: &Item) -> bool {
        self.line(item).any(|item| item.is_trashed)
    }

    /// The shared drive of what is put into a folder.
    pub fn drive_of(&self, parent: &str) -> Option<String> {
        let parent = self.item(parent);
        if parent.is_drive { Some(parent.id.clone()) } else { parent.drive.clone() }
    }

    /// A thing and all that is in it.
    pub fn below(&self, id: &str) -> Vec<String> {
        let is_below = |item: &Item| self.line(item).any(|item| item.id == id);
        self.items.values().filter(|item| is_below(item)).map(|item| item.id.clone()).collect()
    }

    fn line<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = &'a Item> {
        std::iter::successors(Some(item), |item| item.parent.as_ref().and_then(|id| self.items.get(id)))
    }
}
