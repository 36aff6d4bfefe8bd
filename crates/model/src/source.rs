//! Where documents come from.

use crate::word::words;

words!(
    /// The kinds of source that the wire knows.
    Source {
        /// A page by its URL.
        Web = "web",
        /// An uploaded file.
        Files = "files",
        /// Google Drive.
        GoogleDrive = "googledrive",
        /// A Zendesk help centre.
        Zendesk = "zendesk",
        /// Notion.
        Notion = "notion",
        /// Confluence, Cloud or Data Center.
        Confluence = "confluence",
    }
);

impl Source {
    /// The name as people write it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Web => "the web",
            Self::Files => "uploads",
            Self::GoogleDrive => "Google Drive",
            Self::Zendesk => "Zendesk",
            Self::Notion => "Notion",
            Self::Confluence => "Confluence",
        }
    }
}
