//! The end of runs by one statement, which PostgreSQL commits by itself: what follows from an end is written beside it.

use std::collections::HashSet;

use model::{Job, Timestamp, WorkerId};
use serde_json::{Value, json};

use crate::backend::{Pools, Tx};
use crate::landing::{Landing, gone_row, is_landed, replaces_proposal};
use crate::moves::ended_or_put_off;
use crate::revisions::Parts;
use crate::rows::rows;
use crate::settlement::{Outcome, PutOff, Settlement};
use crate::{Change, Error, NewText, Store};

/// The database copies the list a few times while it works, so it is for what fits its memory.
const MOST_BYTES: usize = 1024 * 1024;

/// Known to PostgreSQL alone. Documents are locked before their jobs and by their names, as queueing does it, so that nobody
/// locks anybody out.
pub(crate) const SETTLE: &str = concat!(
    "WITH told AS (
    SELECT d.id AS document, d.revision, d.linked_knowledge_id AS linked, d.gone_since, r.value AS said
    FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) JOIN documents d ON d.id = r.value ->> 3
    ORDER BY d.workspace_id, d.source, d.external_id FOR UPDATE OF d
), ",
    ended_or_put_off!(),
    ", landing AS (
    SELECT e.*, a.id AS article, a.version, a.folder_id, e.said ->> 25 IS NOT NULL AND w.drafting AS lands,
           NOT a.active AS withdrawn, COALESCE(a.content_hash = e.said ->> 19 AND a.active, FALSE) AS same
    FROM ended e JOIN workspaces w ON w.id = e.workspace_id
    LEFT JOIN articles a ON a.id = COALESCE(e.linked, e.said ->> 30) AND a.workspace_id = e.workspace_id
    WHERE e.said ->> 4 = 'completed' AND e.said ->> 12 IS NOT NULL
), completed AS (
    UPDATE documents d
    SET outcome = 'completed', error = '', last_job_id = e.id, title = e.said ->> 7, title_folded = e.said ->> 8,
        mime_type = e.said ->> 9, storage_url = e.said ->> 10, language = e.said ->> 11, updated_at = $2,
        revision = d.revision + CAST(e.said ->> 12 AS BIGINT),
        old_revision = CASE WHEN e.said ->> 13 = 'material' THEN d.revision ELSE d.old_revision END,
        changed = (d.changed OR e.said ->> 13 = 'material') AND NOT (e.lands AND e.same),
        linked_operation = CASE WHEN NOT e.lands THEN d.linked_operation WHEN e.same THEN 'DO_NOTHING'
                                WHEN e.article IS NULL THEN 'ADD_ARTICLE_TO_FOLDER' ELSE 'UPDATE_ARTICLE' END,
        linked_reason = CASE WHEN NOT e.lands THEN d.linked_reason WHEN e.same THEN e.said ->> 33
                             WHEN e.article IS NULL THEN e.said ->> 31 ELSE e.said ->> 32 END,
        etag = e.said ->> 15, last_modified = e.said ->> 16, read_as = e.said ->> 17, gone_since = NULL,
        text_bytes = CASE WHEN e.said ->> 12 = '1' THEN CAST(e.said ->> 14 AS BIGINT) ELSE d.text_bytes END,
        old_text_bytes = CASE WHEN e.said ->> 13 = 'material' THEN d.text_bytes ELSE d.old_text_bytes END
    FROM landing e WHERE d.id = e.document_id
), shelved AS (
    INSERT INTO folders (id, workspace_id, parent_id, title, created_at, updated_at)
    SELECT DISTINCT f.value ->> 0, f.value ->> 1, f.value ->> 2, f.value ->> 3, CAST($2 AS BIGINT), CAST($2 AS BIGINT)
    FROM landing e CROSS JOIN jsonb_array_elements(e.said -> 26) AS f(value)
    WHERE e.lands AND NOT EXISTS (SELECT 1 FROM folders known WHERE known.id = f.value ->> 0)
    ORDER BY 1 ON CONFLICT (id) DO NOTHING
), landed AS (
    INSERT INTO drafts (id, workspace_id, proposal, reason, state, revision, article_id, article_version, folder_id, document_id,
                        source_revision, content_hash, proposed, active, created_at, updated_at)
    SELECT e.said ->> 27, e.workspace_id, CASE WHEN e.article IS NULL THEN 'add' ELSE 'update' END,
           CASE WHEN e.article IS NULL THEN e.said ->> 31 ELSE e.said ->> 32 END, 'open', 1, e.article, e.version,
           COALESCE(e.folder_id, e.said ->> 28), e.document_id, e.revision + 1, e.said ->> 19, e.said ->> 29,
           CASE WHEN e.withdrawn THEN TRUE END, $2, $2
    FROM landing e WHERE e.lands AND NOT e.same",
    replaces_proposal!(),
    "), settled AS (
    UPDATE drafts SET state = 'superseded', revision = drafts.revision + 1, updated_at = $2
    FROM landing e
    WHERE drafts.document_id = e.document_id AND drafts.state = 'open' AND drafts.edit IS NULL AND e.lands AND e.same
), confirmed AS (
    UPDATE documents d SET outcome = 'completed', error = '', last_job_id = e.id, updated_at = $2, gone_since = NULL
    FROM ended e WHERE d.id = e.document_id AND e.said ->> 4 = 'completed' AND e.said ->> 12 IS NULL
), failed AS (
    UPDATE documents d
    SET outcome = 'failed', error = e.said ->> 5, last_job_id = e.id, updated_at = $2,
        gone_since = CASE WHEN e.said ->> 7 IS NULL THEN d.gone_since ELSE COALESCE(d.gone_since, $2) END
    FROM ended e WHERE d.id = e.document_id AND e.said ->> 4 = 'failed'
), withdrawn AS (
    INSERT INTO drafts (id, workspace_id, proposal, reason, state, revision, article_id, article_version, folder_id, document_id,
                        source_revision, content_hash, proposed, created_at, updated_at)
    SELECT e.said ->> 8, e.workspace_id, 'withdraw', e.said ->> 9, 'open', 1, a.id, a.version, a.folder_id, e.document_id,
           e.revision, a.content_hash, a.content, $2, $2
    FROM ended e JOIN articles a ON a.id = e.linked AND a.active
    WHERE e.said ->> 4 = 'failed' AND e.gone_since < $2 AND $2 - e.gone_since >= CAST(e.said ->> 7 AS BIGINT)
      AND NOT EXISTS (SELECT 1 FROM drafts known WHERE known.document_id = e.document_id AND known.state = 'open'
                                                   AND known.proposal = 'withdraw')",
    replaces_proposal!(),
    "), taken_back AS (
    UPDATE drafts SET state = 'superseded', revision = drafts.revision + 1, updated_at = $2
    FROM ended e
    WHERE drafts.document_id = e.document_id AND drafts.state = 'open' AND drafts.proposal = 'withdraw'
      AND e.said ->> 4 = 'completed' AND NOT EXISTS (SELECT 1 FROM landing l WHERE l.id = e.id AND l.lands)
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
            let mut row = completed(&id, attempt, &worker, &document);
            row.extend(text_row(text, *change)?);
            Value::Array(row)
        }
        Outcome::Landed(text, change, landing) => {
            let mut row = completed(&id, attempt, &worker, &document);
            row.extend(text_row(text, *change)?);
            if is_landed(*change) {
                row.extend(landing_row(landing, job, text)?);
            }
            Value::Array(row)
        }
        Outcome::Unchanged => json!([id, attempt, worker, document, "completed", ""]),
        Outcome::Failed(failure) => json!([id, attempt, worker, document, "failed", failure.to_string()]),
        Outcome::Gone(failure, after) => {
            let [document, id, error, after, draft, reason] = gone_row(&document, &id, failure, *after);
            json!([id, attempt, worker, document, "failed", error, null, after, draft, reason])
        }
        Outcome::Again(again) => again_row(job, &worker, &again.put_off()),
        Outcome::Lost(lost) => again_row(job, &worker, &lost.put_off()),
    })
}

/// The first seven places of a run that gave text.
fn completed(id: &str, attempt: i64, worker: &str, document: &str) -> Vec<Value> {
    vec![json!(id), json!(attempt), json!(worker), json!(document), json!("completed"), json!(""), Value::Null]
}

/// What is told of a landing, from the twenty-fifth place on: whether there is one, its folders, its draft.
fn landing_row(landing: &Landing, job: &Job, text: &NewText) -> Result<Vec<Value>, Error> {
    let landed = landing.rows(job, text)?;
    let [_, _, draft, folder, _, proposed, new, changed, like, same] = landed.draft;
    Ok(vec![json!(true), json!(landed.folders), draft, folder, proposed, like, new, changed, same])
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
