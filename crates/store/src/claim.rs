//! The claim: ready jobs in fair order, and of each host's line the one whose turn it is.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use model::{DocumentId, Job, Pace, Timestamp, Turn, WorkerId};
use serde_json::{Value, json};

use crate::backend::{Sql, run, statements};
use crate::jobs::{JobRow, job_columns, select_jobs};
use crate::lanes::Lanes;
use crate::rows::rows;
use crate::{Error, Store, Write};

/// Who claims, how much, and at which pace.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The worker that will own the jobs.
    pub worker: WorkerId,
    /// How many jobs at most.
    pub limit: i64,
    /// How long the lease lasts without a heartbeat.
    pub lease: Duration,
    /// How fast a host may be asked.
    pub pace: Pace,
    /// Only these documents, where somebody works for them alone.
    pub only: Option<&'a [DocumentId]>,
}

/// What a claim gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claimed {
    /// Jobs that this worker now owns.
    pub jobs: Vec<Job>,
    /// Whether another claim at once may give more.
    pub more: bool,
    /// The smallest key that was ready.
    first_key: Option<i64>,
}

/// The least that is looked at: some may have to stand in line, and `more` looks behind them.
const FEWEST_CANDIDATES: i64 = 8;

/// No suspect for a worker that has one in hand.
macro_rules! bearable {
    ($job:literal, $worker:literal) => {
        concat!(
            " AND (",
            $job,
            ".suspicion < 2 OR NOT EXISTS (
                SELECT 1 FROM jobs held WHERE held.owner = ",
            $worker,
            " AND held.state = 'running' AND held.suspicion >= 2))"
        )
    };
}

macro_rules! ready {
    () => {
        concat!(select_jobs!("WHERE j.state = 'ready' AND j.order_key >= $2"), bearable!("j", "$3"))
    };
}

/// What is ready at hosts that are not listed.
macro_rules! elsewhere {
    ($lanes:literal) => {
        concat!(
            job_columns!(),
            "(SELECT id FROM jobs WHERE state = 'ready' AND order_key >= $2 ORDER BY order_key, id LIMIT 1000) few
             JOIN jobs j ON j.id = few.id JOIN documents d ON d.id = j.document_id
             WHERE j.state = 'ready' AND j.lane NOT IN (SELECT r.value ->> 0 FROM ",
            $lanes,
            ")",
            bearable!("j", "$3")
        )
    };
}

macro_rules! head {
    ($among:literal, $rest:expr) => {
        concat!(
            "(SELECT first.id FROM jobs first WHERE first.state = 'in_line' AND first.lane = r.value ->> 0",
            $among,
            $rest,
            " ORDER BY first.line_key, first.id LIMIT 1)"
        )
    };
}

/// The first in each line that a worker may take. Where there is none, the first of all shows that the line is not empty.
macro_rules! heads {
    ($among:literal, $worker:literal) => {
        concat!(
            "JOIN jobs j ON j.id = COALESCE(",
            head!($among, bearable!("first", $worker)),
            ", ",
            head!($among, ""),
            ")
             JOIN documents d ON d.id = j.document_id"
        )
    };
}

statements! {
    READY = Sql::split(
        concat!(ready!(), " ORDER BY j.order_key, j.id LIMIT $1"),
        concat!(ready!(), " ORDER BY j.order_key, j.id LIMIT $1 FOR UPDATE OF j SKIP LOCKED"),
    );
    AMONG = Sql::split(
        concat!(
            select_jobs!("WHERE j.state = 'ready' AND j.document_id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)"),
            bearable!("j", "$3"),
            " ORDER BY j.order_key, j.id LIMIT $2"
        ),
        concat!(
            select_jobs!(
                "WHERE j.state = 'ready'
                   AND j.document_id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))"
            ),
            bearable!("j", "$3"),
            " ORDER BY j.order_key, j.id LIMIT $2 FOR UPDATE OF j SKIP LOCKED"
        ),
    );
    // Only among the first, so that a host with very many pages costs no more than that.
    ELSEWHERE = Sql::split(
        concat!(elsewhere!("jsonb_each($4) AS r"), " ORDER BY j.order_key, j.id LIMIT $1"),
        concat!(
            elsewhere!("jsonb_array_elements(CAST($4 AS jsonb)) AS r(value)"),
            " ORDER BY j.order_key, j.id LIMIT $1 FOR UPDATE OF j SKIP LOCKED"
        ),
    );
    // The lanes are locked, so nobody else takes from their lines.
    HEADS = Sql::split(
        concat!(job_columns!(), "jsonb_each($1) AS r ", heads!("", "$2")),
        concat!(job_columns!(), "jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) ", heads!("", "$2")),
    );
    LOCK_HEADS = Sql::split(
        "SELECT j.id FROM jobs j WHERE j.state = 'in_line' AND j.id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)",
        "SELECT j.id FROM jobs j WHERE j.state = 'in_line'
           AND j.id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))
         FOR UPDATE OF j SKIP LOCKED",
    );
    LINES_AMONG = Sql::split(
        "SELECT DISTINCT j.lane FROM jobs j
         WHERE j.state = 'in_line' AND j.document_id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)",
        "SELECT DISTINCT j.lane FROM jobs j WHERE j.state = 'in_line'
           AND j.document_id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))",
    );
    HEADS_AMONG = Sql::split(
        concat!(job_columns!(), "jsonb_each($1) AS r ", heads!(
            " AND first.document_id IN (SELECT r.value ->> 0 FROM jsonb_each($2) AS r)", "$3"
        )),
        concat!(job_columns!(), "jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) ", heads!(
            " AND first.document_id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($2 AS jsonb)) AS r(value))", "$3"
        )),
    );
    HOLDS = Sql::same("SELECT EXISTS (SELECT 1 FROM jobs WHERE owner = $1 AND state = 'running' AND suspicion >= 2)");
}

impl Store {
    /// Claims in a transaction of its own.
    pub async fn claim(&self, claim: &Claim<'_>) -> Result<Claimed, Error> {
        let mut write = self.write().await?;
        let started = Instant::now();
        let claimed = write.claim_from(claim, self.low_key(), self.now()).await?;
        self.low_key.learn(claimed.first_key, started);
        model::faults::reach("claim.before_commit");
        write.commit().await?;
        model::faults::reach("claim.after_commit");
        self.tally.note_claimed(claimed.jobs.len());
        Ok(claimed)
    }

    /// A key below which no job is known to be ready.
    pub(crate) fn low_key(&self) -> i64 {
        self.low_key.now()
    }
}

/// What to do with each candidate.
#[derive(Default)]
struct Plan {
    jobs: Vec<Job>,
    granted: Vec<Value>,
    /// Which of the candidates stand in line from now on.
    lined_up: Vec<usize>,
    in_line: Vec<Value>,
    held: Vec<Value>,
    has_suspect: bool,
    /// Whether suspects were left where they are, because there is one already.
    passed_by: bool,
}

impl Write {
    /// Claims ready jobs in fair order. A job whose host is busy is put in that host's line instead, and one that is paused is
    /// laid aside.
    pub async fn claim(&mut self, claim: &Claim<'_>, now: Timestamp) -> Result<Claimed, Error> {
        self.claim_from(claim, i64::MIN, now).await
    }

    async fn claim_from(&mut self, claim: &Claim<'_>, low_key: i64, now: Timestamp) -> Result<Claimed, Error> {
        self.promote(now).await?;
        let mut ready = self.ready(claim, low_key).await?;
        let first_key = ready.first().map(|row| row.order_key);
        let mut names: BTreeSet<String> = ready.iter().map(|row| row.lane.clone()).collect();
        names.extend(self.own_lines(claim).await?);
        let mut lanes = self.lanes_for_claim(names, claim.limit, &claim.pace, now).await?;
        self.look_elsewhere(claim, low_key, (&mut ready, &mut lanes), now).await?;
        let heads = self.heads(claim, &mut lanes, now).await?;
        let looked_at = ready.len() + heads.len();
        let mut candidates: Vec<JobRow> = ready.into_iter().chain(heads).collect();
        candidates.sort_unstable_by(|one, other| (one.order_key, &one.id).cmp(&(other.order_key, &other.id)));
        let holds = candidates.iter().any(JobRow::is_suspect) && self.holds_suspect(claim.worker).await?;
        let mut plan = plan(claim, (&candidates, holds), &mut lanes, now)?;
        plan.in_line = self.places_in_line(&candidates, &plan.lined_up, &mut lanes, &claim.pace, now).await?;
        let settled = plan.granted.len() + plan.in_line.len() + plan.held.len();
        let room = usize::try_from(claim.limit).unwrap_or(usize::MAX).saturating_sub(plan.jobs.len());
        // What was only moved aside hid what stands behind it.
        let more = room > 0 && (settled > plan.granted.len() || plan.passed_by) && looked_at > 0;
        self.carry_out(claim, &plan, now).await?;
        self.keep_lanes(&lanes, &claim.pace, now).await?;
        Ok(Claimed { jobs: plan.jobs, more, first_key })
    }

    async fn ready(&mut self, claim: &Claim<'_>, low_key: i64) -> Result<Vec<JobRow>, Error> {
        let worker = claim.worker.to_string();
        let Some(only) = claim.only else {
            let limit = if claim.pace.is_off() { claim.limit } else { claim.limit.max(FEWEST_CANDIDATES) };
            return Ok(run!(&mut self.tx, query_as::<JobRow>(READY), [limit, low_key, &worker], fetch_all)?);
        };
        let only = named(only);
        Ok(run!(&mut self.tx, query_as::<JobRow>(AMONG), [&only, claim.limit, &worker], fetch_all)?)
    }

    /// Where jobs stand first whose host is in somebody else's hands, there are others behind them.
    async fn look_elsewhere(
        &mut self,
        claim: &Claim<'_>,
        low_key: i64,
        (ready, lanes): (&mut Vec<JobRow>, &mut Lanes),
        now: Timestamp,
    ) -> Result<(), Error> {
        let foreign: HashSet<&str> = lanes.out_of_reach(&claim.pace, now).collect();
        let found = ready.len();
        ready.retain(|row| !foreign.contains(row.lane.as_str()));
        if ready.len() == found || claim.only.is_some() {
            return Ok(());
        }
        let (limit, worker) = (claim.limit.max(FEWEST_CANDIDATES), claim.worker.to_string());
        let foreign = rows(foreign.into_iter().map(|lane| json!([lane])));
        let binds = (limit, low_key, &worker, &foreign);
        *ready = run!(&mut self.tx, query_as::<JobRow>(ELSEWHERE), [binds.0, binds.1, binds.2, binds.3], fetch_all)?;
        let names = ready.iter().map(|row| &row.lane).filter(|lane| !lanes.has(lane)).cloned().collect();
        lanes.extend(self.free_lanes(&names, &claim.pace).await?);
        Ok(())
    }

    async fn holds_suspect(&mut self, worker: WorkerId) -> Result<bool, Error> {
        let (holds,): (bool,) = run!(&mut self.tx, query_as::<(bool,)>(HOLDS), [worker.to_string()], fetch_one)?;
        Ok(holds)
    }

    /// Where a worker for some documents has jobs in line.
    async fn own_lines(&mut self, claim: &Claim<'_>) -> Result<Vec<String>, Error> {
        let Some(only) = claim.only else { return Ok(Vec::new()) };
        let only = named(only);
        let lines: Vec<(String,)> = run!(&mut self.tx, query_as::<(String,)>(LINES_AMONG), [&only], fetch_all)?;
        Ok(lines.into_iter().map(|(lane,)| lane).collect())
    }

    /// The first of each line whose turn has come.
    async fn heads(&mut self, claim: &Claim<'_>, lanes: &mut Lanes, now: Timestamp) -> Result<Vec<JobRow>, Error> {
        let due: Vec<Value> = lanes.with_a_turn(&claim.pace, now).map(|name| json!([name])).collect();
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let (due, worker) = (rows(due), claim.worker.to_string());
        if let Some(only) = claim.only {
            let only = named(only);
            let heads = run!(&mut self.tx, query_as::<JobRow>(HEADS_AMONG), [&due, &only, &worker], fetch_all)?;
            return self.locked(heads).await;
        }
        let heads: Vec<JobRow> = run!(&mut self.tx, query_as::<JobRow>(HEADS), [&due, &worker], fetch_all)?;
        lanes.forget_empty_lines(&heads.iter().map(|row| row.lane.as_str()).collect(), &claim.pace, now);
        self.locked(heads).await
    }

    /// Those that nobody is cancelling at this moment. A claim never waits for a job, so it cannot lock anybody out.
    async fn locked(&mut self, mut heads: Vec<JobRow>) -> Result<Vec<JobRow>, Error> {
        if heads.is_empty() {
            return Ok(heads);
        }
        let named = rows(heads.iter().map(|row| json!([row.id])));
        let locked: Vec<(String,)> = run!(&mut self.tx, query_as::<(String,)>(LOCK_HEADS), [&named], fetch_all)?;
        let locked: HashSet<String> = locked.into_iter().map(|(id,)| id).collect();
        heads.retain(|row| locked.contains(&row.id));
        Ok(heads)
    }

    /// The places of those that line up: each line is shared fairly, as the whole queue is.
    async fn places_in_line(
        &mut self,
        candidates: &[JobRow],
        lined_up: &[usize],
        lanes: &mut Lanes,
        pace: &Pace,
        now: Timestamp,
    ) -> Result<Vec<Value>, Error> {
        let rows: Vec<&JobRow> = lined_up.iter().map(|place| &candidates[*place]).collect();
        let mut keys = self.keys_in_line(&rows, lanes).await?;
        let places = rows.into_iter().map(|row| {
            let key = keys.next(&row.lane, row.share()?);
            let turn = lanes.stand_in_line(&row.lane, pace, now);
            Ok(json!([row.id, turn.as_micros(), key]))
        });
        places.collect()
    }

    async fn carry_out(&mut self, claim: &Claim<'_>, plan: &Plan, now: Timestamp) -> Result<(), Error> {
        if !plan.granted.is_empty() {
            let until = now.plus(claim.lease);
            self.grant(&rows(plan.granted.iter().cloned()), claim.worker, until, now).await?;
        }
        if !plan.in_line.is_empty() {
            self.line_up(&rows(plan.in_line.iter().cloned()), now).await?;
        }
        if !plan.held.is_empty() {
            self.hold(&rows(plan.held.iter().cloned()), now).await?;
        }
        Ok(())
    }
}

/// Decides about the candidates in their fair order, for a worker that `holds` a suspect or does not.
fn plan(
    claim: &Claim<'_>,
    (candidates, holds): (&[JobRow], bool),
    lanes: &mut Lanes,
    now: Timestamp,
) -> Result<Plan, Error> {
    let mut plan = Plan { has_suspect: holds, ..Plan::default() };
    let full = |plan: &Plan| i64::try_from(plan.jobs.len()).unwrap_or(i64::MAX) >= claim.limit;
    for (place, row) in candidates.iter().enumerate() {
        if row.paused {
            plan.held.push(json!([row.id]));
            continue;
        }
        if full(&plan) {
            break;
        }
        if row.is_suspect() && plan.has_suspect {
            plan.passed_by |= !holds;
            continue;
        }
        match lanes.take_turn(&row.lane, &claim.pace, now) {
            // Somebody else gives that host's turns out at this moment.
            None => {}
            Some(Turn::Run(start_at)) => {
                plan.has_suspect |= row.is_suspect();
                if row.in_line() {
                    lanes.serve(&row.lane, row.line_key);
                }
                plan.granted.push(json!([row.id]));
                plan.jobs.push(row.job(row.attempt + 1, start_at)?);
            }
            Some(Turn::Wait) if row.in_line() => {}
            Some(Turn::Wait) => plan.lined_up.push(place),
        }
    }
    Ok(plan)
}

fn named(documents: &[DocumentId]) -> String {
    rows(documents.iter().map(|document| json!([document.to_string()])))
}
