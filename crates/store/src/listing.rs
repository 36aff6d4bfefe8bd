//! Lists of documents: filters that combine, and pages in both directions.

use std::collections::HashMap;

use model::{Document, DocumentId, JobStatus, Operation, Source, Timestamp, WorkspaceId};

use crate::backend::{Sql, run, statements};
use crate::by_place::by_place;
use crate::documents::{DocumentRow, RecordRow, select_documents};
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

impl Page {
    fn is_backwards(&self) -> bool {
        self.cursor.is_some() && self.direction == Direction::Previous
    }
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

/// The documents of a page and one more, in the order of one direction, with the texts of those that are short.
macro_rules! page {
    ($compare:literal, $order:literal) => {
        concat!(
            $crate::documents::record_columns!(),
            ", d.bytes, EXISTS (SELECT 1 FROM jobs j WHERE j.document_id = d.id) AS is_live
             FROM (
                 SELECT one.*, one.text_bytes + one.old_text_bytes AS bytes FROM documents one
                 WHERE one.workspace_id = $1
                   AND (one.updated_at, one.external_id, one.id) ", $compare, " ($2, $3, $4)
                   AND (CAST($7 AS TEXT) IS NULL OR one.source = $7)
                   AND (CAST($8 AS BOOLEAN) IS NULL OR one.english = $8)
                   AND (CAST($9 AS TEXT) IS NULL OR one.id = $9)
                   AND (CAST($10 AS TEXT) IS NULL OR COALESCE(one.title_folded, one.title, one.original_url_folded, one.original_url,
                                                              one.external_id) LIKE $10 ESCAPE '!')
                   AND (CAST($11 AS TEXT) IS NULL OR COALESCE(one.original_url_folded, one.original_url, one.external_id)
                                                     LIKE $11 ESCAPE '!')
                   AND (CAST($12 AS TEXT) IS NULL OR one.linked_knowledge_id = $12)
                   AND (CAST($13 AS TEXT) IS NULL OR one.linked_operation = $13)
                   AND (CAST($14 AS BOOLEAN) IS NULL OR (one.changed AND one.linked_knowledge_id IS NOT NULL) = $14)
                   AND (CAST($15 AS TEXT) IS NULL OR $15 = COALESCE(
                            (SELECT CASE WHEN j.state = 'running' AND j.lease_until >= $18 THEN 'IN_PROGRESS' ELSE 'PENDING' END
                             FROM jobs j WHERE j.document_id = one.id),
                            CASE one.outcome WHEN 'completed' THEN 'COMPLETED' WHEN 'failed' THEN 'FAILED' END))
                   AND (CAST($16 AS BOOLEAN) IS NULL OR $16 = COALESCE(one.outcome = 'completed', FALSE))
                   AND (CAST($17 AS BOOLEAN) IS NULL OR one.baser = $17)
                 ORDER BY one.updated_at ", $order, ", one.external_id ", $order, ", one.id ", $order, " LIMIT $5 + 1
             ) AS d
             LEFT JOIN revisions current_text ON d.bytes <= $6 AND current_text.document_id = d.id AND current_text.number = d.revision
             LEFT JOIN revisions old_text ON d.bytes <= $6 AND old_text.document_id = d.id AND old_text.number = d.old_revision
             ORDER BY d.updated_at ", $order, ", d.external_id ", $order, ", d.id ", $order
        )
    };
}

statements! {
    OLDER = Sql::same(page!("<", "DESC"));
    NEWER = Sql::same(page!(">", "ASC"));
    SORT_KEY = Sql::same("SELECT updated_at, external_id, id FROM documents WHERE workspace_id = $1 AND id = $2");
    WHOLE = Sql::split(
        select_documents!("WHERE d.id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)"),
        select_documents!(
            "WHERE d.id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))"
        ),
    );
}

type SortKey = (i64, String, String);

by_place! {
    struct PageRow {
        record: RecordRow,
        /// How long its texts are together.
        bytes: i64,
        is_live: bool,
    }
}

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
        let mut rows = self.page(workspace, filter, page, start, now).await?;
        let limit = usize::try_from(page.limit).unwrap_or(0);
        let fitting = fitting(rows.iter().take(limit).map(|row| row.bytes));
        let has_more = rows.len() > fitting;
        rows.truncate(fitting);
        if page.is_backwards() {
            rows.reverse();
        }
        Ok(Some(Documents { documents: self.whole(rows, page.limit, now).await?, has_more }))
    }

    /// The sort key to go on from; without a cursor one that comes before every document.
    async fn start(&mut self, workspace: WorkspaceId, page: &Page) -> Result<Option<SortKey>, Error> {
        let Some(cursor) = page.cursor else { return Ok(Some((i64::MAX, String::new(), String::new()))) };
        let binds = (workspace.to_string(), cursor.to_string());
        Ok(run!(&mut self.tx, query_as::<SortKey>(SORT_KEY), [&binds.0, &binds.1], fetch_optional)?)
    }

    async fn page(
        &mut self,
        workspace: WorkspaceId,
        filter: &Filter,
        page: &Page,
        (updated_at, external_id, id): SortKey,
        now: Timestamp,
    ) -> Result<Vec<PageRow>, Error> {
        let sql = if page.is_backwards() { NEWER } else { OLDER };
        let workspace = workspace.to_string();
        let title = filter.title.as_deref().map(containing);
        let original_url = filter.original_url.as_deref().map(containing);
        let document = filter.id.map(|id| id.to_string());
        let rows: Vec<PageRow> = run!(
            &mut self.tx,
            query_as::<PageRow>(sql),
            [
                &workspace,
                updated_at,
                &external_id,
                &id,
                page.limit,
                short(page.limit),
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
                now.as_micros(),
            ],
            fetch_all
        )?;
        Ok(rows)
    }

    /// The documents of those rows, in their order. One with a live job or a long text is read again with all that is known of
    /// it, whether the job is still there or not.
    async fn whole(&mut self, page: Vec<PageRow>, limit: i64, now: Timestamp) -> Result<Vec<Document>, Error> {
        let is_partial = |row: &PageRow| row.is_live || row.bytes > short(limit);
        let partial: Vec<_> = page.iter().filter(|row| is_partial(row)).map(|row| [row.record.id.clone()]).collect();
        let mut whole = HashMap::new();
        if !partial.is_empty() {
            let named = rows(partial);
            let found: Vec<DocumentRow> = run!(&mut self.tx, query_as::<DocumentRow>(WHOLE), [&named], fetch_all)?;
            whole.extend(found.into_iter().map(|row| (row.id().to_owned(), row)));
        }
        let document = |row: PageRow| match whole.remove(&row.record.id) {
            Some(found) => Some(found.document(now)),
            // It was deleted in between.
            None if is_partial(&row) => None,
            None => Some(row.record.idle_document()),
        };
        let mut documents = page.into_iter().filter_map(document).collect::<Result<Vec<_>, _>>()?;
        // What was read again may have changed in between, and stands where it stands now.
        documents.sort_by(|one, other| newest_first(other).cmp(&newest_first(one)));
        Ok(documents)
    }
}

/// By what a list is sorted, from the largest down.
fn newest_first(document: &Document) -> (Timestamp, &str, DocumentId) {
    (document.updated_at, &document.external_id, document.id)
}

/// How long the texts of one document may be to be read at once with a page of so many.
fn short(limit: i64) -> i64 {
    MOST_BYTES / limit.saturating_add(1).max(1)
}

/// How many of a page's documents fit on it, by the lengths of their texts. The first always does.
fn fitting(lengths: impl Iterator<Item = i64>) -> usize {
    let mut sum = 0_i64;
    let sums = lengths.map(|bytes| {
        sum = sum.saturating_add(bytes);
        (sum, bytes)
    });
    sums.take_while(|(sum, bytes)| *sum <= MOST_BYTES || sum == bytes).count()
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
    use super::{MOST_BYTES, containing, fitting, short};

    #[test]
    fn a_page_ends_before_its_texts_are_too_long() {
        let cases: [(&[i64], usize); 6] = [
            (&[], 0),
            (&[0, 0, 0], 3),
            (&[MOST_BYTES], 1),
            (&[MOST_BYTES + 1, 0], 1),
            (&[0, MOST_BYTES, 1], 2),
            (&[1, MOST_BYTES, 1], 1),
        ];
        for (lengths, expected) in cases {
            assert_eq!(fitting(lengths.iter().copied()), expected, "{lengths:?}");
        }
    }

    #[test]
    fn what_is_read_at_once_fits_on_any_page() {
        for limit in [1, 2, 50, 500] {
            assert!(short(limit) > 0 && short(limit) * (limit + 1) <= MOST_BYTES, "{limit}");
        }
    }

    #[test]
    fn wild_cards_of_the_caller_are_letters() {
        for (part, expected) in [("Größe", "%größe%"), ("50%", "%50!%%"), ("a_b!", "%a!_b!!%"), ("", "%%")] {
            assert_eq!(containing(part), expected);
        }
    }
}
