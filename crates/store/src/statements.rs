//! Every statement prepares on both databases: column names, functions and parameter counts hold before any test runs.

use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Either, Executor, PgConnection, SqlSafeStr, SqliteConnection, Statement};
use testkit::postgres;

use crate::backend::Sql;
use crate::open::PLANS;
use crate::{Store, Target};
use model::Clock;

/// Every list that the `statements!` macro makes; one that is missing here is dead code, and so a warning.
const FILES: &[(&str, &[(&str, Sql)])] = &[
    ("agents", crate::agents::STATEMENTS),
    ("anchor", crate::anchor::STATEMENTS),
    ("articles", crate::articles::STATEMENTS),
    ("audit", crate::audit::STATEMENTS),
    ("bell", crate::bell::STATEMENTS),
    ("cancel", crate::cancel::STATEMENTS),
    ("claim", crate::claim::STATEMENTS),
    ("connections", crate::connections::STATEMENTS),
    ("documents", crate::documents::STATEMENTS),
    ("drafts", crate::drafts::STATEMENTS),
    ("enqueue", crate::enqueue::STATEMENTS),
    ("folders", crate::folders::STATEMENTS),
    ("generating", crate::generating::STATEMENTS),
    ("idempotency", crate::idempotency::STATEMENTS),
    ("jobs", crate::jobs::STATEMENTS),
    ("keyring", crate::keyring::STATEMENTS),
    ("keys", crate::keys::STATEMENTS),
    ("known", crate::known::STATEMENTS),
    ("lanes", crate::lanes::STATEMENTS),
    ("leases", crate::leases::STATEMENTS),
    ("leftovers", crate::leftovers::STATEMENTS),
    ("line_keys", crate::line_keys::STATEMENTS),
    ("listing", crate::listing::STATEMENTS),
    ("moves", crate::moves::STATEMENTS),
    ("order_keys", crate::order_keys::STATEMENTS),
    ("overview", crate::overview::STATEMENTS),
    ("pauses", crate::pauses::STATEMENTS),
    ("proposing", crate::proposing::STATEMENTS),
    ("publishing", crate::publishing::STATEMENTS),
    ("record", crate::record::STATEMENTS),
    ("records", crate::records::STATEMENTS),
    ("removal", crate::removal::STATEMENTS),
    ("resources", crate::resources::STATEMENTS),
    ("retrying", crate::retrying::STATEMENTS),
    ("revisions", crate::revisions::STATEMENTS),
    ("robots", crate::robots::STATEMENTS),
    ("runs", crate::runs::STATEMENTS),
    ("schedules", crate::schedules::STATEMENTS),
    ("settle", crate::settle::STATEMENTS),
    ("site_pages", crate::site_pages::STATEMENTS),
    ("sites", crate::sites::STATEMENTS),
    ("shares", crate::shares::STATEMENTS),
    ("sweep", crate::sweep::STATEMENTS),
    ("syncs", crate::syncs::STATEMENTS),
    ("turns", crate::turns::STATEMENTS),
    ("unexplained", crate::unexplained::STATEMENTS),
    ("workers", crate::workers::STATEMENTS),
    ("workspaces", crate::workspaces::STATEMENTS),
];

/// What has one row.
const SINGLE: [&str; 2] = ["CONSTANT", "front"];
/// The list of a statement over many rows, what a part of the statement has cut short, and tables that do not grow with the work.
const SMALL: [&str; 12] =
    ["r", "few", "lines", "held", "robots", "workspaces", "w", "shares", "pauses", "anchors", "syncs", "s"];

/// Indexes that do not grow with the work.
const FEW_ENTRIES: [&str; 4] = ["jobs_running", "workers_seen", "shares_pkey", "pauses_pkey"];

/// What workers do to many jobs at once, again and again.
const WORK: [(&str, &str); 10] = [
    ("leases", "EXTEND"),
    ("leases", "OWNED"),
    ("leases", "LOCK_LOST"),
    ("moves", "GRANT"),
    ("moves", "LINE_UP"),
    ("moves", "HOLD"),
    ("moves", "PUT_OFF"),
    ("moves", "REMEMBER"),
    ("moves", "REMOVE"),
    ("settle", "HELD"),
];

/// Names that mean a page of a list in that file, and no table.
const PAGES: [(&str, &str); 3] = [("listing", "found"), ("listing", "d"), ("listing", "(subquery-6)")];

#[tokio::test]
async fn every_statement_prepares_on_both_databases() {
    let folder = tempfile::tempdir().unwrap();
    let (file, database) = (folder.path().join("gleaner.db"), postgres::database().await);
    for target in [Target::Sqlite(file.clone()), Target::Postgres(database.url())] {
        Store::open(&target, folder.path(), Clock::system()).await.unwrap().close().await;
    }
    let mut sqlite = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let mut postgres = PgConnection::connect(&database.url()).await.unwrap();

    let mut faults = Vec::new();
    for (file, name, sql) in all() {
        let used = parameters(sql.sqlite);
        let counts =
            [prepare_sqlite(&mut sqlite, sql.sqlite).await, prepare_postgres(&mut postgres, sql.postgres).await];
        for (database, count) in ["SQLite", "PostgreSQL"].into_iter().zip(counts) {
            match count {
                Ok(count) if count == used => {}
                Ok(count) => faults.push(format!("{file}::{name} takes {count} parameters on {database}, not {used}")),
                Err(error) => faults.push(format!("{file}::{name} does not prepare on {database}: {error}")),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Costs grow with the answer and never with the table or with table times list: PostgreSQL plans by its statistics,
/// SQLite without any.
#[tokio::test]
async fn no_statement_reads_a_large_table_whole_or_a_list_twice_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gleaner.db");
    Store::open(&Target::Sqlite(file.clone()), folder.path(), Clock::system()).await.unwrap().close().await;
    let mut sqlite = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();

    let mut faults = Vec::new();
    for (file, name, sql) in all() {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql.sqlite));
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut sqlite).await.unwrap();
        for (place, (_, parent, _, step)) in plan.iter().enumerate() {
            let Some(table) = step.strip_prefix("SCAN ") else { continue };
            let name_of_table = table.split(' ').next().unwrap_or_default();
            // Counting live jobs is for people who ask, not for the queue.
            let is_counted = [("drafts", "COUNT"), ("jobs", "LIVE"), ("overview", "COUNTS")].contains(&(file, name));
            if is_counted || SINGLE.contains(&name_of_table) || PAGES.contains(&(file, name_of_table)) {
                continue;
            }
            let is_inner = plan[..place].iter().any(|(_, other, _, step)| other == parent && step.starts_with('S'));
            if is_inner || !(SMALL.contains(&name_of_table) || table.contains(" USING ")) {
                faults.push(format!("{file}::{name}: {step}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// PostgreSQL does not know how many rows stand in an index when it plans: for the smallest of few it reads them all, and goes on
/// doing so when they are a million. The first in order is one step, whatever it knows.
#[tokio::test]
async fn no_statement_reads_an_index_whole_for_its_first_row_on_postgres() {
    let (folder, database) = (tempfile::tempdir().unwrap(), postgres::database().await);
    let target = Target::Postgres(database.url());
    Store::open(&target, folder.path(), Clock::system()).await.unwrap().close().await;
    let options = PgConnectOptions::from_str(&database.url()).unwrap().options(PLANS);
    let mut postgres = PgConnection::connect_with(&options).await.unwrap();

    let mut faults = Vec::new();
    for (file, name, sql) in all() {
        let prepare = AssertSqlSafe(format!("PREPARE asked AS {}", sql.postgres));
        sqlx::raw_sql(prepare).execute(&mut postgres).await.unwrap();
        let nothing = vec!["NULL"; parameters(sql.sqlite)].join(", ");
        let arguments = if nothing.is_empty() { nothing } else { format!("({nothing})") };
        let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE asked{arguments}"));
        let plan: Vec<(String,)> = sqlx::query_as(explain).fetch_all(&mut postgres).await.unwrap();
        sqlx::raw_sql("DEALLOCATE asked").execute(&mut postgres).await.unwrap();
        for pair in plan.windows(2).filter(|pair| pair[0].0.contains("Aggregate")) {
            let step = pair[1].0.trim_start_matches([' ', '-', '>']);
            let index = step.split(" using ").nth(1).and_then(|rest| rest.split(' ').next());
            let is_counted = [("drafts", "COUNT"), ("jobs", "LIVE"), ("overview", "COUNTS")].contains(&(file, name));
            if index.is_some_and(|index| !FEW_ENTRIES.contains(&index)) && !is_counted {
                faults.push(format!("{file}::{name}: {step}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The live jobs have just been all, and their rows are not cleared away yet: then PostgreSQL takes the table for empty, and a walk
/// through it for cheap. It is minutes long when a million jobs have come and gone.
#[tokio::test]
async fn no_statement_walks_through_the_jobs_that_were_on_postgres() {
    const MANY: &str = "INSERT INTO jobs (workspace_id, id, document_id, state, priority, order_key, lane, run_at, since, max_attempts, created_at)
        SELECT 'w', n::text, n::text, 'ready', 'bulk', n, 'a.example', 0, 0, 5, 0 FROM generate_series(1, 20000) n;
        DELETE FROM jobs; ANALYZE jobs;";
    let (folder, database) = (tempfile::tempdir().unwrap(), postgres::database().await);
    let target = Target::Postgres(database.url());
    Store::open(&target, folder.path(), Clock::system()).await.unwrap().close().await;
    let options = PgConnectOptions::from_str(&database.url()).unwrap().options(PLANS);
    let mut postgres = PgConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(MANY).execute(&mut postgres).await.unwrap();

    let at_once = ("settle_at_once", "SETTLE", Sql::same(crate::settle_at_once::SETTLE));
    let named =
        all().map(|(file, name, sql)| (file, name, *sql)).filter(|(file, name, _)| WORK.contains(&(*file, *name)));
    let mut faults = Vec::new();
    for (file, name, sql) in named.chain([at_once]) {
        let prepare = AssertSqlSafe(format!("PREPARE asked AS {}", sql.postgres));
        sqlx::raw_sql(prepare).execute(&mut postgres).await.unwrap();
        let nothing = vec!["NULL"; parameters(sql.sqlite)].join(", ");
        let arguments = if nothing.is_empty() { nothing } else { format!("({nothing})") };
        let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE asked{arguments}"));
        let plan: Vec<(String,)> = sqlx::query_as(explain).fetch_all(&mut postgres).await.unwrap();
        sqlx::raw_sql("DEALLOCATE asked").execute(&mut postgres).await.unwrap();
        for (at, (step,)) in plan.iter().enumerate().filter(|(_, (step,))| step.contains("using live_jobs_")) {
            let told = plan[at + 1..]
                .iter()
                .take_while(|(line,)| !line.contains("->  "))
                .any(|(line,)| line.contains("Index Cond"));
            if !told {
                faults.push(format!("{file}::{name}: {}", step.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static Sql)> {
    FILES.iter().flat_map(|(file, list)| list.iter().map(|(name, sql)| (*file, *name, sql)))
}

/// The highest `$n`; every lower number must be used too, or a bind would go astray.
fn parameters(text: &str) -> usize {
    let number = |rest: &str| -> Option<usize> {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..digits].parse().ok()
    };
    let mut numbers: Vec<usize> = text.split('$').skip(1).filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert!(numbers.iter().copied().eq(1..=numbers.len()), "parameters leave a gap: {text}");
    numbers.len()
}

async fn prepare_sqlite(connection: &mut SqliteConnection, text: &'static str) -> sqlx::Result<usize> {
    let statement = connection.prepare(AssertSqlSafe(text).into_sql_str()).await?;
    Ok(count(statement.parameters().map(|known| known.map_left(<[_]>::len))))
}

async fn prepare_postgres(connection: &mut PgConnection, text: &'static str) -> sqlx::Result<usize> {
    let statement = connection.prepare(AssertSqlSafe(text).into_sql_str()).await?;
    Ok(count(statement.parameters().map(|known| known.map_left(<[_]>::len))))
}

fn count(parameters: Option<Either<usize, usize>>) -> usize {
    parameters.map_or(0, Either::into_inner)
}
