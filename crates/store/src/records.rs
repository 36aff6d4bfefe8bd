//! The rows of queued pages: a record for each, and a job for each that has none.

use std::collections::{HashMap, HashSet};

use model::{DocumentId, JobId, Timestamp, WorkspaceId};
use serde::Serialize;
use serde_json::{Value, json};

use crate::backend::{Touched, over_rows, run, statements};
use crate::calls::{Call, Pages, Queueing, Wanted};
use crate::documents::id;
use crate::rows::rows;
use crate::{Error, Write};

statements! {
    SAVE_DOCUMENTS = over_rows!(
        "INSERT INTO documents (workspace_id, id, source, external_id, original_url, original_url_folded, kind,
                                english, baser, created_at, updated_at)
         SELECT r.value ->> 0, r.value ->> 1, 'web', r.value ->> 2, r.value ->> 3, r.value ->> 4, 'page',
                COALESCE(CAST($2 AS BOOLEAN), TRUE), COALESCE(CAST($3 AS BOOLEAN), FALSE), $4, $4
         FROM",
        "WHERE TRUE
         ON CONFLICT (workspace_id, source, external_id) DO UPDATE
         SET english = COALESCE(CAST($2 AS BOOLEAN), documents.english),
             baser = COALESCE(CAST($3 AS BOOLEAN), documents.baser),
             updated_at = excluded.updated_at
         RETURNING workspace_id, external_id, id"
    );
    LIVE = over_rows!("SELECT j.document_id FROM", "CROSS JOIN jobs j WHERE j.document_id = r.value ->> 0");
    ADD_JOBS = over_rows!(
        "INSERT INTO jobs (workspace_id, id, document_id, state, priority, order_key, lane, max_attempts,
                           run_at, since, created_at)
         SELECT r.value ->> 0, r.value ->> 1, r.value ->> 2, 'ready', r.value ->> 3, CAST(r.value ->> 4 AS BIGINT),
                r.value ->> 5, CAST(r.value ->> 6 AS BIGINT), $2, $2, $2
         FROM",
        "WHERE TRUE ON CONFLICT (document_id) DO NOTHING"
    );
}

/// The records of some pages, by workspace and address.
#[derive(Default)]
pub(crate) struct Saved(HashMap<(WorkspaceId, String), Record>);

struct Record {
    id: DocumentId,
    is_new: bool,
    is_live: bool,
}

impl Saved {
    /// What a call is told. The first that named a new page has added it.
    pub(crate) fn answer(&mut self, (call, pages): Pages<'_>) -> Result<Queueing, Error> {
        let (mut added, mut updated) = (Vec::new(), Vec::new());
        for page in pages {
            let record = self.0.get_mut(&(call.workspace, page.url.to_string())).ok_or_else(vanished)?;
            if std::mem::take(&mut record.is_new) { added.push(record.id) } else { updated.push(record.id) }
        }
        Ok(Queueing::Queued { added, updated })
    }

    /// Notes where the record of a page was found or made.
    pub(crate) fn note(&mut self, workspace: WorkspaceId, url: String, id: DocumentId, is_new: bool) {
        self.0.insert((workspace, url), Record { id, is_new, is_live: false });
    }

    fn of(&self, workspace: WorkspaceId, page: &Wanted) -> Result<&Record, Error> {
        self.0.get(&(workspace, page.url.to_string())).ok_or_else(vanished)
    }
}

fn vanished() -> Error {
    Error::Corrupt("a saved page vanished".to_owned())
}

/// The pages of all calls, each once. Every transaction locks documents in this order, so that no two lock each other out.
pub(crate) fn in_order<'a>(calls: &[Pages<'a>]) -> Vec<(&'a Call, &'a Wanted)> {
    let mut pages: Vec<(&Call, &Wanted)> =
        calls.iter().flat_map(|(call, pages)| pages.iter().map(|page| (*call, *page))).collect();
    let place = |(call, page): &(&'a Call, &'a Wanted)| (call.workspace.to_string(), page.url.as_str());
    pages.sort_by_cached_key(place);
    pages.dedup_by(|one, other| one.0.workspace == other.0.workspace && one.1.url == other.1.url);
    pages
}

/// The addresses of a page as they are kept: as sent, and folded for searches. What repeats another is left out.
pub(crate) fn addresses(page: &Wanted) -> (&str, Option<&str>, Option<String>) {
    let original = (page.original != page.url.as_str()).then_some(page.original.as_str());
    let folded = page.original.to_lowercase();
    (page.url.as_str(), original, (folded != page.original).then_some(folded))
}

fn row<'a>(workspace: &'a str, id: &'a str, page: &'a Wanted) -> impl Serialize + use<'a> {
    let (url, original, folded) = addresses(page);
    (workspace, id, url, original, folded)
}

impl Write {
    /// Makes or touches the record of every page; all of the calls have the same flags.
    pub(crate) async fn save_documents(&mut self, calls: &[Pages<'_>], now: Timestamp) -> Result<Saved, Error> {
        let Some((first, _)) = calls.first() else { return Ok(Saved::default()) };
        let flags = first.batch.flags;
        let named: Vec<(String, &Wanted)> =
            in_order(calls).into_iter().map(|(call, page)| (call.workspace.to_string(), page)).collect();
        let made: Vec<String> = named.iter().map(|_| DocumentId::new().to_string()).collect();
        let rows = rows(named.iter().zip(&made).map(|((workspace, page), id)| row(workspace, id, page)));
        let stored: Vec<(String, String, String)> = run!(
            &mut self.tx,
            query_as::<(String, String, String)>(SAVE_DOCUMENTS),
            [&rows, flags.english, flags.baser, now.as_micros()],
            fetch_all
        )?;
        let made: HashSet<String> = made.into_iter().collect();
        let mut saved = Saved::default();
        for (workspace, url, stored) in stored {
            saved.note(id(&workspace)?, url, id(&stored)?, made.contains(&stored));
        }
        self.mark_live(&mut saved).await?;
        Ok(saved)
    }

    /// Which of the known documents have a live job. They are locked, so none can end its run just now.
    async fn mark_live(&mut self, saved: &mut Saved) -> Result<(), Error> {
        let known: Vec<Value> = saved
            .0
            .values()
            .filter(|document| !document.is_new)
            .map(|document| json!([document.id.to_string()]))
            .collect();
        if known.is_empty() {
            return Ok(());
        }
        let known = rows(known);
        let live: Vec<(String,)> = run!(&mut self.tx, query_as::<(String,)>(LIVE), [&known], fetch_all)?;
        let live: HashSet<DocumentId> = live.into_iter().map(|(document,)| id(&document)).collect::<Result<_, _>>()?;
        for document in saved.0.values_mut() {
            document.is_live = live.contains(&document.id);
        }
        Ok(())
    }

    /// Gives a job to every document that has none.
    pub(crate) async fn add_jobs(
        &mut self,
        calls: &[Pages<'_>],
        saved: &Saved,
        low_key: i64,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut given = HashSet::new();
        let mut wanting: Vec<(&Call, &Wanted, DocumentId)> = Vec::new();
        for (call, pages) in calls {
            for page in *pages {
                let document = saved.of(call.workspace, page)?;
                if !document.is_live && given.insert(document.id) {
                    wanting.push((call, page, document.id));
                }
            }
        }
        if wanting.is_empty() {
            return Ok(());
        }
        let mut counts = HashMap::new();
        for (call, _, _) in &wanting {
            *counts.entry((call.workspace, call.batch.priority)).or_default() += 1;
        }
        let mut keys = self.take_keys(&counts, low_key).await?;
        self.shares.note_used(counts.keys());
        let rows = rows(wanting.iter().filter_map(|(call, page, document)| {
            let share = keys.get_mut(&(call.workspace, call.batch.priority))?;
            Some((
                call.workspace,
                JobId::new(),
                document,
                call.batch.priority.as_str(),
                share.next(),
                page.url.lane(),
                call.batch.max_attempts,
            ))
        }));
        let _: Touched = run!(&mut self.tx, query(ADD_JOBS), [&rows, now.as_micros()], execute)?;
        Ok(())
    }
}
