//! The end of runs by one statement, which PostgreSQL commits by itself: what follows from an end is written beside it.

use std::collections::HashSet;

use model::{Job, Timestamp, WorkerId};
use serde_json::{Value, json};

use crate::backend::{Pools, Tx};
use crate::moves::ended_or_put_off;
use crate::revisions::Parts;
use crate::rows::rows;
use crate::settlement::{Outcome, PutOff, Settlement};
use crate::{Change, Error, NewText, Store};

/// The database copies the list a few times while it works, so it is for what fits its memory.
const MOST_BYTES: usize = 1024 * 1024;

/// Known to PostgreSQL alone. Documents are locked before their jobs and by their names, as queueing does it, so that nobody
/// locks anybody out.
const SETTLE: &str = concat!(
    "WITH told AS (
    SELECT d.id AS document, d.revision, r.value AS said
    FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) JOIN documents d ON d.id = r.value ->> 3
    ORDER BY d.workspace_id, d.source, d.external_id FOR UPDATE OF d
), ",
    ended_or_put_off!(),
    ", completed AS (
    UPDATE documents d
    SET outcome = 'completed', error = '', last_job_id = e.id, title = e.said ->> 7, title_folded = e.said ->> 8,
        mime_type = e.said ->> 9, storage_url = e.said ->> 10, language = e.said ->> 11, updated_at = $2,
        revision = d.revision + CAST(e.said ->> 12 AS BIGINT),
        old_revision = CASE WHEN e.said ->> 13 = 'material' THEN d.revision ELSE d.old_revision END,
        changed = d.changed OR e.said ->> 13 = 'material',
        etag = e.said ->> 15, last_modified = e.said ->> 16, read_as = e.said ->> 17,
        text_bytes = CASE WHEN e.said ->> 12 = '1' THEN CAST(e.said ->> 14 AS BIGINT) ELSE d.text_bytes END,
        old_text_bytes = CASE WHEN e.said ->> 13 = 'material' THEN d.text_bytes ELSE d.old_text_bytes END
    FROM ended e WHERE d.id = e.document_id AND e.said ->> 4 = 'completed' AND e.said ->> 12 IS NOT NULL
), confirmed AS (
    UPDATE documents d SET outcome = 'completed', error = '', last_job_id = e.id, updated_at = $2
    FROM ended e WHERE d.id = e.document_id AND e.said ->> 4 = 'completed' AND e.said ->> 12 IS NULL
), failed AS (
    UPDATE documents d SET outcome = 'failed', error = e.said ->> 5, last_job_id = e.id, updated_at = $2
    FROM ended e WHERE d.id = e.document_id AND e.said ->> 4 = 'failed'
), revised AS (
    INSERT INTO revisions (workspace_id, document_id, number, job_id, blob, content_hash, url, mime_type, title, language,
                           paragraphs, blocks, warnings, metadata, etag, last_modified, created_at)
    SELECT e.workspace_id, e.document_id, e.revision + 1, e.id, e.said ->> 18, e.said ->> 19, e.said ->> 20, e.said ->> 9,
           e.said ->> 7, e.said ->> 11, e.said ->> 21, e.said ->> 22, e.said ->> 23, e.said ->> 24, e.said ->> 15, e.said ->> 16, $2
    FROM ended e WHERE e.said ->> 12 = '1'
), remembered AS (
    INSERT INTO job_history (workspace_id, id, document_id, ended, error, attempts, created_at, started_at, finished_at)
    SELECT e.workspace_id, e.id, e.document_id, e.said ->> 4, e.said ->> 5, e.attempt, e.created_at, e.started_at, $2
    FROM ended e
)
SELECT id, CAST(said ->> 1 AS BIGINT), said ->> 2 FROM ended
UNION ALL SELECT id, CAST(said ->> 1 AS BIGINT), said ->> 2 FROM put_off"
);

/// A job, an attempt and its worker.
type Hold = (String, i64, String);

/// The list of a few ends, where one statement can write them down.
pub(crate) fn list(pools: &Pools, settlements: &[(WorkerId, Settlement)]) -> Result<Option<String>, Error> {
    if !matches!(pools, Pools::Postgres(_)) || model::faults::is_on("fence.off") {
        return Ok(None);
    }
    let mut told = HashSet::new();
    // A run that is settled twice, by its worker and by who gave it up, is settled once.
    let once =
        settlements.iter().filter(|(worker, Settlement { job, .. })| told.insert((job.id, job.attempt, *worker)));
    let list = rows(once.map(|(worker, settlement)| row(*worker, settlement)).collect::<Result<Vec<_>, _>>()?);
    Ok(Some(list).filter(|list| list.len() <= MOST_BYTES))
}

impl Store {
    /// Settles the runs of a [`list`], and says whose worker still held its job. Of those that were lost nothing is kept.
    pub(crate) async fn settle_at_once(
        &self,
        settlements: &[(WorkerId, Settlement)],
        list: &str,
        now: Timestamp,
    ) -> Result<Vec<bool>, Error> {
        let mut stroke = self.pools.stroke().await?;
        let Tx::Postgres(connection) = &mut stroke else { return Err(not_here()) };
        let held: Vec<Hold> =
            sqlx::query_as(SETTLE).bind(list).bind(now.as_micros()).fetch_all(connection.connection()).await?;
        let mut held: HashSet<Hold> = held.into_iter().collect();
        let is_held = |(worker, Settlement { job, .. }): &(WorkerId, Settlement)| {
            held.remove(&(job.id.to_string(), job.attempt, worker.to_string()))
        };
        Ok(settlements.iter().map(is_held).collect())
    }
}

fn not_here() -> Error {
    Error::Corrupt("runs can be settled at once on PostgreSQL alone".to_owned())
}

fn row(worker: WorkerId, settlement: &Settlement) -> Result<Value, Error> {
    let job = &settlement.job;
    let (id, attempt, worker, document) =
        (job.id.to_string(), job.attempt, worker.to_string(), job.document.to_string());
    Ok(match &settlement.outcome {
        Outcome::Text(text, change) => {
            let mut row =
                vec![json!(id), json!(attempt), json!(worker), json!(document), json!("completed"), json!("")];
            row.push(Value::Null);
            row.extend(text_row(text, *change)?);
            Value::Array(row)
        }
        Outcome::Unchanged => json!([id, attempt, worker, document, "completed", ""]),
        Outcome::Failed(failure) => json!([id, attempt, worker, document, "failed", failure.to_string()]),
        Outcome::Again(again) => again_row(job, &worker, &again.put_off()),
        Outcome::Lost(lost) => again_row(job, &worker, &lost.put_off()),
    })
}

fn again_row(job: &Job, worker: &str, put_off: &PutOff<'_>) -> Value {
    let PutOff { at, code, why, taken_back, added, suspicion } = put_off;
    let (id, document) = (job.id.to_string(), job.document.to_string());
    json!([id, job.attempt, worker, document, "again", why, code, at, taken_back, added, suspicion])
}

/// What is told of a text, from the seventh place on.
fn text_row(text: &NewText, change: Change) -> Result<Vec<Value>, Error> {
    let folded = text.title.to_lowercase();
    let mut row = vec![
        json!(text.title),
        json!((folded != text.title).then_some(folded)),
        json!(text.mime_type),
        json!(text.blob.url()),
        json!(text.language),
        json!(i64::from(change != Change::None)),
        json!(if change == Change::Material { "material" } else { "" }),
        json!(text.bytes()),
        json!(text.etag),
        json!(text.last_modified),
        json!(text.read_as),
    ];
    if change != Change::None {
        let parts = Parts::of(text)?;
        row.extend([
            json!(text.blob.hash),
            json!(text.content_hash()),
            json!(text.url),
            json!(parts.paragraphs),
            json!(parts.blocks),
            json!(parts.warnings),
            json!(parts.metadata),
        ]);
    }
    Ok(row)
}
