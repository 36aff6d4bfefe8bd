//! How close POST comes to the bare transaction.

use anyhow::Result;

use super::Scale;
use crate::ground::{Ground, Kind};
use crate::load::{Crew, in_turns};
use crate::ours::{Service, callers};
use crate::raw;
use crate::report::{Goal, Measure, Report};

/// Many URLs a call, few callers.
pub async fn many(scale: &Scale, report: &mut Report) -> Result<()> {
    let (name, against) = ("POST of 1,000 URLs, 2 clients", "bare transaction of 1,000");
    for kind in Kind::ALL {
        let goal = Goal::AtLeast(0.85, 0.92);
        let measure = Measure { name, database: kind.name(), against, unit: "rows/s", goal };
        compare(scale, report, measure, kind, (2, 1_000)).await?;
    }
    Ok(())
}

/// One URL a call, many callers.
pub async fn one(scale: &Scale, report: &mut Report) -> Result<()> {
    let (name, against) = ("POST of 1 URL, 16 clients", "bare transaction of 1");
    for kind in Kind::ALL {
        let goal = Goal::AtLeast(0.65, 0.80);
        let measure = Measure { name, database: kind.name(), against, unit: "calls/s", goal };
        compare(scale, report, measure, kind, (16, 1)).await?;
    }
    Ok(())
}

async fn compare(
    scale: &Scale,
    report: &mut Report,
    measure: Measure,
    kind: Kind,
    (clients, rows): (usize, usize),
) -> Result<()> {
    let (ground, bare_ground) = (Ground::new(kind).await?, Ground::new(kind).await?);
    let service = Service::on(&ground).await?;
    let mut ours = callers::posters(&service, clients, rows).await?;
    let mut bare: Crew = match kind {
        Kind::Postgres => raw::postgres::Bare::make(&bare_ground.postgres()?).await?.enqueuers(clients, rows).await?,
        Kind::Sqlite => raw::sqlite::Bare::make(bare_ground.folder())?.enqueuer(rows)?,
    };
    let compared =
        in_turns(scale.rounds, async || ours.rate(scale.slice).await, async || bare.rate(scale.slice).await).await?;
    report.add(measure, compared);
    Ok(())
}
