//! Order keys for new jobs: read where the queue stands, then take them from the shares.

use std::collections::HashMap;

use serde_json::json;

use crate::backend::{over_rows, run, statements};
use crate::documents::{id, word};
use crate::rows::rows;
use crate::shares::{Keys, Share, Stand};
use crate::{Error, Read};

statements! {
    // How far the workers are: at the first that is ready. Jobs in line wait for hosts instead, and what runs is no measure: to
    // find the last of them, PostgreSQL would wade through all that ran while somebody held a snapshot. The first in order and not
    // the `MIN`, for which it may read all that are ready.
    STAND = over_rows!(
        "SELECT r.value ->> 0, r.value ->> 1, w.weight, COALESCE(s.last_key, 0),
                (SELECT order_key FROM jobs WHERE state = 'ready' AND order_key >= $2 ORDER BY order_key LIMIT 1),
                (SELECT MAX(last_key) FROM shares)
         FROM",
        "JOIN workspaces w ON w.id = r.value ->> 0
         LEFT JOIN shares s ON s.workspace_id = r.value ->> 0 AND s.priority = r.value ->> 1"
    );
}

/// A share by its workspace and priority, then its weight, its last key, how far the workers are, and the largest key of all.
type Row = (String, String, i64, i64, Option<i64>, Option<i64>);

impl Read {
    /// Takes from each share as many keys as it needs; whoever uses them says so by `Shares::note_used`. `low_key` is a key below
    /// which no job is known to be ready.
    pub(crate) async fn take_keys(
        &mut self,
        wanted: &HashMap<Share, i64>,
        low_key: i64,
    ) -> Result<HashMap<Share, Keys>, Error> {
        if let Some(keys) = self.shares.hand_out_again(wanted) {
            return Ok(keys);
        }
        let named = rows(wanted.keys().map(|(workspace, priority)| json!([workspace.to_string(), priority.as_str()])));
        let stands: Vec<Row> = run!(&mut self.tx, query_as::<Row>(STAND), [&named, low_key], fetch_all)?;
        if stands.len() < wanted.len() {
            return Err(Error::Conflict("shares: there is no such workspace".to_owned()));
        }
        let mut keys = HashMap::new();
        for (workspace, priority, weight, last, served, largest) in stands {
            let share = (id(&workspace)?, word(&priority)?);
            let count = wanted.get(&share).copied().unwrap_or_default();
            let stand = Stand { weight, last, served, largest: largest.unwrap_or(0) };
            keys.insert(share, self.shares.hand_out(share, count, &stand));
        }
        if keys.len() < wanted.len() {
            return Err(Error::Conflict("shares: there is no such workspace".to_owned()));
        }
        Ok(keys)
    }
}
