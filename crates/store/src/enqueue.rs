//! Queueing web pages: records and jobs of one call in one transaction, whatever its size.

use std::collections::HashMap;

use model::{DocumentId, JobId, Timestamp, WebUrl, WorkspaceId};
use serde_json::{Value, json};

use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::documents::id;
use crate::{Error, Write};

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

/// One call: pages in the order named (repeats are merged), and the flags for their next run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebBatch {
    /// The pages.
    pub wanted: Vec<Wanted>,
    /// The English flag; left out, a known document keeps its own and a new one gets `true`.
    pub english: Option<bool>,
    /// The baser flag; left out, a known document keeps its own and a new one gets `false`.
    pub baser: Option<bool>,
    /// How many attempts each job may have.
    pub max_attempts: i64,
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

/// What a job costs in virtual time, for a workspace of weight 1.
const COST: i64 = 1_000_000;

statements! {
    // A cross join keeps SQLite from reading the whole list again for each document of the workspace.
    KNOWN = over_rows!(
        "SELECT d.external_id FROM",
        "CROSS JOIN documents d WHERE d.workspace_id = $2 AND d.source = 'web' AND d.external_id = r.value ->> 0"
    );
    SAVE_DOCUMENTS = over_rows!(
        "INSERT INTO documents (workspace_id, id, source, external_id, original_url, title, original_url_folded,
                                title_folded, kind, english, baser, created_at, updated_at)
         SELECT $2, r.value ->> 1, 'web', r.value ->> 0, r.value ->> 2, r.value ->> 2, r.value ->> 3, r.value ->> 3, 'page',
                COALESCE(CAST($3 AS BOOLEAN), TRUE), COALESCE(CAST($4 AS BOOLEAN), FALSE), $5, $5
         FROM",
        "WHERE TRUE
         ON CONFLICT (workspace_id, source, external_id) DO UPDATE
         SET english = COALESCE(CAST($3 AS BOOLEAN), documents.english),
             baser = COALESCE(CAST($4 AS BOOLEAN), documents.baser),
             updated_at = excluded.updated_at
         RETURNING external_id, id"
    );
    // A workspace goes on where its last live job stands, but never before what is being served now.
    SHARE = Sql::same(
        "SELECT w.weight,
                COALESCE((SELECT MAX(order_key) FROM jobs WHERE state = 'running'),
                         (SELECT MIN(order_key) FROM jobs WHERE state = 'ready'), 0),
                COALESCE((SELECT MAX(order_key) FROM jobs WHERE workspace_id = w.id), 0)
         FROM workspaces w WHERE w.id = $1"
    );
    ADD_JOBS = over_rows!(
        "INSERT INTO jobs (workspace_id, id, document_id, state, order_key, lane, run_at, since, max_attempts, created_at)
         SELECT $2, r.value ->> 0, r.value ->> 1, 'ready', CAST(r.value ->> 2 AS BIGINT), r.value ->> 3, $3, $3, $4, $3
         FROM",
        "WHERE TRUE ON CONFLICT (document_id, workspace_id) DO NOTHING"
    );
}

impl Write {
    /// Makes or touches the record of every page and gives each a job, unless one lives already.
    pub async fn queue_web(
        &mut self,
        workspace: WorkspaceId,
        batch: &WebBatch,
        now: Timestamp,
    ) -> Result<Queueing, Error> {
        let pages = merged(&batch.wanted);
        let unknown = self.unknown(workspace, &pages).await?;
        if !unknown.is_empty() {
            return Ok(Queueing::Unknown(unknown));
        }
        let documents = self.save_documents(workspace, batch, &pages, now).await?;
        self.add_jobs(workspace, batch, &pages, &documents, now).await?;
        let (mut added, mut updated) = (Vec::new(), Vec::new());
        for page in &pages {
            let document =
                documents.get(page.url.as_str()).ok_or_else(|| Error::Corrupt("a saved page vanished".into()))?;
            if document.is_new { added.push(document.id) } else { updated.push(document.id) }
        }
        Ok(Queueing::Queued { added, updated })
    }

    /// The pages to refresh that the workspace does not know.
    async fn unknown(&mut self, workspace: WorkspaceId, pages: &[&Wanted]) -> Result<Vec<String>, Error> {
        let refreshed: Vec<&&Wanted> = pages.iter().filter(|page| !page.add).collect();
        if refreshed.is_empty() {
            return Ok(Vec::new());
        }
        let rows = rows(refreshed.iter().map(|page| json!([page.url.as_str()])));
        let known: Vec<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(KNOWN), [&rows, workspace.to_string()], fetch_all)?;
        let known: std::collections::HashSet<_> = known.into_iter().map(|(url,)| url).collect();
        Ok(refreshed
            .iter()
            .filter(|page| !known.contains(page.url.as_str()))
            .map(|page| page.original.clone())
            .collect())
    }

    async fn save_documents(
        &mut self,
        workspace: WorkspaceId,
        batch: &WebBatch,
        pages: &[&Wanted],
        now: Timestamp,
    ) -> Result<HashMap<String, Saved>, Error> {
        // Every call locks rows in one order, so two calls that overlap cannot lock each other out.
        let mut sorted: Vec<(&Wanted, DocumentId)> = pages.iter().map(|page| (*page, DocumentId::new())).collect();
        sorted.sort_unstable_by_key(|(page, _)| page.url.as_str());
        let rows =
            rows(sorted.iter().map(|(page, id)| {
                json!([page.url.as_str(), id.to_string(), page.original, page.original.to_lowercase()])
            }));
        let stored: Vec<(String, String)> = run!(
            &mut self.tx,
            query_as::<(String, String)>(SAVE_DOCUMENTS),
            [&rows, workspace.to_string(), batch.english, batch.baser, now.as_micros()],
            fetch_all
        )?;
        let made: HashMap<&str, DocumentId> = sorted.iter().map(|(page, id)| (page.url.as_str(), *id)).collect();
        let saved = stored.into_iter().map(|(url, stored)| {
            let stored: DocumentId = id(&stored)?;
            let is_new = made.get(url.as_str()) == Some(&stored);
            Ok((url, Saved { id: stored, is_new }))
        });
        saved.collect()
    }

    async fn add_jobs(
        &mut self,
        workspace: WorkspaceId,
        batch: &WebBatch,
        pages: &[&Wanted],
        documents: &HashMap<String, Saved>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let share: (i64, i64, i64) =
            run!(&mut self.tx, query_as::<(i64, i64, i64)>(SHARE), [workspace.to_string()], fetch_one)?;
        let (weight, served, last) = share;
        let cost = COST / weight.max(1);
        let keys = (1..).map(|place: i64| served.max(last).saturating_add(place.saturating_mul(cost)));
        let rows = rows(pages.iter().zip(keys).filter_map(|(page, key)| {
            let document = documents.get(page.url.as_str())?;
            Some(json!([JobId::new().to_string(), document.id.to_string(), key, page.url.lane()]))
        }));
        let binds = (workspace.to_string(), now.as_micros(), batch.max_attempts);
        let _: Touched = run!(&mut self.tx, query(ADD_JOBS), [&rows, &binds.0, binds.1, binds.2], execute)?;
        Ok(())
    }
}

struct Saved {
    id: DocumentId,
    is_new: bool,
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

/// The parameter of an [`over_rows`] statement.
pub(crate) fn rows(rows: impl Iterator<Item = Value>) -> String {
    Value::Array(rows.collect()).to_string()
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
