//! Queueing web pages: records and jobs of one call in one transaction, whatever its size.

use std::collections::{HashMap, HashSet};

use model::{DocumentId, Priority, Timestamp, WebUrl, WorkspaceId};
use serde::Serialize;
use serde_json::{Value, json};

use crate::backend::{over_rows, run, statements};
use crate::{Error, Store, Write};

/// One page that a caller named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its canonical address.
    pub url: WebUrl,
    /// The address as sent.
    pub original: String,
    /// Whether it may be new; a page to refresh must be known.
    pub add: bool,
}

/// One call: pages in the order named (repeats are merged), and how to run them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebBatch {
    /// The pages.
    pub wanted: Vec<Wanted>,
    /// The flags for their next run.
    pub flags: Flags,
    /// How urgent they are.
    pub priority: Priority,
    /// How many attempts each job may have.
    pub max_attempts: i64,
}

/// What a call may say about the next run of its documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags {
    /// The English flag; left out, a known document keeps its own and a new one gets `true`.
    pub english: Option<bool>,
    /// The baser flag; left out, a known document keeps its own and a new one gets `false`.
    pub baser: Option<bool>,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queueing {
    /// Every page has a live job.
    Queued {
        /// Documents that are new, in the order named.
        added: Vec<DocumentId>,
        /// Documents that were known, in the order named.
        updated: Vec<DocumentId>,
    },
    /// Pages to refresh that are not known, as sent. Nothing was written.
    Unknown(Vec<String>),
}

/// A call and its workspace.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) workspace: WorkspaceId,
    pub(crate) batch: WebBatch,
}

/// A call with its pages, each once.
pub(crate) type Pages<'a> = (&'a Call, &'a Vec<&'a Wanted>);

statements! {
    // A cross join keeps SQLite from reading the whole list again for each document of the workspace.
    KNOWN = over_rows!(
        "SELECT d.workspace_id, d.external_id FROM",
        "CROSS JOIN documents d
         WHERE d.workspace_id = r.value ->> 0 AND d.source = 'web' AND d.external_id = r.value ->> 1"
    );
}

impl Store {
    /// Queues the pages of a call, in one transaction with the calls that come at the same time.
    pub async fn queue_web(&self, workspace: WorkspaceId, batch: WebBatch) -> Result<Queueing, Error> {
        let (store, weight) = (self.clone(), batch.wanted.len());
        let desk = self.desks.queueing(batch.flags);
        desk.ask(Call { workspace, batch }, weight, move |calls| store.clone().queue_group(calls)).await
    }

    async fn queue_group(self, calls: Vec<Call>) -> Result<Vec<Queueing>, Error> {
        let mut write = self.write().await?;
        let answers = write.queue_calls(&calls, self.low_key(), self.now()).await?;
        model::faults::reach("enqueue.before_commit");
        write.commit().await?;
        model::faults::reach("enqueue.after_commit");
        if answers.iter().any(|answer| matches!(answer, Queueing::Queued { .. })) {
            self.bell.ring(self.now());
        }
        Ok(answers)
    }
}

impl Write {
    /// Makes or touches the record of every page and gives each a job, unless one lives already.
    pub async fn queue_web(
        &mut self,
        workspace: WorkspaceId,
        batch: &WebBatch,
        now: Timestamp,
    ) -> Result<Queueing, Error> {
        let call = Call { workspace, batch: batch.clone() };
        let mut answers = self.queue_calls(std::slice::from_ref(&call), 0, now).await?;
        answers.pop().ok_or_else(|| Error::Corrupt("a call was given no answer".to_owned()))
    }

    /// The same for several calls with the same flags. One that is refused writes nothing.
    async fn queue_calls(&mut self, calls: &[Call], low_key: i64, now: Timestamp) -> Result<Vec<Queueing>, Error> {
        let pages: Vec<Vec<&Wanted>> = calls.iter().map(|call| merged(&call.batch.wanted)).collect();
        let unknown = self.unknown(calls, &pages).await?;
        let accepted: Vec<Pages<'_>> = calls
            .iter()
            .zip(&pages)
            .zip(&unknown)
            .filter(|(_, unknown)| unknown.is_empty())
            .map(|(call, _)| call)
            .collect();
        let mut saved = self.save_documents(&accepted, now).await?;
        self.add_jobs(&accepted, &saved, low_key, now).await?;
        calls
            .iter()
            .zip(&pages)
            .zip(unknown)
            .map(
                |((call, pages), unknown)| {
                    if unknown.is_empty() { saved.answer((call, pages)) } else { Ok(Queueing::Unknown(unknown)) }
                },
            )
            .collect()
    }

    /// The pages of each call that are to be refreshed and that its workspace does not know.
    async fn unknown(&mut self, calls: &[Call], pages: &[Vec<&Wanted>]) -> Result<Vec<Vec<String>>, Error> {
        let refreshed = |call: usize| pages[call].iter().filter(|page| !page.add);
        let named: Vec<Value> = (0..calls.len())
            .flat_map(|call| {
                refreshed(call).map(move |page| json!([calls[call].workspace.to_string(), page.url.as_str()]))
            })
            .collect();
        if named.is_empty() {
            return Ok(vec![Vec::new(); calls.len()]);
        }
        let named = rows(named);
        let known: Vec<(String, String)> =
            run!(&mut self.tx, query_as::<(String, String)>(KNOWN), [&named], fetch_all)?;
        let known: HashSet<(String, String)> = known.into_iter().collect();
        let is_unknown =
            |workspace: &str, page: &Wanted| !known.contains(&(workspace.to_owned(), page.url.to_string()));
        let unknown = calls.iter().enumerate().map(|(place, call)| {
            let workspace = call.workspace.to_string();
            refreshed(place).filter(|page| is_unknown(&workspace, page)).map(|page| page.original.clone()).collect()
        });
        Ok(unknown.collect())
    }
}

/// Each page once, where it was first named; a page that is named to add and to refresh may be new.
fn merged(wanted: &[Wanted]) -> Vec<&Wanted> {
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(wanted.len());
    let mut pages: Vec<&Wanted> = Vec::with_capacity(wanted.len());
    for page in wanted {
        let place = *places.entry(page.url.as_str()).or_insert(pages.len());
        match pages.get_mut(place) {
            None => pages.push(page),
            Some(first) if page.add && !first.add => *first = page,
            Some(_) => {}
        }
    }
    pages
}

/// The parameter of an [`over_rows`] statement: an array of arrays.
pub(crate) fn rows<Row: Serialize>(rows: impl IntoIterator<Item = Row>) -> String {
    let mut text = String::from("[");
    for row in rows {
        if text.len() > 1 {
            text.push(',');
        }
        // Only maps with odd keys and broken writers fail; a row is neither.
        text.push_str(&serde_json::to_string(&row).unwrap_or_else(|_| "[]".to_owned()));
    }
    text.push(']');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(url: &str, add: bool) -> Wanted {
        Wanted { url: WebUrl::parse(url).unwrap(), original: url.to_owned(), add }
    }

    #[test]
    fn repeats_count_once_where_first_named_and_adding_wins() {
        let wanted = [
            page("https://a.example/", false),
            page("https://b.example/", true),
            page("https://A.example", true),
            page("https://b.example/#x", false),
        ];
        let merged: Vec<_> = merged(&wanted).into_iter().map(|page| (page.url.as_str(), page.add)).collect();
        assert_eq!(merged, [("https://a.example/", true), ("https://b.example/", true)]);
    }
}
