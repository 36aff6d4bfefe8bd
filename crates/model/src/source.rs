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
