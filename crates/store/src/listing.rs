//! Lists of documents: filters that combine, and pages in both directions.

use std::collections::HashMap;

use model::{Document, DocumentId, JobStatus, Operation, Source, Timestamp, WorkspaceId};
use serde_json::json;

use crate::backend::{Sql, run, statements};
use crate::documents::{DocumentRow, RecordRow, select_documents, select_idle_documents};
use crate::rows::rows;
use crate::{Error, Read};

/// What a listed document must be. Everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where it comes from.
    pub source: Option<Source>,
    /// Its English flag.
    pub english: Option<bool>,
    /// Its id.
    pub id: Option<DocumentId>,
    /// A part of its title, in any case.
    pub title: Option<String>,
    /// A part of its original URL, in any case.
    pub original_url: Option<String>,
    /// The article it backs.
    pub linked_knowledge: Option<String>,
    /// What Review proposes.
    pub linked_operation: Option<Operation>,
    /// Whether a material change awaits publication.
    pub changed: Option<bool>,
    /// Where its latest run stands.
    pub job_status: Option<JobStatus>,
    /// Whether its latest finished run completed.
    pub success: Option<bool>,
    /// Its baser flag.
    pub baser: Option<bool>,
}

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many documents at most.
    pub limit: i64,
    /// Where to go on from.
    pub cursor: Option<DocumentId>,
    /// Which way; without a cursor it does not matter.
    pub direction: Direction,
}

/// Which way to page through a list that starts with the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// To older documents.
    #[default]
    Next,
    /// To newer documents.
    Previous,
}

/// One page, newest first, whichever way it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documents {
    /// The page.
    pub documents: Vec<Document>,
    /// Whether there are more in the direction asked for. A page of very long texts may be shorter than its limit.
    pub has_more: bool,
}

/// The most bytes of text on one page; a page that would hold more is shorter than its limit.
const MOST_BYTES: i64 = 8 * 1024 * 1024;

/// Which documents come, and how long their texts are, with the comparison and the order of one direction.
macro_rules! places {
    ($compare:literal, $order:literal) => {
        Sql::same(concat!(
            "SELECT d.id, COALESCE(current_text.text_bytes, 0) + COALESCE(old_text.text_bytes, 0)
             FROM documents d
             LEFT JOIN jobs j ON j.document_id = d.id AND j.workspace_id = d.workspace_id
             LEFT JOIN revisions current_text ON current_text.document_id = d.id
                  AND current_text.workspace_id = d.workspace_id AND current_text.number = d.revision
             LEFT JOIN revisions old_text ON old_text.document_id = d.id
                  AND old_text.workspace_id = d.workspace_id AND old_text.number = d.old_revision
             WHERE d.workspace_id = $1
               AND (d.updated_at, d.external_id, d.id) ",
            $compare,
            " ($2, $3, $4)
               AND (CAST($6 AS TEXT) IS NULL OR d.source = $6)
               AND (CAST($7 AS BOOLEAN) IS NULL OR d.english = $7)
               AND (CAST($8 AS TEXT) IS NULL OR d.id = $8)
               AND (CAST($9 AS TEXT) IS NULL OR COALESCE(d.title_folded, d.title, d.original_url_folded, d.original_url, d.external_id) LIKE $9 ESCAPE '!')
               AND (CAST($10 AS TEXT) IS NULL OR COALESCE(d.original_url_folded, d.original_url, d.external_id) LIKE $10 ESCAPE '!')
               AND (CAST($11 AS TEXT) IS NULL OR d.linked_knowledge_id = $11)
               AND (CAST($12 AS TEXT) IS NULL OR d.linked_operation = $12)
               AND (CAST($13 AS BOOLEAN) IS NULL OR d.changed = $13)
               AND (CAST($14 AS TEXT) IS NULL OR $14 = CASE
                        WHEN j.state = 'running' THEN 'IN_PROGRESS' WHEN j.state IS NOT NULL THEN 'PENDING'
                        WHEN d.outcome = 'completed' THEN 'COMPLETED' WHEN d.outcome = 'failed' THEN 'FAILED' END)
               AND (CAST($15 AS BOOLEAN) IS NULL OR $15 = COALESCE(d.outcome = 'completed', FALSE))
               AND (CAST($16 AS BOOLEAN) IS NULL OR d.baser = $16)
             ORDER BY ",
            $order,
            " LIMIT $5"
        ))
    };
}

statements! {
    OLDER = places!("<", "d.updated_at DESC, d.external_id DESC, d.id DESC");
    NEWER = places!(">", "d.updated_at ASC, d.external_id ASC, d.id ASC");
    SORT_KEY = Sql::same("SELECT updated_at, external_id, id FROM documents WHERE workspace_id = $1 AND id = $2");
    IDLE = Sql::split(
        select_idle_documents!("WHERE d.workspace_id = $2 AND d.id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)"),
        select_idle_documents!(
            "WHERE d.workspace_id = $2
               AND d.id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))"
        ),
    );
    NAMED = Sql::split(
        select_documents!("WHERE d.workspace_id = $2 AND d.id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)"),
        select_documents!(
            "WHERE d.workspace_id = $2
               AND d.id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))"
        ),
    );
}

type SortKey = (i64, String, String);
/// The id of a document and the bytes of its texts.
type Place = (String, i64);

impl Read {
    /// A page of documents as they are at `now`; `None` when no document of the workspace has the cursor's id.
    pub async fn documents(
        &mut self,
        workspace: WorkspaceId,
        filter: &Filter,
        page: &Page,
        now: Timestamp,
    ) -> Result<Option<Documents>, Error> {
        let Some(start) = self.start(workspace, page).await? else { return Ok(None) };
        let backwards = page.cursor.is_some() && page.direction == Direction::Previous;
        let statement = if backwards { NEWER } else { OLDER };
        let mut places = self.places(workspace, filter, statement, start, page.limit + 1).await?;
        let fitting = fitting(&places, page.limit);
        let has_more = places.len() > fitting;
        places.truncate(fitting);
        if backwards {
            places.reverse();
        }
        let documents = self.named(workspace, &places, now).await?;
        Ok(Some(Documents { documents, has_more }))
    }

    /// The sort key to go on from; without a cursor one that comes before every document.
    async fn start(&mut self, workspace: WorkspaceId, page: &Page) -> Result<Option<SortKey>, Error> {
        let Some(cursor) = page.cursor else { return Ok(Some((i64::MAX, String::new(), String::new()))) };
        let binds = (workspace.to_string(), cursor.to_string());
        Ok(run!(&mut self.tx, query_as::<SortKey>(SORT_KEY), [&binds.0, &binds.1], fetch_optional)?)
    }

    async fn places(
        &mut self,
        workspace: WorkspaceId,
        filter: &Filter,
        sql: Sql,
        (updated_at, external_id, id): SortKey,
        limit: i64,
    ) -> Result<Vec<Place>, Error> {
        let workspace = workspace.to_string();
        let title = filter.title.as_deref().map(containing);
        let original_url = filter.original_url.as_deref().map(containing);
        let document = filter.id.map(|id| id.to_string());
        let places: Vec<Place> = run!(
            &mut self.tx,
            query_as::<Place>(sql),
            [
                &workspace,
                updated_at,
                &external_id,
                &id,
                limit,
                filter.source.map(Source::as_str),
                filter.english,
                &document,
                &title,
                &original_url,
                &filter.linked_knowledge,
                filter.linked_operation.map(Operation::as_str),
                filter.changed,
                filter.job_status.map(JobStatus::as_str),
                filter.success,
                filter.baser,
            ],
            fetch_all
        )?;
        Ok(places)
    }

    /// The documents at those places, in their order.
    async fn named(
        &mut self,
        workspace: WorkspaceId,
        places: &[Place],
        now: Timestamp,
    ) -> Result<Vec<Document>, Error> {
        let workspace = workspace.to_string();
        let ids = rows(places.iter().map(|(id, _)| json!([id])));
        let idle: Vec<RecordRow> = run!(&mut self.tx, query_as::<RecordRow>(IDLE), [&ids, &workspace], fetch_all)?;
        let idle: HashMap<String, RecordRow> = idle.into_iter().map(|row| (row.id.clone(), row)).collect();
        let live = rows(places.iter().filter(|(id, _)| !idle.contains_key(id)).map(|(id, _)| json!([id])));
        let live: Vec<DocumentRow> = if idle.len() == places.len() {
            Vec::new()
        } else {
            run!(&mut self.tx, query_as::<DocumentRow>(NAMED), [&live, &workspace], fetch_all)?
        };
        let idle = idle.into_values().map(RecordRow::idle_document);
        let mut documents: Vec<Document> =
            idle.chain(live.into_iter().map(|row| row.document(now))).collect::<Result<_, _>>()?;
        let order: HashMap<&str, usize> = places.iter().map(|(id, _)| id.as_str()).zip(0..).collect();
        documents.sort_by_key(|document| order.get(document.id.to_string().as_str()).copied());
        Ok(documents)
    }
}

/// How many of the documents fit one page: at least one, so that everybody gets on.
fn fitting(places: &[Place], limit: i64) -> usize {
    let mut room = MOST_BYTES;
    let fits = |(_, bytes): &&Place| {
        room -= bytes;
        room >= 0
    };
    let fitting = places.iter().take_while(fits).count().max(1);
    fitting.min(places.len()).min(usize::try_from(limit).unwrap_or(0))
}

/// A `LIKE` pattern, escaped with `!`, for text that contains `part` in any case.
fn containing(part: &str) -> String {
    let folded = part.to_lowercase();
    let mut pattern = String::with_capacity(folded.len() + 2);
    pattern.push('%');
    for letter in folded.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, containing, fitting};

    #[test]
    fn wild_cards_of_the_caller_are_letters() {
        for (part, expected) in [("Größe", "%größe%"), ("50%", "%50!%%"), ("a_b!", "%a!_b!!%"), ("", "%%")] {
            assert_eq!(containing(part), expected);
        }
    }

    #[test]
    fn a_page_holds_what_fits_and_at_least_one() {
        let places = |sizes: &[i64]| sizes.iter().map(|bytes| (String::new(), *bytes)).collect::<Vec<_>>();
        let cases = [
            (vec![], 5, 0),
            (vec![1, 1, 1], 2, 2),
            (vec![1, 1], 5, 2),
            (vec![MOST_BYTES, 1], 5, 1),
            (vec![MOST_BYTES + 1, 1], 5, 1),
            (vec![MOST_BYTES / 2, MOST_BYTES / 2, 1], 5, 2),
        ];
        for (sizes, limit, expected) in cases {
            assert_eq!(fitting(&places(&sizes), limit), expected, "{sizes:?}");
        }
    }
}
