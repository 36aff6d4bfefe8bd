//! Why a live job waits, as the rows around it tell: its own, its host's line, the pauses over it, and the workers.

use std::time::Duration;

use model::job::JobState;
use model::waiting::{Line, Situation};
use model::{Timestamp, WaitCode, Waiting};

use crate::Error;
use crate::by_place::by_place;
use crate::columns::word;

/// The columns of a [`Standing`], of a job `j`.
macro_rules! standing_columns {
    () => {
        "j.id AS job_id, j.state AS job_state, j.lease_until, j.run_at, j.since, j.wait_code, j.wait_text, j.lane,
         l.gap AS lane_gap, l.next_start AS lane_next_start,
         COALESCE(pw.reason, pl.reason) AS pause_reason, COALESCE(pw.since, pl.since) AS paused_since,
         (SELECT MAX(seen_at) FROM workers) AS worker_seen "
    };
}

/// The rows around a job `j`.
macro_rules! standing_joins {
    () => {
        " LEFT JOIN lanes l ON l.name = j.lane AND j.state = 'in_line'
          LEFT JOIN pauses pw ON pw.kind = 'workspace' AND pw.name = j.workspace_id AND NOT pw.ending
          LEFT JOIN pauses pl ON pl.kind = 'lane' AND pl.name = j.lane AND NOT pl.ending "
    };
}
pub(crate) use {standing_columns, standing_joins};

by_place! {
    /// What is known of a live job; all of it is missing where there is none.
    #[derive(Default)]
    pub(crate) struct Standing {
        pub(crate) job_id: Option<String>,
        job_state: Option<String>,
        lease_until: Option<i64>,
        run_at: Option<i64>,
        since: Option<i64>,
        wait_code: Option<String>,
        wait_text: Option<String>,
        pub(crate) lane: Option<String>,
        lane_gap: Option<i64>,
        lane_next_start: Option<i64>,
        pause_reason: Option<String>,
        paused_since: Option<i64>,
        worker_seen: Option<i64>,
    }
}

impl Standing {
    pub(crate) fn state(&self) -> Result<Option<JobState>, Error> {
        self.job_state.as_deref().map(word).transpose()
    }

    /// Why the job waits; `None` when it does not.
    pub(crate) fn waiting(&self, now: Timestamp) -> Result<Option<Waiting>, Error> {
        let Some((state, since)) = self.state()?.zip(self.since) else { return Ok(None) };
        let situation = Situation {
            state,
            lease_until: self.lease_until.map(Timestamp::from_micros),
            put_off: self.wait_code.as_deref().map(word::<WaitCode>).transpose()?.zip(self.wait_text.clone()),
            since: Timestamp::from_micros(since),
            paused: self.pause_reason.clone().zip(self.paused_since.map(Timestamp::from_micros)),
            line: self.line(),
            worker_seen: self.worker_seen.map(Timestamp::from_micros),
            now,
        };
        Ok(situation.waiting())
    }

    /// When a job that waits for its time may run; about when, for one that stands in line.
    pub(crate) fn next_attempt_at(&self) -> Result<Option<Timestamp>, Error> {
        let has_time = matches!(self.state()?, Some(JobState::Delayed | JobState::InLine));
        // Who stands in line was told about when; the host may have asked for a rest since.
        let at = self.run_at.filter(|_| has_time).map(|at| at.max(self.lane_next_start.unwrap_or(at)));
        Ok(at.map(Timestamp::from_micros))
    }

    fn line(&self) -> Option<Line> {
        let (gap, next_start) = self.lane_gap.zip(self.lane_next_start)?;
        Some(Line {
            host: self.lane.clone()?,
            gap: Duration::from_micros(u64::try_from(gap).unwrap_or(0)),
            next_start: Timestamp::from_micros(next_start),
        })
    }
}
