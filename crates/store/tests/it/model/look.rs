//! What is to be seen of the queue, from the store and from the reference, side by side.

use std::collections::BTreeMap;

use model::{Document, DocumentId, Timestamp, WorkspaceId};
use reference::{DocumentNo, Queue, View, WorkspaceNo};
use store::{Direction, Filter, Outlook, Page, Store};

/// Everything that callers, operators and idle workers see at one moment.
#[derive(Debug, PartialEq, Eq)]
pub struct Sight {
    documents: BTreeMap<DocumentNo, View>,
    live: Vec<i64>,
    outlook: reference::Outlook,
}

/// What the store shows; its documents as they were told.
pub async fn at_store(
    store: &Store,
    workspaces: &[WorkspaceId],
    names: &BTreeMap<DocumentId, DocumentNo>,
    now: Timestamp,
) -> (Sight, Vec<Document>) {
    let mut read = store.read().await.unwrap();
    let page = Page { limit: 100, cursor: None, direction: Direction::Next };
    let (mut documents, mut live) = (Vec::new(), Vec::new());
    for workspace in workspaces {
        let listed = read.documents(*workspace, &Filter::default(), &page, now).await.unwrap().unwrap();
        documents.extend(listed.documents);
        live.push(read.live_jobs(*workspace).await.unwrap());
    }
    let outlook = outlook(&read.outlook().await.unwrap());
    let views = documents.iter().filter_map(|document| Some((*names.get(&document.id)?, view(document)))).collect();
    (Sight { documents: views, live, outlook }, documents)
}

/// What the reference shows.
pub fn at_reference(queue: &Queue, documents: impl Iterator<Item = DocumentNo>, now: Timestamp) -> Sight {
    let documents = documents.filter_map(|document| Some((document, queue.view(document, now)?))).collect();
    let live = (0..super::steps::WORKSPACES).map(|workspace| queue.live_jobs(WorkspaceNo(workspace))).collect();
    Sight { documents, live, outlook: queue.outlook() }
}

impl Sight {
    /// What differs, in a line each.
    pub fn differences(&self, expected: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        for (document, expected) in &expected.documents {
            let found = self.documents.get(document);
            if found != Some(expected) {
                differences.push(format!("{document:?}\n     is {found:?}\n not {expected:?}"));
            }
        }
        if self.documents.len() != expected.documents.len() {
            differences.push(format!("{} documents, not {}", self.documents.len(), expected.documents.len()));
        }
        if self.live != expected.live {
            differences.push(format!("live jobs are {:?}, not {:?}", self.live, expected.live));
        }
        if self.outlook != expected.outlook {
            differences.push(format!("the outlook is {:?}, not {:?}", self.outlook, expected.outlook));
        }
        differences
    }
}

fn view(document: &Document) -> View {
    View {
        status: document.job_status,
        waiting: document.waiting.clone(),
        next_attempt_at: document.next_attempt_at,
        success: document.success,
        error: document.error.clone(),
        updated_at: document.updated_at,
    }
}

fn outlook(outlook: &Outlook) -> reference::Outlook {
    reference::Outlook {
        is_ready: outlook.is_ready(),
        next: outlook.next(),
        next_expiry: outlook.next_expiry(),
        has_held: outlook.has_held(),
    }
}
