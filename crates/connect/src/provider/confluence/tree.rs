//! Which page a page lies below, through the folders between them.

use std::collections::{HashMap, HashSet};

use model::{Failure, FailureCode, Resource};
use serde_json::Value;

use super::page::{Page, Parent};

/// Folders inside of folders are followed so far.
const MOST_FOLDERS_DEEP: usize = 32;
/// So many folders are asked for in one listing; pages in others count as lying at the top.
const MOST_FOLDERS: usize = 2_000;

/// A page of a listing, and what it lies below.
pub type Leaf = (Resource, Option<Parent>);

/// What the folders that were met lie below.
#[derive(Debug, Default)]
pub struct Folders {
    known: HashMap<String, Option<Parent>>,
    /// Whether no more are asked for: where to a page belongs is not worth a failed listing.
    is_closed: bool,
}

impl Folders {
    /// Sets the parents of the pages of a space. `ask` gets a folder.
    pub async fn settle<F>(&mut self, leaves: Vec<Leaf>, ask: impl Fn(String) -> F) -> Vec<Resource>
    where
        F: Future<Output = Result<Value, Failure>>,
    {
        let ids: HashSet<String> = leaves.iter().map(|(page, _)| page.external_id.clone()).collect();
        let mut pages = Vec::with_capacity(leaves.len());
        for (mut page, mut parent) in leaves {
            for _ in 0..MOST_FOLDERS_DEEP {
                let Some(Parent::Folder(folder)) = parent else { break };
                parent = self.above(folder, &ask).await;
            }
            page.parent = match parent {
                Some(Parent::Page(above)) if ids.contains(&above) && above != page.external_id => Some(above),
                _ => None,
            };
            pages.push(page);
        }
        pages
    }

    async fn above<F>(&mut self, folder: String, ask: &impl Fn(String) -> F) -> Option<Parent>
    where
        F: Future<Output = Result<Value, Failure>>,
    {
        if let Some(known) = self.known.get(&folder) {
            return known.clone();
        }
        if self.is_closed || self.known.len() >= MOST_FOLDERS {
            return None;
        }
        let parent = match ask(folder.clone()).await {
            Ok(record) => Page { record: &record, site: "" }.parent(),
            Err(failure) => {
                self.is_closed = failure.code != FailureCode::NotFound;
                None
            }
        };
        self.known.insert(folder, parent.clone());
        parent
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use serde_json::json;

    use super::*;

    fn leaf(id: &str, parent: Option<Parent>) -> Leaf {
        let resource = Resource {
            external_id: id.to_owned(),
            title: id.to_owned(),
            url: String::new(),
            mime_type: String::new(),
            icon: None,
            object: String::new(),
            version: None,
            group: None,
            parent: None,
        };
        (resource, parent)
    }

    #[expect(clippy::unnecessary_wraps, reason = "a parent, where there is one")]
    fn page(id: &str) -> Option<Parent> {
        Some(Parent::Page(id.to_owned()))
    }

    #[expect(clippy::unnecessary_wraps, reason = "a parent, where there is one")]
    fn folder(id: &str) -> Option<Parent> {
        Some(Parent::Folder(id.to_owned()))
    }

    /// Settles the leaves where folders answer like this, and tells the parents and which folders were asked for.
    async fn settled(
        leaves: Vec<Leaf>,
        answers: &[(&str, Result<Value, FailureCode>)],
    ) -> (Vec<Option<String>>, Vec<String>) {
        let asked = Mutex::new(Vec::new());
        let pages = Folders::default()
            .settle(leaves, |id| {
                asked.lock().unwrap().push(id.clone());
                let found = answers.iter().find(|(known, _)| *known == id).map(|(_, answer)| answer.clone());
                async move { found.unwrap_or(Err(FailureCode::NotFound)).map_err(|code| Failure::new(code, "no")) }
            })
            .await;
        (pages.into_iter().map(|page| page.parent).collect(), asked.into_inner().unwrap())
    }

    #[tokio::test]
    async fn folders_are_seen_through_and_asked_for_once() {
        let answers = [
            ("70", Ok(json!({"id": "70", "parentId": "71", "parentType": "folder"}))),
            ("71", Ok(json!({"id": "71", "parentId": "1", "parentType": "page"}))),
            ("72", Ok(json!({"id": "72", "parentId": null}))),
        ];
        let leaves = vec![
            leaf("1", None),
            leaf("2", page("1")),
            leaf("3", folder("70")),
            leaf("4", folder("70")),
            leaf("5", folder("72")),
        ];
        let (parents, asked) = settled(leaves, &answers).await;
        assert_eq!(parents, [None, Some("1".to_owned()), Some("1".to_owned()), Some("1".to_owned()), None]);
        assert_eq!(asked, ["70", "71", "72"]);
    }

    #[tokio::test]
    async fn what_leads_nowhere_lies_at_the_top() {
        let ring = [
            ("70", Ok(json!({"parentId": "71", "parentType": "folder"}))),
            ("71", Ok(json!({"parentId": "70", "parentType": "folder"}))),
        ];
        let leaves =
            vec![leaf("1", page("1")), leaf("2", page("99")), leaf("3", folder("70")), leaf("4", folder("404"))];
        let (parents, asked) = settled(leaves, &ring).await;
        assert_eq!(parents, [None, None, None, None]);
        assert_eq!(asked, ["70", "71", "404"]);
    }

    #[tokio::test]
    async fn a_token_that_may_not_see_folders_costs_one_request() {
        let refusals = [("70", Err(FailureCode::ProviderDisconnected))];
        let (parents, asked) = settled(vec![leaf("3", folder("70")), leaf("4", folder("71"))], &refusals).await;
        assert_eq!((parents, asked), (vec![None, None], vec!["70".to_owned()]));
    }
}
