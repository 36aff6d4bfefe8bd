//! Bare PostgreSQL: prepared statements by the plain driver, one round trip a transaction.

use std::time::Instant;

use anyhow::{Context, Result};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

use super::RESULT;
use crate::load::{Crew, Work};
use crate::pages;

const SCHEMA: &str = r#"
CREATE TABLE documents (
    id         UUID        NOT NULL PRIMARY KEY,
    workspace  BIGINT      NOT NULL,
    url        TEXT COLLATE "C" NOT NULL,
    status     SMALLINT    NOT NULL DEFAULT 0,
    result     TEXT,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    UNIQUE (workspace, url)
);
CREATE TABLE jobs (
    id          BIGINT      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document    UUID        NOT NULL,
    workspace   BIGINT      NOT NULL,
    state       SMALLINT    NOT NULL DEFAULT 0,
    attempt     SMALLINT    NOT NULL DEFAULT 0,
    owner       UUID,
    lease_until TIMESTAMPTZ,
    created_at  TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX jobs_ready ON jobs (id) WHERE state = 0;
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 1;
CREATE UNIQUE INDEX jobs_in_flight ON jobs (document) WHERE state IN (0, 1);
"#;

const ENQUEUE_MANY: &str = "
WITH saved AS (
    INSERT INTO documents (id, workspace, url) SELECT id, $3, url FROM unnest($1::uuid[], $2::text[]) AS row (id, url)
    ON CONFLICT (workspace, url) DO UPDATE SET updated_at = now() RETURNING id
)
INSERT INTO jobs (document, workspace) SELECT id, $3 FROM saved ON CONFLICT DO NOTHING";

const ENQUEUE_ONE: &str = "
WITH saved AS (
    INSERT INTO documents (id, workspace, url) VALUES ($1, $3, $2)
    ON CONFLICT (workspace, url) DO UPDATE SET updated_at = now() RETURNING id
)
INSERT INTO jobs (document, workspace) SELECT id, $3 FROM saved ON CONFLICT DO NOTHING";

const LEASE: &str = "
WITH next AS (SELECT id FROM jobs WHERE state = 0 ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED),
leased AS (
    UPDATE jobs SET state = 1, owner = $2, lease_until = now() + INTERVAL '30 s', attempt = attempt + 1
    FROM next WHERE jobs.id = next.id RETURNING jobs.id, jobs.document
),
shown AS (UPDATE documents SET status = 1, updated_at = now() FROM leased WHERE documents.id = leased.document)
SELECT id FROM leased";

/// The claim alone, with what a worker needs to know, in order of arrival.
const CLAIM: &str = "
WITH next AS (SELECT id FROM jobs WHERE state = 0 ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
UPDATE jobs SET state = 1, owner = $2, lease_until = now() + INTERVAL '30 s', attempt = attempt + 1
FROM next, documents WHERE jobs.id = next.id AND documents.id = jobs.document RETURNING jobs.id, documents.url";

const FINISH: &str = "
WITH done AS (DELETE FROM jobs WHERE id = ANY($1) AND owner = $2 AND state = 1 RETURNING document)
UPDATE documents SET status = 2, result = $3, updated_at = now() FROM done WHERE documents.id = done.document";

const GET: &str = "SELECT id, url, status, result, updated_at FROM documents WHERE id = $1";

/// A database with the bare tables.
pub struct Bare {
    url: String,
    client: Client,
}

/// Opens a connection.
pub async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

impl Bare {
    /// Makes the tables in an empty database.
    pub async fn make(url: &str) -> Result<Self> {
        let client = connect(url).await?;
        client.batch_execute(SCHEMA).await?;
        Ok(Self { url: url.to_owned(), client })
    }

    /// Connections that queue so many rows a transaction.
    pub async fn enqueuers(&self, connections: usize, rows: usize) -> Result<Crew> {
        let mut crew = Vec::new();
        for _ in 0..connections {
            crew.push(Enqueuer::new(connect(&self.url).await?, rows, 1).await?);
        }
        Ok(Crew::new(crew))
    }

    /// Connections that read documents by id. There must be some.
    pub async fn getters(&self, connections: usize) -> Result<Crew> {
        let ids = self.client.query("SELECT id FROM documents LIMIT 10000", &[]).await?;
        let ids: Vec<Uuid> = ids.iter().map(|row| row.get(0)).collect();
        let mut crew = Vec::new();
        for place in 0..connections {
            let client = connect(&self.url).await?;
            let get = client.prepare(GET).await?;
            crew.push(Getter { client, get, ids: ids.clone(), place: place * 997 });
        }
        Ok(Crew::new(crew))
    }

    /// Queues so many jobs of one workspace.
    pub async fn fill(&self, jobs: usize, workspace: i64) -> Result<()> {
        let mut enqueuer = Enqueuer::new(connect(&self.url).await?, jobs.min(1_000), workspace).await?;
        let mut left = jobs;
        while left > 0 {
            left = left.saturating_sub(usize::try_from(enqueuer.once().await?)?);
        }
        Ok(())
    }

    /// Runs so many jobs to their end by batches of 100 on four connections, and says how many a second that were.
    pub async fn drain(&self, jobs: u32) -> Result<f64> {
        self.fill(usize::try_from(jobs)?, 1).await?;
        self.client.batch_execute("VACUUM (ANALYZE) jobs, documents").await?;
        let mut running = JoinSet::new();
        for _ in 0..4 {
            let mut drainer = Drainer::new(connect(&self.url).await?).await?;
            running.spawn(async move {
                let mut done = 0;
                loop {
                    match drainer.once().await? {
                        0 => return anyhow::Ok(done),
                        some => done += some,
                    }
                }
            });
        }
        let (started, mut done) = (Instant::now(), 0);
        while let Some(ended) = running.join_next().await {
            done += ended??;
        }
        anyhow::ensure!(done == jobs, "{done} jobs were drained of {jobs}");
        Ok(f64::from(done) / started.elapsed().as_secs_f64())
    }

    /// Claims 100 jobs in order of arrival, and says how many milliseconds that took.
    pub async fn claim(&self) -> Result<f64> {
        let claim = self.client.prepare(CLAIM).await?;
        let started = Instant::now();
        let claimed = self.client.query(&claim, &[&100_i64, &Uuid::new_v4()]).await?;
        anyhow::ensure!(claimed.len() == 100, "{} jobs were claimed, not 100", claimed.len());
        Ok(started.elapsed().as_secs_f64() * 1_000.0)
    }
}

struct Enqueuer {
    client: Client,
    many: Statement,
    one: Statement,
    rows: usize,
    workspace: i64,
}

impl Enqueuer {
    async fn new(client: Client, rows: usize, workspace: i64) -> Result<Self> {
        let (many, one) = (client.prepare(ENQUEUE_MANY).await?, client.prepare(ENQUEUE_ONE).await?);
        Ok(Self { client, many, one, rows, workspace })
    }
}

impl Work for Enqueuer {
    fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
        async {
            let urls = pages::urls(self.rows);
            let done = if let [url] = &urls[..] {
                self.client.execute(&self.one, &[&Uuid::now_v7(), url, &self.workspace]).await?
            } else {
                let ids: Vec<Uuid> = urls.iter().map(|_| Uuid::now_v7()).collect();
                self.client.execute(&self.many, &[&ids, &urls, &self.workspace]).await?
            };
            u32::try_from(done).context("too many rows")
        }
        .boxed()
    }
}

struct Drainer {
    client: Client,
    lease: Statement,
    finish: Statement,
    owner: Uuid,
}

impl Drainer {
    async fn new(client: Client) -> Result<Self> {
        let (lease, finish) = (client.prepare(LEASE).await?, client.prepare(FINISH).await?);
        Ok(Self { client, lease, finish, owner: Uuid::new_v4() })
    }
}

impl Work for Drainer {
    fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
        async {
            let leased = self.client.query(&self.lease, &[&100_i64, &self.owner]).await?;
            let ids: Vec<i64> = leased.iter().map(|row| row.get(0)).collect();
            if ids.is_empty() {
                return Ok(0);
            }
            let done = self.client.execute(&self.finish, &[&ids, &self.owner, &RESULT]).await?;
            u32::try_from(done).context("too many rows")
        }
        .boxed()
    }
}

struct Getter {
    client: Client,
    get: Statement,
    ids: Vec<Uuid>,
    place: usize,
}

impl Work for Getter {
    fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
        async {
            self.place += 1;
            let id = self.ids[self.place % self.ids.len()];
            let row = self.client.query_one(&self.get, &[&id]).await?;
            let _: String = row.get(1);
            Ok(1)
        }
        .boxed()
    }
}
