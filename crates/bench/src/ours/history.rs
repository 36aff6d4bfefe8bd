//! A past: a great many finished documents, copied from one that was really run.

use anyhow::{Result, ensure};
use model::WorkerId;

use super::{Service, jobs};
use crate::ground::Ground;
use crate::raw;

/// How many are copied by one statement.
const AT_ONCE: usize = 100_000;

/// Copies of the one finished document, its revision and its job, whatever their columns are. The copies' ids are in order
/// and older than any real one, as ids of an earlier time are.
const COPY: &str = "
CREATE FUNCTION pg_temp.id(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000' $$;
CREATE FUNCTION pg_temp.copy(first bigint, last bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO documents SELECT copy.* FROM documents d, generate_series(first, last) n, jsonb_populate_record(d,
        jsonb_build_object('id', pg_temp.id(n), 'external_id', d.external_id || n, 'last_job_id', pg_temp.id(n))) copy
    WHERE d.id = (SELECT max(id) FROM documents);
    INSERT INTO revisions SELECT copy.* FROM revisions r, generate_series(first, last) n, jsonb_populate_record(r,
        jsonb_build_object('document_id', pg_temp.id(n), 'job_id', pg_temp.id(n))) copy
    WHERE r.document_id = (SELECT max(document_id) FROM revisions);
    INSERT INTO job_history SELECT copy.* FROM job_history h, generate_series(first, last) n, jsonb_populate_record(h,
        jsonb_build_object('id', pg_temp.id(n), 'document_id', pg_temp.id(n))) copy
    WHERE h.id = (SELECT max(id) FROM job_history);
$$";

/// Makes so many finished documents.
pub async fn finished(ground: &Ground, service: &Service, documents: usize) -> Result<()> {
    run_one(service).await?;
    let client = raw::postgres::connect(&ground.postgres()?).await?;
    client.batch_execute(COPY).await?;
    let mut made = 0;
    while made < documents {
        let last = documents.min(made + AT_ONCE);
        let range: [i64; 2] = [i64::try_from(made)? + 1, i64::try_from(last)?];
        client.execute("SELECT pg_temp.copy($1, $2)", &[&range[0], &range[1]]).await?;
        made = last;
        eprintln!("  {made} of {documents} finished documents made");
    }
    let counted: i64 = client.query_one("SELECT count(*) FROM job_history", &[]).await?.get(0);
    ensure!(counted == i64::try_from(documents)? + 1, "{counted} jobs are in the history, not {documents} and one");
    ground.tidy().await
}

async fn run_one(service: &Service) -> Result<()> {
    let worker = WorkerId::new();
    jobs::fill(&service.store, service.workspace, 1).await?;
    let (claimed, _) = jobs::claim(&service.store, worker, 1).await?;
    jobs::finish(&service.store, worker, claimed).await
}
