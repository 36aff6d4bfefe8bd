//! Spaces, pages, folders and attachments, as a site keeps them.

use bytes::Bytes;

/// A space.
#[derive(Debug, Clone)]
pub struct Space {
    pub(super) id: u64,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) archived: bool,
    pub(super) homepage: Option<u64>,
    /// Whether the caller may see it at all.
    pub(super) is_readable: bool,
    pub(super) created_at: i64,
}

/// What stands in the tree of a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page.
    Page,
    /// A folder, which has a title and no text.
    Folder,
    /// A whiteboard.
    Whiteboard,
    /// A database.
    Database,
    /// A smart link.
    Embed,
}

/// Whether something is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It is there.
    Current,
    /// It was put away.
    Archived,
    /// It is in the bin.
    Trashed,
    /// It was never published.
    Draft,
}

/// Something in the tree of a space.
#[derive(Debug, Clone)]
pub struct Content {
    pub(super) id: u64,
    pub(super) kind: Kind,
    pub(super) space: u64,
    pub(super) parent: Option<u64>,
    pub(super) status: Status,
    pub(super) position: i64,
    pub(super) labels: Vec<String>,
    pub(super) restricted: bool,
    /// Every version, the present one last; there is always one.
    pub(super) versions: Vec<Version>,
    pub(super) created_at: i64,
}

/// A version of a page.
#[derive(Debug, Clone)]
pub struct Version {
    pub(super) number: u32,
    pub(super) at: i64,
    pub(super) title: String,
    /// In storage format. Nothing for what has no text.
    pub(super) body: Option<String>,
    pub(super) message: String,
}

/// A file of a page.
#[derive(Debug, Clone)]
pub struct Attachment {
    pub(super) id: u64,
    pub(super) page: u64,
    pub(super) title: String,
    pub(super) media_type: String,
    pub(super) bytes: Bytes,
    pub(super) number: u32,
    pub(super) at: i64,
}

impl Kind {
    /// As `type` and `parentType` have it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Folder => "folder",
            Self::Whiteboard => "whiteboard",
            Self::Database => "database",
            Self::Embed => "embed",
        }
    }
}

impl Status {
    /// As `status` has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Archived => "archived",
            Self::Trashed => "trashed",
            Self::Draft => "draft",
        }
    }
}

impl Space {
    /// A space of one person has a key that starts so.
    pub(super) fn is_personal(&self) -> bool {
        self.key.starts_with('~')
    }
}

impl Content {
    /// The version that readers get.
    pub(super) fn present(&self) -> &Version {
        self.versions.last().expect("content is made with its first version")
    }
}
