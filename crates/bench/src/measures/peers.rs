//! Other queues: ours does more for each job, a document, a state that shows and a kept text.

use anyhow::Result;
use serde_json::{Value, json};

use crate::ground::{Ground, Kind};
use crate::load::{Crew, in_turns};
use crate::ours::{Service, callers, jobs, worker};
use crate::peers::{Absent, Peer, Peers};
use crate::report::{Goal, Measure, Report};
use crate::scale::Scale;

/// Which one, and how it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Graphile,
    GraphileBatched,
    PgBoss,
    Apalis,
    ApalisSqlite,
}

/// What both sides do.
#[derive(Debug, Clone, Copy)]
enum What {
    /// Calls with so many rows by so many clients.
    Queue {
        clients: usize,
        rows: usize,
    },
    Run,
}

const THOUSAND: What = What::Queue { clients: 2, rows: 1_000 };
const SINGLE: What = What::Queue { clients: 1, rows: 1 };

/// Every row: whom, what, how the row reads, and the goal.
const ROWS: [(Which, What, &str, Goal); 13] = [
    (Which::Graphile, THOUSAND, "graphile-worker, addJobs", Goal::None),
    (Which::PgBoss, THOUSAND, "pg-boss, insert", Goal::None),
    (Which::Apalis, THOUSAND, "apalis-postgres, push_bulk", Goal::AtLeast(1.5, 2.0)),
    (Which::Graphile, SINGLE, "graphile-worker, addJob", Goal::None),
    (Which::PgBoss, SINGLE, "pg-boss, send", Goal::None),
    (Which::Apalis, SINGLE, "apalis-postgres, push", Goal::AtLeast(1.5, 2.0)),
    (Which::Graphile, What::Run, "graphile-worker, default, 24 at once", Goal::None),
    (Which::GraphileBatched, What::Run, "graphile-worker, batched, keeps nothing", Goal::AtLeast(0.95, 1.25)),
    (Which::PgBoss, What::Run, "pg-boss, fetch and complete by 100", Goal::None),
    (Which::Apalis, What::Run, "apalis-postgres, by 100", Goal::AtLeast(3.3, 4.4)),
    (Which::ApalisSqlite, THOUSAND, "apalis-sqlite, push_bulk", Goal::None),
    (Which::ApalisSqlite, SINGLE, "apalis-sqlite, push", Goal::None),
    (Which::ApalisSqlite, What::Run, "apalis-sqlite, by 100", Goal::AtLeast(30.0, 30.0)),
];

impl Which {
    const fn kind(self) -> Kind {
        if matches!(self, Self::ApalisSqlite) { Kind::Sqlite } else { Kind::Postgres }
    }

    /// apalis-sqlite runs some hundred jobs a second, and now and then waits for seconds: a tenth of the jobs is enough.
    fn scale(self, scale: &Scale) -> Scale {
        Scale { jobs: if matches!(self, Self::ApalisSqlite) { scale.jobs / 10 } else { scale.jobs }, ..*scale }
    }

    async fn start(self, peers: &Peers, ground: &Ground) -> Result<Peer, Absent> {
        let url = ground.url().unwrap_or_default();
        match self {
            Self::Graphile => peers.graphile(&url, "default").await,
            Self::GraphileBatched => peers.graphile(&url, "batched").await,
            Self::PgBoss => peers.pg_boss(&url).await,
            Self::Apalis => peers.apalis("postgres", &url).await,
            Self::ApalisSqlite => {
                let file = ground.folder().join("apalis.db");
                peers.apalis("sqlite", &file.to_string_lossy()).await
            }
        }
    }
}

impl What {
    const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Queue { rows: 1, .. } => ("POST of 1 URL, 1 client", "calls/s"),
            Self::Queue { .. } => ("POST of 1,000 URLs, 2 clients", "rows/s"),
            Self::Run => ("runs that do nothing", "runs/s"),
        }
    }

    fn command(self, scale: &Scale) -> Value {
        match self {
            Self::Queue { clients, rows } => {
                json!({ "do": "enqueue", "clients": clients, "rows": rows, "seconds": scale.slice.as_secs_f64() })
            }
            Self::Run => json!({ "do": "drain", "jobs": scale.jobs }),
        }
    }
}

/// All of them.
pub async fn take(scale: &Scale, peers: &Peers, report: &mut Report) -> Result<()> {
    for (which, what, against, goal) in ROWS {
        let scale = &which.scale(scale);
        let (name, unit) = what.name();
        let measure = Measure { name, database: which.kind().name(), against, unit, goal };
        let (ground, other) = (Ground::new(which.kind()).await?, Ground::new(which.kind()).await?);
        let mut peer = match which.start(peers, &other).await {
            Ok(peer) => peer,
            Err(why) => {
                why.mark(measure, report);
                continue;
            }
        };
        let service = Service::on(&ground).await?;
        let command = what.command(scale);
        let theirs = async || peer.rate(&command).await;
        let compared = match what {
            What::Queue { clients, rows } => {
                let mut crew: Crew = callers::posters(&service, clients, rows).await?;
                in_turns(scale.rounds, async || crew.rate(scale.slice).await, theirs).await
            }
            What::Run => in_turns(scale.rounds, async || run(scale, &ground, &service).await, theirs).await,
        };
        match compared {
            Ok(compared) => report.add(measure, compared),
            Err(error) => report.missing(measure, &error.to_string()),
        }
    }
    Ok(())
}

async fn run(scale: &Scale, ground: &Ground, service: &Service) -> Result<f64> {
    jobs::fill(&service.store, service.workspace, usize::try_from(scale.jobs)?).await?;
    ground.tidy().await?;
    worker::drain(&service.store, service.workspace, scale.jobs).await
}
