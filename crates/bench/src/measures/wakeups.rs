//! What waking workers of other processes costs those who queue.

use anyhow::Result;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::{WorkerId, WorkspaceId};
use store::Store;

use super::Scale;
use crate::ground::{Ground, Kind};
use crate::load::{Crew, Work, in_turns};
use crate::ours::{Service, jobs};
use crate::report::{Goal, Measure, Report};

const WRITERS: usize = 16;

/// With and without, by 16 writers.
pub async fn take(scale: &Scale, report: &mut Report) -> Result<()> {
    let kind = Kind::Postgres;
    let (name, against) = ("queueing with wake-ups, 16 writers", "without");
    let goal = Goal::AtLeast(0.95, 0.95);
    let measure = Measure { name, database: kind.name(), against, unit: "calls/s", goal };
    let ground = Ground::new(kind).await?;
    let service = Service::on(&ground).await?;
    // A worker of another process: it is known, and hears, but it takes no job, which would cost more than a wake-up.
    let other = service.neighbour(&ground).await?;
    let worker = WorkerId::new();
    other.worker_is_alive(worker, "bench", true).await?;
    let hearing = tokio::spawn(async move { other.bell().hear(worker).await });
    let writer = || Writer { store: service.store.clone(), workspace: service.workspace };
    let (mut with, mut without) =
        (Crew::new((0..WRITERS).map(|_| writer())), Crew::new((0..WRITERS).map(|_| writer())));
    let quiet = async || {
        // While a worker of this process waits, no other process is told.
        let _waiting = service.store.bell().listen();
        without.rate(scale.slice).await
    };
    let compared = in_turns(scale.rounds, async || with.rate(scale.slice).await, quiet).await?;
    hearing.abort();
    report.add(measure, compared);
    Ok(())
}

struct Writer {
    store: Store,
    workspace: WorkspaceId,
}

impl Work for Writer {
    fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
        async {
            jobs::queue(&self.store, self.workspace, 1).await?;
            Ok(1)
        }
        .boxed()
    }
}
