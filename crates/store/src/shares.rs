//! Shares: how far each workspace has been served or promised to be, in virtual time.

use std::collections::HashMap;

use model::{Priority, WorkspaceId};
use serde_json::json;

use crate::backend::{over_rows, run, statements};
use crate::documents::{id, word};
use crate::enqueue::rows;
use crate::{Error, Write};

statements! {
    // A share goes on where it stands, but never before what is being served now.
    SHARE = over_rows!(
        "INSERT INTO shares (workspace_id, priority, served, cost, last_key)
         SELECT w.id, r.value ->> 1, now.served, CAST(r.value ->> 3 AS BIGINT) / w.weight,
                now.served + CAST(r.value ->> 2 AS BIGINT) * (CAST(r.value ->> 3 AS BIGINT) / w.weight)
         FROM",
        "CROSS JOIN workspaces w CROSS JOIN (
             SELECT COALESCE(
                 (SELECT MIN(head) FROM (SELECT MIN(order_key) AS head FROM jobs WHERE state = 'ready' AND order_key >= $2
                                         UNION ALL SELECT MIN(order_key) FROM jobs WHERE state = 'in_line') AS heads),
                 (SELECT MAX(order_key) FROM jobs WHERE state = 'running'), 0) AS served) AS now
         WHERE w.id = r.value ->> 0
         ON CONFLICT (workspace_id, priority) DO UPDATE
         SET last_key = CASE WHEN shares.last_key > excluded.served THEN shares.last_key ELSE excluded.served END
                        + excluded.last_key - excluded.served,
             served = excluded.served, cost = excluded.cost
         RETURNING workspace_id, priority, last_key, cost"
    );
}

/// Keys that a workspace may give to jobs of one priority, one after the other.
pub(crate) struct Keys {
    last: i64,
    cost: i64,
}

impl Keys {
    pub(crate) fn next(&mut self) -> i64 {
        self.last = self.last.saturating_add(self.cost);
        self.last
    }
}

impl Write {
    /// Takes from each share as many keys as it needs. `low_key` is a key below which no job is known to be ready.
    pub(crate) async fn take_keys(
        &mut self,
        wanted: &HashMap<(WorkspaceId, Priority), i64>,
        low_key: i64,
    ) -> Result<HashMap<(WorkspaceId, Priority), Keys>, Error> {
        // Every transaction locks shares in one order, so that no two can lock each other out.
        let mut sorted: Vec<_> = wanted.iter().collect();
        sorted.sort_by_key(|((workspace, priority), _)| (workspace, priority.as_str()));
        let rows = rows(sorted.into_iter().map(|((workspace, priority), count)| {
            json!([workspace.to_string(), priority.as_str(), count, priority.cost()])
        }));
        let shares: Vec<(String, String, i64, i64)> =
            run!(&mut self.tx, query_as::<(String, String, i64, i64)>(SHARE), [&rows, low_key], fetch_all)?;
        let keys = shares.into_iter().map(|(workspace, priority, last, cost)| {
            let share = (id(&workspace)?, word(&priority)?);
            let count = wanted.get(&share).copied().unwrap_or_default();
            Ok((share, Keys { last: last.saturating_sub(count.saturating_mul(cost)), cost }))
        });
        keys.collect()
    }
}
