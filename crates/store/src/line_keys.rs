//! Places in the lines of hosts: each line is shared between workspaces as the whole queue is, by keys of its own.

use std::collections::{BTreeSet, HashMap};

use model::share::{cost, last_key};
use model::{Priority, WorkspaceId};
use serde_json::json;

use crate::backend::{over_rows, run, statements};
use crate::documents::{id, word};
use crate::jobs::JobRow;
use crate::lanes::Lanes;
use crate::rows::rows;
use crate::{Error, Write};

statements! {
    LAST = over_rows!(
        "SELECT r.value ->> 0, r.value ->> 1, r.value ->> 2, w.weight,
                COALESCE((SELECT j.line_key FROM jobs j WHERE j.state = 'in_line' AND j.lane = r.value ->> 0
                          AND j.workspace_id = r.value ->> 1 AND j.priority = r.value ->> 2
                          ORDER BY j.line_key DESC LIMIT 1), 0)
         FROM",
        "JOIN workspaces w ON w.id = r.value ->> 1"
    );
}

type Share = (WorkspaceId, Priority);

/// Keys for those who line up.
#[derive(Default)]
pub(crate) struct LineKeys(HashMap<(String, Share), Place>);

struct Place {
    last: i64,
    served: i64,
    cost: i64,
}

impl LineKeys {
    pub(crate) fn next(&mut self, lane: &str, share: Share) -> i64 {
        self.0.get_mut(&(lane.to_owned(), share)).map_or(0, |place| {
            place.last = last_key(place.last, place.served, 1, place.cost);
            place.last
        })
    }
}

/// Lane, workspace, priority, weight, and the last key in line.
type Row = (String, String, String, i64, i64);

impl Write {
    /// Where the shares of those jobs stand in the lines of their hosts. The lanes are locked.
    pub(crate) async fn keys_in_line(&mut self, jobs: &[&JobRow], lanes: &Lanes) -> Result<LineKeys, Error> {
        let mut named = BTreeSet::new();
        for job in jobs {
            let (workspace, priority) = job.share()?;
            named.insert((job.lane.as_str(), workspace.to_string(), priority.as_str()));
        }
        if named.is_empty() {
            return Ok(LineKeys::default());
        }
        let named = rows(named.into_iter().map(|(lane, workspace, priority)| json!([lane, workspace, priority])));
        let found: Vec<Row> = run!(&mut self.tx, query_as::<Row>(LAST), [&named], fetch_all)?;
        let mut keys = LineKeys::default();
        for (lane, workspace, priority, weight, last) in found {
            let share: Share = (id(&workspace)?, word(&priority)?);
            let place = Place { last, served: lanes.served(&lane), cost: cost(share.1, weight) };
            keys.0.insert((lane, share), place);
        }
        Ok(keys)
    }
}
