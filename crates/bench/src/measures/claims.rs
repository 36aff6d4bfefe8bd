//! What one claim costs among many jobs and many workspaces.

use anyhow::{Result, ensure};
use model::WorkerId;
use store::Store;

use crate::ground::{Ground, Kind};
use crate::load::in_turns;
use crate::ours::{Service, jobs};
use crate::raw::postgres::Bare;
use crate::report::{Goal, Measure, Report};
use crate::scale::Scale;
use crate::statistics::median;

/// How many claims a side makes in a round, of so many jobs each.
const CLAIMS: usize = 10;
const BATCH: i64 = 100;
const OTHERS: usize = 1_000;
const JOBS_OF_OTHERS: usize = 20;

/// Among a great many jobs on 10,000 hosts, each with its turns, beside 1,000 jobs.
pub async fn in_backlog(scale: &Scale, report: &mut Report) -> Result<()> {
    let kind = Kind::Postgres;
    let (name, against) = ("claim of 100 among many waiting jobs, 10,000 hosts", "among 1,000");
    let measure = Measure { name, database: kind.name(), against, unit: "ms", goal: Goal::AtMost(1.5) };
    let (full, short) = (Ground::new(kind).await?, Ground::new(kind).await?);
    let (of_full, of_short) = (Service::on(&full).await?, Service::on(&short).await?);
    jobs::fill(&of_full.store, of_full.workspace, scale.many).await?;
    full.tidy().await?;
    let few = async || {
        // Ten claims take all of them.
        jobs::fill(&of_short.store, of_short.workspace, 1_000).await?;
        short.tidy().await?;
        claims(&of_short.store, true).await
    };
    report.add(measure, in_turns(scale.rounds, async || claims(&of_full.store, true).await, few).await?);
    Ok(())
}

/// Among a thousand workspaces, one of which came first with a great many jobs: beside as many jobs of one workspace, which
/// are claimed in the order of their arrival, and beside the bare claim.
pub async fn fair(scale: &Scale, report: &mut Report) -> Result<()> {
    let kind = Kind::Postgres;
    let measure = |against, goal| Measure {
        name: "fair claim of 100 among 1,001 workspaces",
        database: kind.name(),
        against,
        unit: "ms",
        goal,
    };
    let (shared, alone, bare) = (Ground::new(kind).await?, Ground::new(kind).await?, Ground::new(kind).await?);
    let (of_many, of_one) = (Service::on(&shared).await?, Service::on(&alone).await?);
    let raw = Bare::make(&bare.postgres()?).await?;
    jobs::fill(&of_many.store, of_many.workspace, scale.backlog).await?;
    jobs::fill(&of_one.store, of_one.workspace, scale.backlog + OTHERS * JOBS_OF_OTHERS).await?;
    raw.fill(scale.backlog, 0).await?;
    for number in 1..=OTHERS {
        let workspace = of_many.workspace(&format!("bench {number}")).await?;
        jobs::fill(&of_many.store, workspace, JOBS_OF_OTHERS).await?;
        raw.fill(JOBS_OF_OTHERS, i64::try_from(number)?).await?;
    }
    for ground in [&shared, &alone, &bare] {
        ground.tidy().await?;
    }
    let fair = async || claims(&of_many.store, false).await;
    let arrival = async || claims(&of_one.store, false).await;
    report.add(
        measure("in order of arrival, one workspace", Goal::AtMost(1.2)),
        in_turns(scale.rounds, fair, arrival).await?,
    );
    let arrival = async || {
        let mut took = Vec::with_capacity(CLAIMS);
        for _ in 0..CLAIMS {
            took.push(raw.claim().await?);
        }
        Ok(median(&took))
    };
    report.add(measure("bare claim in order of arrival", Goal::None), in_turns(scale.rounds, fair, arrival).await?);
    Ok(())
}

/// The median of some claims, in milliseconds. Where hosts have their turns, a host that has just had one is passed over.
async fn claims(store: &Store, hosts_have_turns: bool) -> Result<f64> {
    let (worker, mut took) = (WorkerId::new(), Vec::with_capacity(CLAIMS));
    for _ in 0..CLAIMS {
        let (jobs, millis) = if hosts_have_turns {
            jobs::claim_politely(store, worker, BATCH).await?
        } else {
            jobs::claim(store, worker, BATCH).await?
        };
        let (claimed, fewest) = (i64::try_from(jobs.len())?, if hosts_have_turns { BATCH * 9 / 10 } else { BATCH });
        ensure!(claimed >= fewest, "{claimed} jobs were claimed, not {BATCH}");
        took.push(millis);
    }
    Ok(median(&took))
}
