//! A few pages queued by one statement, which PostgreSQL commits by itself: each way to the server and back costs a small call
//! more than its rows do.

use std::collections::{HashMap, HashSet};

use model::{DocumentId, JobId, Timestamp};
use serde::Serialize;

use crate::backend::{Pools, Tx};
use crate::calls::{Pages, Queueing};
use crate::documents::id;
use crate::records::{Record, Saved, addresses, shares_of};
use crate::rows::rows;
use crate::shares::{Keys, Share};
use crate::{Error, Store};

/// The statement compares each page with each record, so it is for a few.
const FEW: usize = 64;

/// Known to PostgreSQL alone. The record is locked before its live job is looked for, as everywhere, and a conflict sees the
/// job as it is by then: a run that ends meanwhile does not swallow the call.
const QUEUE: &str = "
WITH saved AS (
    INSERT INTO documents (workspace_id, id, source, external_id, original_url, original_url_folded, kind,
                           english, baser, created_at, updated_at)
    SELECT r.value ->> 0, r.value ->> 1, 'web', r.value ->> 2, r.value ->> 3, r.value ->> 4, 'page',
           COALESCE($2, TRUE), COALESCE($3, FALSE), $4, $4
    FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value)
    ON CONFLICT (workspace_id, source, external_id) DO UPDATE
    SET english = COALESCE($2, documents.english), baser = COALESCE($3, documents.baser), updated_at = excluded.updated_at
    RETURNING workspace_id, external_id, id
),
added AS (
    INSERT INTO jobs (workspace_id, id, document_id, state, priority, order_key, lane, max_attempts, run_at, since, created_at)
    SELECT s.workspace_id, r.value ->> 5, s.id, 'ready', r.value ->> 6, CAST(r.value ->> 7 AS BIGINT), r.value ->> 8,
           CAST(r.value ->> 9 AS BIGINT), $4, $4, $4
    FROM saved s JOIN jsonb_array_elements(CAST($1 AS jsonb)) AS r(value)
         ON r.value ->> 2 = s.external_id AND r.value ->> 0 = s.workspace_id
    ON CONFLICT (document_id) DO NOTHING
    RETURNING document_id
)
SELECT s.workspace_id, s.external_id, s.id, EXISTS (SELECT 1 FROM added a WHERE a.document_id = s.id) FROM saved s";

type Row = (String, String, String, bool);

/// The pages of a few calls, where one statement can queue them.
pub(crate) fn fits(pools: &Pools, calls: &[Pages<'_>]) -> bool {
    let pages = || calls.iter().flat_map(|(_, pages)| pages.iter());
    matches!(pools, Pools::Postgres(_)) && pages().count() <= FEW && pages().all(|page| page.add)
}

impl Store {
    /// Queues pages that [`fits`] lets through.
    pub(crate) async fn queue_at_once(&self, calls: &[Pages<'_>], now: Timestamp) -> Result<Vec<Queueing>, Error> {
        let mut saved = Saved::of(calls);
        let Some(flags) = calls.first().map(|(call, _)| call.batch.flags) else { return Ok(Vec::new()) };
        let counts = shares_of(saved.records());
        let mut read = self.glance().await?;
        let mut keys = read.take_keys(&counts, self.low_key()).await?;
        let places: HashMap<DocumentId, i64> = saved
            .in_order_named()
            .filter_map(|record| Some((record.id, keys.get_mut(&record.share())?.next())))
            .collect();
        let named = rows(saved.records().iter().filter_map(|record| Some(row(record, *places.get(&record.id)?))));
        let Tx::Postgres(connection) = &mut read.tx else { return Err(not_here()) };
        let stored: Vec<Row> = sqlx::query_as(QUEUE)
            .bind(&named)
            .bind(flags.english)
            .bind(flags.baser)
            .bind(now.as_micros())
            .fetch_all(connection.connection())
            .await?;
        drop(read);
        let mut unused = HashSet::new();
        for (workspace, url, document, is_queued) in stored {
            let record = saved.note(id(&workspace)?, &url, id(&document)?)?;
            if !is_queued {
                unused.insert(record.id);
            }
        }
        self.give_back(&saved, &unused, &keys);
        self.shares.note_used(counts.keys());
        calls.iter().map(|call| saved.answer(*call)).collect()
    }

    /// Pages that had a live job need no place. Only the last of the keys can go back: those before them are others' by now.
    fn give_back(&self, saved: &Saved<'_>, unused: &HashSet<DocumentId>, keys: &HashMap<Share, Keys>) {
        if unused.is_empty() {
            return;
        }
        for (share, keys) in keys {
            let of_share = saved.in_order_named().rev().filter(|record| record.share() == *share);
            self.shares.give_back(*share, keys, of_share.take_while(|record| unused.contains(&record.id)).count());
        }
    }
}

fn not_here() -> Error {
    Error::Corrupt("pages can be queued at once on PostgreSQL alone".to_owned())
}

fn row<'a>(record: &Record<'a>, key: i64) -> impl Serialize + use<'a> {
    let Record { call, page, id, .. } = record;
    let (url, original, folded) = addresses(page);
    let (priority, most) = (call.batch.priority.as_str(), call.batch.max_attempts);
    (call.workspace, *id, url, original, folded, JobId::new(), priority, key, page.url.lane(), most)
}
