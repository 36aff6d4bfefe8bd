//! Whether runs go as quickly in a database that has just been filled, or that has grown; and whether it grows by what is over.

use anyhow::Result;

use crate::ground::{Ground, Kind};
use crate::load::{Compared, in_turns};
use crate::ours::{Service, history, jobs, worker};
use crate::raw;
use crate::report::{Goal, Measure, Report};
use crate::scale::Scale;

/// Nobody but us may look at the tables: a database that is analysed in the background is not what is measured.
const NO_AUTOVACUUM: &str = "DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = false)', name);
    END LOOP;
END $$";

/// Right after many jobs were queued, before the database has learnt of them.
pub async fn without_analyze(scale: &Scale, report: &mut Report) -> Result<()> {
    let kind = Kind::Postgres;
    let (name, against) = ("runs after a bulk insert, not analysed", "analysed");
    let goal = Goal::AtLeast(0.9, 0.9);
    let measure = Measure { name, database: kind.name(), against, unit: "runs/s", goal };
    let side = async |analyze| {
        let ground = Ground::new(kind).await?;
        let service = Service::on(&ground).await?;
        let client = raw::postgres::connect(&ground.postgres()?).await?;
        client.batch_execute(NO_AUTOVACUUM).await?;
        jobs::fill(&service.store, service.workspace, usize::try_from(scale.jobs)?).await?;
        if analyze {
            client.batch_execute("ANALYZE").await?;
        }
        worker::drain(&service.store, service.workspace, scale.jobs).await
    };
    report.add(measure, in_turns(scale.rounds, async || side(false).await, async || side(true).await).await?);
    Ok(())
}

/// Where a great many documents were finished before.
pub async fn beside_finished(scale: &Scale, report: &mut Report) -> Result<()> {
    let kind = Kind::Postgres;
    let (name, against) = ("runs beside many finished documents", "in an empty database");
    let goal = Goal::AtLeast(0.9, 0.95);
    let measure = Measure { name, database: kind.name(), against, unit: "runs/s", goal };
    let (grown, empty) = (Ground::new(kind).await?, Ground::new(kind).await?);
    let (of_grown, of_empty) = (Service::on(&grown).await?, Service::on(&empty).await?);
    history::finished(&grown, &of_grown, scale.many).await?;
    let side = async |ground: &Ground, service: &Service| {
        jobs::fill(&service.store, service.workspace, usize::try_from(scale.jobs)?).await?;
        ground.tidy().await?;
        worker::drain(&service.store, service.workspace, scale.jobs).await
    };
    let compared =
        in_turns(scale.rounds, async || side(&grown, &of_grown).await, async || side(&empty, &of_empty).await).await?;
    report.add(measure, compared);
    Ok(())
}

/// How many jobs wait at a time while very many are run.
const AT_A_TIME: usize = 20_000;
/// The part of them, one in so many, after which the database is as large as it has to be.
const SETTLED: usize = 5;

/// How large the hot table is after a great many runs, or on SQLite the log of what was written.
pub async fn bloat(scale: &Scale, report: &mut Report) -> Result<()> {
    for kind in Kind::ALL {
        let (name, against) = match kind {
            Kind::Postgres => ("table of live jobs after a great many runs", "after a fifth of them"),
            Kind::Sqlite => ("write-ahead log after a great many runs", "after a fifth of them"),
        };
        let measure = Measure { name, database: kind.name(), against, unit: "MB", goal: Goal::AtMost(1.5) };
        let ground = Ground::new(kind).await?;
        let service = Service::on(&ground).await?;
        let mut worker = worker::Worker::start(&service.store).await?;
        let (mut run, mut early) = (0, None);
        while run < scale.many {
            jobs::fill(&service.store, service.workspace, AT_A_TIME).await?;
            for _ in 0..AT_A_TIME {
                worker.next_start().await?;
            }
            run += AT_A_TIME;
            if early.is_none() && run * SETTLED >= scale.many {
                early = Some(hot_megabytes(&ground).await?);
            }
        }
        let late = hot_megabytes(&ground).await?;
        worker.stop().await?;
        report.add(measure, Compared::with(late, early.unwrap_or(late)));
    }
    Ok(())
}

async fn hot_megabytes(ground: &Ground) -> Result<f64> {
    let bytes: i64 = match ground.url() {
        Some(url) => {
            let client = raw::postgres::connect(&url).await?;
            client.query_one("SELECT pg_total_relation_size('jobs')", &[]).await?.get(0)
        }
        None => i64::try_from(std::fs::metadata(ground.sqlite().with_extension("db-wal"))?.len())?,
    };
    // Megabytes, to a thousandth: no rounding that matters.
    Ok(f64::from(i32::try_from(bytes / 1_000)?) / 1_000.0)
}
