//! The rows of queued pages: a record for each, and a job for each that has none.

use std::collections::{HashMap, HashSet};

use model::{DocumentId, JobId, Timestamp, WorkspaceId};
use serde::Serialize;

use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::calls::{Call, Flags, Pages, Queueing, Wanted};
use crate::documents::id;
use crate::rows::rows;
use crate::shares::{Keys, Share};
use crate::{Error, Write};

macro_rules! save_documents {
    () => {
        "INSERT INTO documents (workspace_id, id, source, external_id, original_url, original_url_folded, kind,
                                english, baser, created_at, updated_at)
         SELECT r.value ->> 0, r.value ->> 1, 'web', r.value ->> 2, r.value ->> 3, r.value ->> 4, 'page',
                COALESCE(CAST($2 AS BOOLEAN), TRUE), COALESCE(CAST($3 AS BOOLEAN), FALSE), $4, $4
         FROM"
    };
    (tail) => {
        "WHERE TRUE
         ON CONFLICT (workspace_id, source, external_id) DO UPDATE
         SET english = COALESCE(CAST($2 AS BOOLEAN), documents.english),
             baser = COALESCE(CAST($3 AS BOOLEAN), documents.baser),
             updated_at = excluded.updated_at
         RETURNING workspace_id, external_id, id"
    };
}

macro_rules! add_jobs {
    () => {
        "INSERT INTO jobs (workspace_id, id, document_id, state, priority, order_key, lane, max_attempts,
                           run_at, since, created_at)
         SELECT r.value ->> 0, r.value ->> 1, r.value ->> 2, 'ready', r.value ->> 3, CAST(r.value ->> 4 AS BIGINT),
                r.value ->> 5, CAST(r.value ->> 6 AS BIGINT), $2, $2, $2
         FROM"
    };
}

statements! {
    // What was new is as it was told, so PostgreSQL answers with the others alone. Only a row that was there before has been locked,
    // which `xmax` shows.
    SAVE_DOCUMENTS = Sql::split(
        concat!(save_documents!(), " jsonb_each($1) AS r ", save_documents!(tail)),
        concat!(
            "WITH saved AS (",
            save_documents!(),
            " jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) ",
            save_documents!(tail),
            ", xmax) SELECT workspace_id, external_id, id FROM saved WHERE xmax <> 0"
        ),
    );
    LIVE = over_rows!("SELECT j.document_id FROM", "CROSS JOIN jobs j WHERE j.document_id = r.value ->> 0");
    ADD_JOBS = over_rows!(add_jobs!(), "WHERE TRUE ON CONFLICT (document_id) DO NOTHING");
    // A document that was made just now has no job, and nobody else knows it: not to look for one saves a quarter.
    ADD_FIRST_JOBS = over_rows!(add_jobs!(), "");
}

/// The pages of some calls, each once, and their records.
pub(crate) struct Saved<'a> {
    /// In the order in which every transaction locks documents, so that no two lock each other out.
    records: Vec<Record<'a>>,
    places: HashMap<(WorkspaceId, &'a str), usize>,
    /// The places of the records in the order in which their pages were named first.
    named: Vec<usize>,
}

/// A page and its record.
pub(crate) struct Record<'a> {
    pub(crate) call: &'a Call,
    pub(crate) page: &'a Wanted,
    pub(crate) id: DocumentId,
    is_new: bool,
    is_live: bool,
}

impl<'a> Saved<'a> {
    /// The pages of some calls. Each is given the id that it will have if it is new.
    pub(crate) fn of(calls: &[Pages<'a>]) -> Self {
        let all: Vec<(&Call, &Wanted)> =
            calls.iter().flat_map(|(call, pages)| pages.iter().map(|page| (*call, *page))).collect();
        let mut pages = all.clone();
        pages.sort_by_key(|(call, page)| name(call, page));
        pages.dedup_by_key(|(call, page)| name(call, page));
        let places: HashMap<_, _> =
            pages.iter().enumerate().map(|(place, (call, page))| (name(call, page), place)).collect();
        let mut seen = vec![false; pages.len()];
        let named = all.iter().filter_map(|(call, page)| places.get(&name(call, page)).copied());
        let named = named.filter(|place| !std::mem::replace(&mut seen[*place], true)).collect();
        let record = |(call, page)| Record { call, page, id: DocumentId::new(), is_new: true, is_live: false };
        Self { records: pages.into_iter().map(record).collect(), places, named }
    }

    pub(crate) fn records(&self) -> &[Record<'a>] {
        &self.records
    }

    /// The records in the order in which their pages were named, which is the order of their jobs.
    pub(crate) fn in_order_named(&self) -> impl DoubleEndedIterator<Item = &Record<'a>> {
        self.named.iter().map(|place| &self.records[*place])
    }

    /// Notes the record that a page has. One with another id than was proposed is not new.
    pub(crate) fn note(&mut self, workspace: WorkspaceId, url: &str, id: DocumentId) -> Result<&Record<'a>, Error> {
        let place = *self.places.get(&(workspace, url)).ok_or_else(vanished)?;
        let record = self.records.get_mut(place).ok_or_else(vanished)?;
        record.is_new = record.id == id;
        record.id = id;
        Ok(record)
    }

    /// What a call is told. The first that named a new page has added it.
    pub(crate) fn answer(&mut self, (call, pages): Pages<'_>) -> Result<Queueing, Error> {
        let (mut added, mut updated) = (Vec::new(), Vec::new());
        for page in pages {
            let place = *self.places.get(&(call.workspace, page.url.as_str())).ok_or_else(vanished)?;
            let record = &mut self.records[place];
            if std::mem::take(&mut record.is_new) { added.push(record.id) } else { updated.push(record.id) }
        }
        Ok(Queueing::Queued { added, updated })
    }

    /// How many jobs each share gets.
    fn wanting(&self) -> HashMap<Share, i64> {
        shares_of(self.records.iter().filter(|record| !record.is_live))
    }
}

impl Record<'_> {
    pub(crate) fn share(&self) -> Share {
        (self.call.workspace, self.call.batch.priority)
    }
}

/// How many of the records each share has.
pub(crate) fn shares_of<'a>(records: impl IntoIterator<Item = &'a Record<'a>>) -> HashMap<Share, i64> {
    let mut counts = HashMap::new();
    for record in records {
        *counts.entry(record.share()).or_default() += 1;
    }
    counts
}

fn name<'a>(call: &Call, page: &'a Wanted) -> (WorkspaceId, &'a str) {
    (call.workspace, page.url.as_str())
}

fn vanished() -> Error {
    Error::Corrupt("a saved page vanished".to_owned())
}

/// The addresses of a page as they are kept: as sent, and folded for searches. What repeats another is left out.
pub(crate) fn addresses(page: &Wanted) -> (&str, Option<&str>, Option<String>) {
    let original = (page.original != page.url.as_str()).then_some(page.original.as_str());
    let folded = page.original.to_lowercase();
    (page.url.as_str(), original, (folded != page.original).then_some(folded))
}

impl Write {
    /// Makes or touches the record of every page; all of the calls have the same flags.
    pub(crate) async fn save_documents<'a>(&mut self, calls: &[Pages<'a>], now: Timestamp) -> Result<Saved<'a>, Error> {
        let mut saved = Saved::of(calls);
        let Some(flags) = calls.first().map(|(call, _)| call.batch.flags) else { return Ok(saved) };
        for (workspace, url, stored) in self.upsert(saved.records(), flags, now).await? {
            saved.note(id(&workspace)?, &url, id(&stored)?)?;
        }
        self.mark_live(&mut saved).await?;
        Ok(saved)
    }

    /// The workspace, address and id of all records that were there before, and perhaps of others.
    async fn upsert(
        &mut self,
        records: &[Record<'_>],
        flags: Flags,
        now: Timestamp,
    ) -> Result<Vec<(String, String, String)>, Error> {
        let rows = rows(records.iter().map(|Record { call, page, id, .. }| {
            let (url, original, folded) = addresses(page);
            (call.workspace, id, url, original, folded)
        }));
        Ok(run!(
            &mut self.tx,
            query_as::<(String, String, String)>(SAVE_DOCUMENTS),
            [&rows, flags.english, flags.baser, now.as_micros()],
            fetch_all
        )?)
    }

    /// Which of the known documents have a live job. They are locked, so none can end its run just now.
    async fn mark_live(&mut self, saved: &mut Saved<'_>) -> Result<(), Error> {
        let known: Vec<[DocumentId; 1]> =
            saved.records.iter().filter(|record| !record.is_new).map(|record| [record.id]).collect();
        if known.is_empty() {
            return Ok(());
        }
        let known = rows(known);
        let live: Vec<(String,)> = run!(&mut self.tx, query_as::<(String,)>(LIVE), [&known], fetch_all)?;
        let live: HashSet<DocumentId> = live.into_iter().map(|(document,)| id(&document)).collect::<Result<_, _>>()?;
        for record in &mut saved.records {
            record.is_live = live.contains(&record.id);
        }
        Ok(())
    }

    /// Gives a job to every document that has none.
    pub(crate) async fn add_jobs(&mut self, saved: &Saved<'_>, low_key: i64, now: Timestamp) -> Result<(), Error> {
        let counts = saved.wanting();
        if counts.is_empty() {
            return Ok(());
        }
        let mut keys = self.take_keys(&counts, low_key).await?;
        self.shares.note_used(counts.keys());
        let (mut first, mut others) = (Vec::new(), Vec::new());
        for record in saved.in_order_named().filter(|record| !record.is_live) {
            let list = if record.is_new { &mut first } else { &mut others };
            list.extend(job_row(record, &mut keys));
        }
        for (sql, list) in [(ADD_FIRST_JOBS, first), (ADD_JOBS, others)] {
            if !list.is_empty() {
                let _: Touched = run!(&mut self.tx, query(sql), [&rows(list), now.as_micros()], execute)?;
            }
        }
        Ok(())
    }

    /// Gives jobs to documents that may have one: `[workspace, job, document, priority, order key, lane, most attempts]`.
    pub(crate) async fn add_jobs_unless_live(&mut self, jobs: &str, now: Timestamp) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(ADD_JOBS), [jobs, now.as_micros()], execute)?;
        Ok(())
    }
}

fn job_row<'a>(record: &Record<'a>, keys: &mut HashMap<Share, Keys>) -> Option<impl Serialize + use<'a>> {
    let key = keys.get_mut(&record.share())?.next();
    let (workspace, priority, most) =
        (record.call.workspace, record.call.batch.priority.as_str(), record.call.batch.max_attempts);
    Some((workspace, JobId::new(), record.id, priority, key, record.page.url.lane(), most))
}
