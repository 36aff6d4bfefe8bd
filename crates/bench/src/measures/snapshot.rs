//! What a snapshot that somebody holds does to claims: dead rows cannot be cleared away while it lasts.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use model::{WorkerId, WorkspaceId};
use store::Store;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::ground::{Ground, Kind};
use crate::load::Compared;
use crate::ours::{Service, jobs};
use crate::raw;
use crate::report::{Goal, Measure, Report};
use crate::scale::Scale;
use crate::statistics::median;

/// 1,500 a second.
const TICK: Duration = Duration::from_millis(50);
const A_TICK: usize = 75;
const CONSUMERS: usize = 2;
const BATCH: i64 = 20;
/// How long the claims are watched at the beginning and at the end.
const WINDOW: Duration = Duration::from_secs(10);

/// When each claim was made, and how many milliseconds it took.
type Claims = Arc<Mutex<Vec<(Instant, f64)>>>;

/// At the end of a long hold beside the time before it, at a steady rate.
pub async fn take(scale: &Scale, report: &mut Report) -> Result<()> {
    let kind = Kind::Postgres;
    let (name, against) = ("claim under a held snapshot at 1,500 runs/s, p50", "before it was held");
    let measure = Measure { name, database: kind.name(), against, unit: "ms", goal: Goal::AtMost(3.0) };
    let ground = Ground::new(kind).await?;
    let service = Service::on(&ground).await?;
    let (claims, mut running) = (Claims::default(), JoinSet::new());
    running.spawn(feed(service.store.clone(), service.workspace));
    for _ in 0..CONSUMERS {
        running.spawn(consume(service.store.clone(), claims.clone()));
    }
    let window = WINDOW.min(scale.hold / 2);
    let held = async {
        sleep(window * 2).await;
        let fresh = recent(&claims, window);
        let holder = raw::postgres::connect(&ground.postgres()?).await?;
        holder.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM jobs").await?;
        sleep(scale.hold).await;
        let held = recent(&claims, window);
        holder.batch_execute("ROLLBACK").await?;
        anyhow::Ok((fresh, held))
    };
    let (fresh, held) = tokio::select! {
        found = held => found?,
        ended = running.join_next() => anyhow::bail!("the load ended: {:?}", ended.context("there is some")??),
    };
    let waiting = service.store.glance().await?.live_jobs(service.workspace).await?;
    eprintln!("  {waiting} jobs waited at the end");
    report.add(measure, Compared::with(median(&held), median(&fresh)));
    Ok(())
}

fn recent(claims: &Claims, window: Duration) -> Vec<f64> {
    let claims = claims.lock().unwrap_or_else(PoisonError::into_inner);
    claims.iter().filter(|(at, _)| at.elapsed() < window).map(|(_, millis)| *millis).collect()
}

async fn feed(store: Store, workspace: WorkspaceId) -> Result<()> {
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    loop {
        tick.tick().await;
        jobs::queue(&store, workspace, A_TICK).await?;
    }
}

async fn consume(store: Store, claims: Claims) -> Result<()> {
    let worker = WorkerId::new();
    loop {
        let (claimed, millis) = jobs::claim(&store, worker, BATCH).await?;
        if claimed.is_empty() {
            sleep(Duration::from_millis(5)).await;
            continue;
        }
        claims.lock().unwrap_or_else(PoisonError::into_inner).push((Instant::now(), millis));
        jobs::finish(&store, worker, claimed).await?;
    }
}
