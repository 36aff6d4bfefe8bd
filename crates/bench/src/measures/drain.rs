//! How close running jobs comes to the bare statements.

use anyhow::Result;

use crate::ground::{Ground, Kind};
use crate::load::in_turns;
use crate::ours::{Service, jobs, worker};
use crate::raw;
use crate::report::{Goal, Measure, Report};
use crate::scale::Scale;

/// Runs that do nothing: claimed, shown in progress, ended with a result.
pub async fn take(scale: &Scale, report: &mut Report) -> Result<()> {
    for kind in Kind::ALL {
        let measure = Measure {
            name: "runs that do nothing",
            database: kind.name(),
            against: "bare lease and finish by 100",
            unit: "runs/s",
            goal: Goal::AtLeast(0.60, 0.80),
        };
        let (ground, bare_ground) = (Ground::new(kind).await?, Ground::new(kind).await?);
        let service = Service::on(&ground).await?;
        let ours = async || {
            jobs::fill(&service.store, service.workspace, usize::try_from(scale.jobs)?).await?;
            ground.tidy().await?;
            worker::drain(&service.store, service.workspace, scale.jobs).await
        };
        let compared = match kind {
            Kind::Postgres => {
                let bare = raw::postgres::Bare::make(&bare_ground.postgres()?).await?;
                in_turns(scale.rounds, ours, async || bare.drain(scale.jobs).await).await?
            }
            Kind::Sqlite => {
                let bare = raw::sqlite::Bare::make(bare_ground.folder())?;
                in_turns(scale.rounds, ours, async || bare.drain(scale.jobs)).await?
            }
        };
        report.add(measure, compared);
    }
    Ok(())
}
