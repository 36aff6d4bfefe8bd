//! Syncs: asked for, taken by one process at a time, and what came of each item.

use std::collections::HashMap;
use std::time::Duration;

use model::{Connection, DocumentId, Resource, Source, Sync, SyncId, SyncOutcome, Timestamp, WorkspaceId};
use serde_json::json;

use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::columns::{id, json as from_json, word};
use crate::rows::rows;
use crate::{Error, Read, Store, Write};

/// How often a sync is begun anew whose process was lost.
const MOST_ATTEMPTS: i64 = 5;

macro_rules! select_syncs {
    ($tail:literal) => {
        concat!(
            "SELECT id, workspace_id, connection_id, provider, dry, state, seen, error, gaps, created_at, finished_at FROM syncs ",
            $tail
        )
    };
}

statements! {
    ASK = Sql::same(
        "INSERT INTO syncs (id, workspace_id, connection_id, provider, dry, state, created_at)
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6) ON CONFLICT (connection_id) WHERE finished_at IS NULL DO NOTHING"
    );
    LIVE = Sql::same(select_syncs!("WHERE connection_id = $1 AND finished_at IS NULL"));
    ONE = Sql::same(select_syncs!("WHERE id = $1"));
    OF_WORKSPACE = Sql::same(select_syncs!("WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"));
    NEXT = Sql::split(
        "SELECT id, attempt FROM syncs WHERE finished_at IS NULL AND lease_until < $1 ORDER BY id LIMIT 1",
        "SELECT id, attempt FROM syncs WHERE finished_at IS NULL AND lease_until < $1 ORDER BY id LIMIT 1
         FOR UPDATE SKIP LOCKED",
    );
    TAKE = Sql::same(
        "UPDATE syncs SET state = 'running', owner = $2, lease_until = $3, attempt = attempt + 1, seen = 0 WHERE id = $1"
    );
    FORGET_ITEMS = Sql::same("DELETE FROM sync_items WHERE sync_id = $1");
    KEEP = Sql::same("UPDATE syncs SET seen = $3, lease_until = $4 WHERE id = $1 AND owner = $2 AND finished_at IS NULL");
    END = Sql::same(
        "UPDATE syncs SET state = $3, error = $4, gaps = $5, finished_at = $6, owner = NULL
         WHERE id = $1 AND owner = $2 AND finished_at IS NULL"
    );
    ADD_ITEMS = over_rows!(
        "INSERT INTO sync_items (sync_id, external_id, outcome, title, url)
         SELECT $2, r.value ->> 0, r.value ->> 1, r.value ->> 2, r.value ->> 3 FROM",
        "WHERE TRUE ON CONFLICT (sync_id, external_id) DO NOTHING"
    );
    COUNTS = Sql::same("SELECT outcome, COUNT(*) FROM sync_items WHERE sync_id = $1 GROUP BY outcome");
    ITEMS = Sql::same(
        "SELECT i.external_id, i.outcome, i.title, i.url, d.missing_since
         FROM sync_items i
         JOIN syncs s ON s.id = i.sync_id
         LEFT JOIN documents d
             ON d.workspace_id = s.workspace_id AND d.source = s.provider AND d.external_id = i.external_id
         WHERE i.sync_id = $1 AND i.external_id > $2 AND (CAST($3 AS TEXT) IS NULL OR i.outcome = $3)
         ORDER BY i.external_id LIMIT $4"
    );
    KNOWN = Sql::same(
        "SELECT external_id, id, COALESCE(title, original_url, external_id), COALESCE(original_url, external_id), revision,
                etag FROM documents
         WHERE workspace_id = $1 AND source = $2 AND external_id > $3 ORDER BY external_id LIMIT 1000"
    );
    MISSING = over_rows!(
        "UPDATE documents SET missing_since = COALESCE(missing_since, $2) FROM",
        "WHERE documents.id = r.value ->> 0"
    );
    SEEN = over_rows!(
        "UPDATE documents SET missing_since = NULL FROM",
        "WHERE documents.id = r.value ->> 0 AND documents.missing_since IS NOT NULL"
    );
    OLD = Sql::same("DELETE FROM syncs WHERE finished_at < $1");
    OLD_ITEMS = Sql::same("DELETE FROM sync_items WHERE sync_id IN (SELECT s.id FROM syncs s WHERE s.finished_at < $1)");
    IS_ANY_FREE = Sql::same("SELECT EXISTS (SELECT 1 FROM syncs WHERE finished_at IS NULL AND lease_until < $1)");
}

/// A sync that this process has in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncHold {
    /// The sync.
    pub id: SyncId,
    by: String,
}

/// A document of a provider, as the last run left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownItem {
    /// Its id.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// The version that was read last; `None` before the first text.
    pub read: Option<Option<String>>,
}

/// What a sync made of an item, and how it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncItem {
    /// Its name at the provider.
    pub external_id: String,
    /// What was made of it.
    pub outcome: SyncOutcome,
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// Since when no complete look has shown it; `None` while it is there.
    pub missing_since: Option<Timestamp>,
}

type Row = (String, String, String, String, bool, String, i64, String, String, i64, Option<i64>);
type ItemRow = (String, String, String, String, Option<i64>);
type KnownRow = (String, String, String, String, i64, Option<String>);

fn sync(row: Row, counts: Vec<(SyncOutcome, i64)>) -> Result<Sync, Error> {
    let (id_, workspace, connection, provider, dry, state, seen, error, gaps, created_at, finished_at) = row;
    Ok(Sync {
        id: id(&id_)?,
        workspace: id(&workspace)?,
        connection: id(&connection)?,
        provider: word(&provider)?,
        dry,
        state: word(&state)?,
        seen,
        error,
        gaps: from_json(&gaps)?,
        counts,
        created_at: Timestamp::from_micros(created_at),
        finished_at: finished_at.map(Timestamp::from_micros),
    })
}

impl Read {
    /// A sync, whoever owns it.
    pub async fn sync(&mut self, sync_: SyncId) -> Result<Option<Sync>, Error> {
        let row: Option<Row> = run!(&mut self.tx, query_as::<Row>(ONE), [sync_.to_string()], fetch_optional)?;
        match row {
            None => Ok(None),
            Some(row) => {
                let counts = self.counts_of(&row.0).await?;
                sync(row, counts).map(Some)
            }
        }
    }

    /// The syncs of a workspace, the latest first: so many, and those before one.
    pub async fn syncs(
        &mut self,
        workspace: WorkspaceId,
        before: Option<SyncId>,
        limit: i64,
    ) -> Result<Vec<Sync>, Error> {
        // No id is larger.
        let before = before.map_or_else(|| "g".to_owned(), |before| before.to_string());
        let rows: Vec<Row> =
            run!(&mut self.tx, query_as::<Row>(OF_WORKSPACE), [workspace.to_string(), &before, limit], fetch_all)?;
        let mut syncs = Vec::with_capacity(rows.len());
        for row in rows {
            let counts = self.counts_of(&row.0).await?;
            syncs.push(sync(row, counts)?);
        }
        Ok(syncs)
    }

    /// The items of a sync in the order of their names: so many after one, of one outcome or of all.
    pub async fn sync_items(
        &mut self,
        sync: SyncId,
        (outcome, after): (Option<SyncOutcome>, &str),
        limit: i64,
    ) -> Result<Vec<SyncItem>, Error> {
        let outcome = outcome.map(SyncOutcome::as_str);
        let found: Vec<ItemRow> =
            run!(&mut self.tx, query_as::<ItemRow>(ITEMS), [sync.to_string(), after, outcome, limit], fetch_all)?;
        let item = |(external_id, outcome, title, url, missing_since): ItemRow| {
            let missing_since = missing_since.map(Timestamp::from_micros);
            Ok(SyncItem { external_id, outcome: word(&outcome)?, title, url, missing_since })
        };
        found.into_iter().map(item).collect()
    }

    /// Every document of a provider, by its name there.
    pub async fn known_items(
        &mut self,
        workspace: WorkspaceId,
        provider: Source,
    ) -> Result<HashMap<String, KnownItem>, Error> {
        let (workspace, mut known, mut after) = (workspace.to_string(), HashMap::new(), String::new());
        loop {
            let found: Vec<KnownRow> =
                run!(&mut self.tx, query_as::<KnownRow>(KNOWN), [&workspace, provider.as_str(), &after], fetch_all)?;
            let Some(last) = found.last() else { return Ok(known) };
            after.clone_from(&last.0);
            for (external_id, document, title, url, revision, etag) in found {
                let read = (revision > 0).then_some(etag);
                known.insert(external_id, KnownItem { document: id(&document)?, title, url, read });
            }
        }
    }

    async fn counts_of(&mut self, sync: &str) -> Result<Vec<(SyncOutcome, i64)>, Error> {
        let found: Vec<(String, i64)> = run!(&mut self.tx, query_as::<(String, i64)>(COUNTS), [sync], fetch_all)?;
        let counts: HashMap<SyncOutcome, i64> =
            found.iter().map(|(outcome, count)| Ok((word(outcome)?, *count))).collect::<Result<_, Error>>()?;
        Ok(SyncOutcome::ALL.iter().map(|outcome| (*outcome, counts.get(outcome).copied().unwrap_or(0))).collect())
    }
}

impl Write {
    /// Asks for a sync of a connection. One that waits or runs already serves this wish too, and is returned.
    pub async fn ask_sync(&mut self, connection: &Connection, dry: bool, now: Timestamp) -> Result<Sync, Error> {
        let (id, of) = (SyncId::new(), connection.id.to_string());
        let (workspace, provider) = (connection.workspace.to_string(), connection.provider().as_str());
        let binds = (id.to_string(), now.as_micros());
        let _: Touched = run!(&mut self.tx, query(ASK), [&binds.0, &workspace, &of, provider, dry, binds.1], execute)?;
        let live: Option<Row> = run!(&mut self.tx, query_as::<Row>(LIVE), [&of], fetch_optional)?;
        let live = live.ok_or_else(|| Error::Corrupt("a sync vanished".to_owned()))?;
        let counts = self.counts_of(&live.0).await?;
        sync(live, counts)
    }

    /// Notes what was made of items that were seen.
    pub async fn note_items(&mut self, hold: &SyncHold, items: &[(&Resource, SyncOutcome)]) -> Result<(), Error> {
        let named = rows(
            items
                .iter()
                .map(|(resource, outcome)| (&resource.external_id, outcome.as_str(), &resource.title, &resource.url)),
        );
        let _: Touched = run!(&mut self.tx, query(ADD_ITEMS), [&named, hold.id.to_string()], execute)?;
        Ok(())
    }

    /// The same of documents that were not seen.
    pub async fn note_unseen(
        &mut self,
        hold: &SyncHold,
        items: &[(&str, &KnownItem)],
        outcome: SyncOutcome,
    ) -> Result<(), Error> {
        let named =
            rows(items.iter().map(|(external_id, known)| (external_id, outcome.as_str(), &known.title, &known.url)));
        let _: Touched = run!(&mut self.tx, query(ADD_ITEMS), [&named, hold.id.to_string()], execute)?;
        Ok(())
    }

    /// Marks documents that a complete look did not show. The mark keeps the first time.
    pub async fn mark_missing(&mut self, documents: &[DocumentId], now: Timestamp) -> Result<(), Error> {
        let named = rows(documents.iter().map(|document| json!([document])));
        let _: Touched = run!(&mut self.tx, query(MISSING), [&named, now.as_micros()], execute)?;
        Ok(())
    }

    /// Takes the mark from documents that are there again.
    pub async fn mark_seen(&mut self, documents: &[DocumentId]) -> Result<(), Error> {
        let named = rows(documents.iter().map(|document| json!([document])));
        let _: Touched = run!(&mut self.tx, query(SEEN), [&named], execute)?;
        Ok(())
    }

    /// Keeps a sync in hand, for so long, and shows how far it is. [`Error::Lost`] where another process has it.
    pub async fn keep_sync(&mut self, hold: &SyncHold, seen: i64, until: Timestamp) -> Result<(), Error> {
        let binds = (hold.id.to_string(), until.as_micros());
        let kept: Touched = run!(&mut self.tx, query(KEEP), [&binds.0, &hold.by, seen, binds.1], execute)?;
        if kept.0 == 1 { Ok(()) } else { Err(Error::Lost) }
    }

    /// Ends a sync, with an error or without. [`Error::Lost`] where another process has it.
    pub async fn end_sync(
        &mut self,
        hold: &SyncHold,
        (error, gaps): (&str, &[String]),
        now: Timestamp,
    ) -> Result<(), Error> {
        let state = if error.is_empty() { "completed" } else { "failed" };
        let (sync, gaps) = (hold.id.to_string(), json!(gaps).to_string());
        let ended: Touched =
            run!(&mut self.tx, query(END), [&sync, &hold.by, state, error, &gaps, now.as_micros()], execute)?;
        if ended.0 == 1 { Ok(()) } else { Err(Error::Lost) }
    }

    /// Forgets syncs that ended before then.
    pub(crate) async fn forget_syncs(&mut self, before: Timestamp) -> Result<(), Error> {
        for sql in [OLD_ITEMS, OLD] {
            let _: Touched = run!(&mut self.tx, query(sql), [before.as_micros()], execute)?;
        }
        Ok(())
    }
}

impl Store {
    /// Takes the next sync that nobody has in hand, for so long. One whose process was lost begins anew; after a few times it
    /// fails.
    pub async fn take_sync(&self, lasting: Duration) -> Result<Option<(SyncHold, Sync)>, Error> {
        let (now, by) = (self.now(), model::JobId::new().to_string());
        let mut read = self.glance().await?;
        let (any,): (bool,) = run!(&mut read.tx, query_as::<(bool,)>(IS_ANY_FREE), [now.as_micros()], fetch_one)?;
        drop(read);
        if !any {
            return Ok(None);
        }
        let mut write = self.write().await?;
        let next: Option<(String, i64)> =
            run!(&mut write.tx, query_as::<(String, i64)>(NEXT), [now.as_micros()], fetch_optional)?;
        let Some((sync, attempt)) = next else { return Ok(None) };
        let until = now.plus(lasting).as_micros();
        let _: Touched = run!(&mut write.tx, query(TAKE), [&sync, &by, until], execute)?;
        let _: Touched = run!(&mut write.tx, query(FORGET_ITEMS), [&sync], execute)?;
        let hold = SyncHold { id: id(&sync)?, by };
        if attempt >= MOST_ATTEMPTS {
            let error = "internal: the processes that ran it were lost, one after the other";
            write.end_sync(&hold, (error, &[]), now).await?;
        }
        let taken = write.sync(hold.id).await?;
        write.commit().await?;
        Ok(taken.filter(|sync| sync.finished_at.is_none()).map(|sync| (hold, sync)))
    }

    /// Waits until somebody in this process asks for a sync.
    pub async fn sync_asked(&self) {
        self.syncs.notified().await;
    }

    /// Tells this process that a sync was asked for.
    pub fn tell_of_sync(&self) {
        self.syncs.notify_one();
    }
}
