//! Turns outside a claim. On PostgreSQL each is one statement that commits by itself: a process that held a lock while it froze
//! would hold up all others at that host, and those behind it in turn.

use std::time::Duration;

use model::{Lane, Pace, Timestamp};
use serde_json::json;

use crate::backend::{Pools, Touched, over_rows, run, statements};
use crate::lanes::{fields, look, micros, open};
use crate::rows::rows;
use crate::{Error, Store};

statements! {
    // What has changed since it was read is read again.
    KEEP_UNLESS_CHANGED = over_rows!(
        "UPDATE lanes SET crawl_delay = CAST(r.value -> 1 ->> 0 AS BIGINT), next_start = CAST(r.value -> 1 ->> 1 AS BIGINT),
                tail = CAST(r.value -> 1 ->> 2 AS BIGINT), strain = CAST(r.value -> 1 ->> 3 AS BIGINT),
                strained_at = CAST(r.value -> 1 ->> 4 AS BIGINT), day = CAST(r.value -> 1 ->> 5 AS BIGINT),
                spent = CAST(r.value -> 1 ->> 6 AS BIGINT), gap = CAST(r.value ->> 2 AS BIGINT)
         FROM",
        "WHERE lanes.name = r.value ->> 0 AND lanes.crawl_delay = CAST(r.value -> 3 ->> 0 AS BIGINT)
           AND lanes.next_start = CAST(r.value -> 3 ->> 1 AS BIGINT) AND lanes.tail = CAST(r.value -> 3 ->> 2 AS BIGINT)
           AND lanes.strain = CAST(r.value -> 3 ->> 3 AS BIGINT) AND lanes.strained_at = CAST(r.value -> 3 ->> 4 AS BIGINT)
           AND lanes.day = CAST(r.value -> 3 ->> 5 AS BIGINT) AND lanes.spent = CAST(r.value -> 3 ->> 6 AS BIGINT)"
    );
}

impl Store {
    /// Takes the next turn of a host for one more request of a running job, and says when that is.
    pub async fn reserve_turn(&self, lane: &str, pace: &Pace) -> Result<Timestamp, Error> {
        let now = self.now();
        self.at_lane(lane, pace, now, |lane| lane.reserve(pace, now)).await
    }

    /// Notes that a host suffers, so that it is asked less often for a while, and not before the time that it asked for.
    pub async fn ease_lane(&self, lane: &str, until: Option<Timestamp>, pace: &Pace) -> Result<(), Error> {
        let now = self.now();
        let ease = |lane: &mut Lane| {
            lane.show_strain(pace, now);
            if let Some(until) = until {
                lane.rest(until);
            }
        };
        self.at_lane(lane, pace, now, ease).await
    }

    /// Lets nobody ask in a lane before `until`, and thinks no worse of it.
    pub async fn rest_lane(&self, lane: &str, until: Timestamp, pace: &Pace) -> Result<(), Error> {
        self.at_lane(lane, pace, self.now(), |lane| lane.rest(until)).await
    }

    /// Keeps the Crawl-delay that a host's robots.txt asks for; zero when it asks for none.
    pub async fn set_crawl_delay(&self, lane: &str, delay: Duration, pace: &Pace) -> Result<(), Error> {
        self.at_lane(lane, pace, self.now(), |lane| lane.crawl_delay = delay).await
    }

    /// Ends a rest that a host asked for, and its strain: somebody knows that it bears requests again. Says whether it had any.
    pub async fn end_rest(&self, lane: &str, pace: &Pace) -> Result<bool, Error> {
        let now = self.now();
        let end = |lane: &mut Lane| {
            let had_any = lane.next_start > now.plus(lane.gap(pace, now)) || lane.strain_at(now) > 0;
            lane.strain = 0;
            // What was asked a moment ago still has its gap.
            lane.next_start = lane.next_start.min(now.plus(lane.gap(pace, now)));
            had_any
        };
        self.at_lane(lane, pace, now, end).await
    }

    async fn at_lane<T: Send>(
        &self,
        name: &str,
        pace: &Pace,
        now: Timestamp,
        change: impl Fn(&mut Lane) -> T + Send,
    ) -> Result<T, Error> {
        if matches!(self.pools, Pools::Sqlite { .. }) {
            let mut write = self.write().await?;
            let changed = write.at_lane(name, pace, now, change).await?;
            write.commit().await?;
            return Ok(changed);
        }
        let named = rows([json!([name])]);
        loop {
            let mut tx = self.pools.stroke().await?;
            let Some(mut lane) = look(&mut tx, &named).await? else {
                open(&mut tx, &named).await?;
                continue;
            };
            let before = fields(&lane);
            let changed = change(&mut lane);
            let after = fields(&lane);
            let gap = micros(lane.gap(pace, now));
            let kept = rows([json!([name, after, gap, before])]);
            let kept: Touched = run!(&mut tx, query(KEEP_UNLESS_CHANGED), [&kept], execute)?;
            if kept.0 > 0 {
                return Ok(changed);
            }
        }
    }
}
