//! Where documents come from.

use std::fmt;
use std::str::FromStr;

/// The kinds of source that the wire knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// A page by its URL.
    Web,
    /// An uploaded file.
    Files,
    /// Google Drive.
    GoogleDrive,
    /// A Zendesk help centre.
    Zendesk,
    /// Notion.
    Notion,
    /// Confluence, Cloud or Data Center.
    Confluence,
}

impl Source {
    /// Every source, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Web, Self::Files, Self::GoogleDrive, Self::Zendesk, Self::Notion, Self::Confluence];

    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Files => "files",
            Self::GoogleDrive => "googledrive",
            Self::Zendesk => "zendesk",
            Self::Notion => "notion",
            Self::Confluence => "confluence",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name is none of [`Source::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown source")]
pub struct UnknownSource;

impl FromStr for Source {
    type Err = UnknownSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|source| source.as_str() == text).ok_or(UnknownSource)
    }
}
