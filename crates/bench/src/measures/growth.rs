//! Whether runs go as quickly in a database that has just been filled, or that has grown.

use anyhow::Result;

use crate::ground::{Ground, Kind};
use crate::load::in_turns;
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
