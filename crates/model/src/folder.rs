//! Folders, which hold articles, and agents, which answer from the folders they are given.

use crate::{AgentId, FolderId, Source, Timestamp, WebUrl};

/// How deep folders may lie in each other.
pub const DEEPEST: usize = 10;
/// The folder in which those for sources appear by themselves.
pub const IMPORTED: &str = "Imported";

/// The name of the folder of a source: the site of a page, or the space of a provider's item, which is the first step of the way to it.
pub fn shelf(source: Source, external_id: &str, breadcrumbs: &[String]) -> String {
    match source {
        Source::Web => {
            let host = WebUrl::parse(external_id).map(|url| url.lane()).unwrap_or_default();
            host.strip_prefix("www.").unwrap_or(&host).to_owned()
        }
        Source::Files => "Uploads".to_owned(),
        Source::GoogleDrive | Source::Zendesk | Source::Notion | Source::Confluence => match breadcrumbs.first() {
            Some(space) => format!("{}: {space}", source.title()),
            None => source.title().to_owned(),
        },
    }
}

/// One folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its id.
    pub id: FolderId,
    /// The folder it lies in; none at the top.
    pub parent: Option<FolderId>,
    /// Its title.
    pub title: String,
    /// What is in it.
    pub description: String,
    /// Whether agents may answer from what is in it.
    pub active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// One agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_the_folder_of_its_site_or_space() {
        let space = ["Billing".to_owned()];
        let cases = [
            (Source::Web, "https://www.example.com/a", &[][..], "example.com"),
            (Source::Web, "http://docs.example.com:8080/", &space[..], "docs.example.com:8080"),
            (Source::Confluence, "123", &space[..], "Confluence: Billing"),
            (Source::Notion, "123", &[][..], "Notion"),
            (Source::Files, "x", &space[..], "Uploads"),
        ];
        for (source, external_id, breadcrumbs, expected) in cases {
            assert_eq!(shelf(source, external_id, breadcrumbs), expected);
        }
    }
}
