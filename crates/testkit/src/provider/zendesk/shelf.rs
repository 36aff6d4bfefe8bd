//! Categories, sections, articles, their texts by locale, segments and files, as a help centre keeps them.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::people::Role;

/// A category or a section.
#[derive(Debug, Clone)]
pub struct Shelf {
    pub(super) id: i64,
    pub(super) kind: Kind,
    /// The place among its like; the newest stands first among equals.
    pub position: i64,
    pub(super) source_locale: String,
    pub(super) texts: BTreeMap<String, Text>,
    pub(super) created_at: i64,
}

/// Which of the two a shelf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A category stands on no other shelf.
    Category,
    /// A section stands in a category, and perhaps in another section of it.
    Section {
        /// Its category.
        category: i64,
        /// The section it stands in.
        parent: Option<i64>,
    },
}

/// An article. Public are the fields that [`super::World::touch`] may change.
#[derive(Debug, Clone)]
pub struct Article {
    pub(super) id: i64,
    /// Where it stands.
    pub section: i64,
    /// The id of its author, perhaps of nobody who is still a user.
    pub author: i64,
    /// The place among its like; the newest stands first among equals.
    pub position: i64,
    /// Whether it is promoted.
    pub promoted: bool,
    /// Votes, each 1 or -1.
    pub votes: Vec<i64>,
    /// Labels.
    pub labels: Vec<String>,
    /// Ids of content tags.
    pub tags: Vec<String>,
    /// Who may read it; without a segment, everybody.
    pub segments: Vec<i64>,
    pub(super) source_locale: String,
    pub(super) texts: BTreeMap<String, Text>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

/// One translation, the source among them.
#[derive(Debug, Clone)]
pub struct Text {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) body: Option<String>,
    pub(super) draft: bool,
    pub(super) outdated: bool,
    pub(super) created_at: i64,
    pub(super) edited_at: i64,
}

/// A user segment: who may read what is given to it.
#[derive(Debug, Clone)]
pub struct Segment {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) audience: Audience,
    pub(super) created_at: i64,
}

/// Who is in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Who is signed in.
    SignedIn,
    /// Agents and administrators.
    Staff,
    /// A group that only administrators belong to.
    Managers,
}

/// A file of an article.
#[derive(Debug, Clone)]
pub struct File {
    pub(super) id: i64,
    pub(super) article: i64,
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) inline: bool,
    pub(super) bytes: Bytes,
    pub(super) created_at: i64,
}

impl Kind {
    /// As a path has it.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Category => "categories",
            Self::Section { .. } => "sections",
        }
    }
}

impl Article {
    pub(super) fn text_mut(&mut self, locale: &str) -> &mut Text {
        self.texts.get_mut(locale).expect("the test wrote the article in this locale")
    }

    /// Whether somebody of this role may read this translation.
    pub(super) fn shows(&self, locale: &str, role: Role, segments: &BTreeMap<i64, Segment>) -> bool {
        let written = self.texts.get(locale).is_some_and(|text| !text.draft || role.is_staff());
        let open = self.segments.is_empty();
        written && (open || self.segments.iter().any(|id| segments.get(id).is_some_and(|segment| segment.holds(role))))
    }
}

impl Segment {
    fn holds(&self, role: Role) -> bool {
        match self.audience {
            Audience::SignedIn => role != Role::Anonymous,
            Audience::Staff => role.is_staff(),
            // An administrator sees every article whatever its segment.
            Audience::Managers => role == Role::Admin,
        }
    }
}
