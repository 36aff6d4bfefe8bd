//! What reading over HTTP costs beside the bare statement.

use anyhow::Result;
use model::WorkerId;

use crate::ground::{Ground, Kind};
use crate::load::{Crew, in_turns};
use crate::ours::{Service, bare_list, callers, jobs};
use crate::raw;
use crate::report::{Goal, Measure, Report};
use crate::scale::Scale;

/// How many documents there are to read.
const DOCUMENTS: usize = 5_000;
const CLIENTS: usize = 8;

/// One document.
pub async fn get(scale: &Scale, report: &mut Report) -> Result<()> {
    for kind in Kind::ALL {
        let goal = match kind {
            Kind::Postgres => Goal::AtLeast(0.35, 0.45),
            // A call inside our own process crosses no wire at all; it is no yardstick for an answer over HTTP.
            Kind::Sqlite => Goal::None,
        };
        let (name, against) = ("GET of a document, 8 clients", "bare point select");
        let measure = Measure { name, database: kind.name(), against, unit: "calls/s", goal };
        let (ground, bare_ground) = (Ground::new(kind).await?, Ground::new(kind).await?);
        let service = finished_documents(&ground).await?;
        let mut ours = callers::getters(&service, CLIENTS).await?;
        let mut bare = match kind {
            Kind::Postgres => {
                let bare = raw::postgres::Bare::make(&bare_ground.postgres()?).await?;
                bare.drain(u32::try_from(DOCUMENTS)?).await?;
                bare.getters(CLIENTS).await?
            }
            Kind::Sqlite => {
                let bare = raw::sqlite::Bare::make(bare_ground.folder())?;
                bare.drain(u32::try_from(DOCUMENTS)?)?;
                bare.getters(CLIENTS)?
            }
        };
        take(scale, report, measure, (&mut ours, &mut bare)).await?;
    }
    Ok(())
}

/// A page of 50.
pub async fn list(scale: &Scale, report: &mut Report) -> Result<()> {
    for kind in Kind::ALL {
        let (name, against) = ("list of 50, 8 clients", "the same rows by one bare select");
        let goal = if kind == Kind::Postgres { Goal::AtLeast(0.7, 0.7) } else { Goal::None };
        let measure = Measure { name, database: kind.name(), against, unit: "calls/s", goal };
        let ground = Ground::new(kind).await?;
        let service = finished_documents(&ground).await?;
        let mut ours = callers::listers(&service, CLIENTS).await?;
        let mut bare = bare_list::listers(&ground, &service, CLIENTS).await?;
        take(scale, report, measure, (&mut ours, &mut bare)).await?;
    }
    Ok(())
}

async fn take(scale: &Scale, report: &mut Report, measure: Measure, sides: (&mut Crew, &mut Crew)) -> Result<()> {
    let (ours, bare) = sides;
    let compared =
        in_turns(scale.rounds, async || ours.rate(scale.slice).await, async || bare.rate(scale.slice).await).await?;
    report.add(measure, compared);
    Ok(())
}

async fn finished_documents(ground: &Ground) -> Result<Service> {
    let service = Service::on(ground).await?;
    jobs::fill(&service.store, service.workspace, DOCUMENTS).await?;
    let worker = WorkerId::new();
    loop {
        let (claimed, _) = jobs::claim(&service.store, worker, 100).await?;
        if claimed.is_empty() {
            break;
        }
        jobs::finish(&service.store, worker, claimed).await?;
    }
    ground.tidy().await?;
    Ok(service)
}
