//! A database of its own for each test, on the PostgreSQL server that `cargo xtask test` brings up.

use std::thread;

use sqlx::{ConnectOptions, Connection, Executor, PgConnection};
use tokio::runtime;
use url::Url;
use uuid::Uuid;

/// Where `cargo xtask test` says which server to use.
pub const VARIABLE: &str = "GLEANER_TEST_POSTGRES";

/// The address of the test server.
///
/// A missing server is a failed test and never a skipped one: half a conformance run proves nothing.
#[expect(clippy::disallowed_methods, reason = "tests have no command line that could carry the address")]
pub fn url() -> Url {
    let Ok(text) = std::env::var(VARIABLE) else {
        panic!("{VARIABLE} is not set: run `cargo xtask test`, or set it to the URL of a PostgreSQL superuser")
    };
    Url::parse(&text)
        .unwrap_or_else(|error| panic!("{VARIABLE} is not a URL ({error}), such as postgres://me@localhost"))
}

/// Makes a fresh, empty database.
pub async fn database() -> TestDatabase {
    let server = url();
    let name = format!("gleaner_test_{}", Uuid::new_v4().simple());
    execute(&server, &creation(&name)).await.unwrap_or_else(|error| panic!("could not create {name}: {error}"));
    TestDatabase { server, name }
}

/// The same on a server that is not the one of the tests.
pub async fn database_on(server: &Url) -> sqlx::Result<TestDatabase> {
    let name = format!("gleaner_test_{}", Uuid::new_v4().simple());
    execute(server, &creation(&name)).await?;
    Ok(TestDatabase { server: server.clone(), name })
}

/// Cuts every connection to the server but the one that asks for it.
pub async fn cut_connections(server: &Url) -> sqlx::Result<()> {
    let statement = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
    execute(server, statement).await
}

/// A database that is dropped with this value, whoever is still connected.
#[derive(Debug)]
pub struct TestDatabase {
    server: Url,
    name: String,
}

impl TestDatabase {
    /// Its address, as `--database` takes it.
    pub fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url.into()
    }
}

impl Drop for TestDatabase {
    /// Runs on a thread of its own: the test's runtime may have one thread, and it is the one that waits here.
    fn drop(&mut self) {
        let server = self.server.clone();
        let statement = format!(r#"DROP DATABASE IF EXISTS "{}" WITH (FORCE)"#, self.name);
        let dropping = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(sqlx::Error::Io)?;
            runtime.block_on(execute(&server, &statement))
        });
        match dropping.join() {
            Ok(Ok(())) => {}
            failed if thread::panicking() => drop(failed),
            failed => panic!("could not drop {}: {failed:?}", self.name),
        }
    }
}

/// English sorting rather than byte order: a query that relies on byte order without saying so fails here first.
fn creation(name: &str) -> String {
    format!(
        r#"CREATE DATABASE "{name}" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"#
    )
}

async fn execute(server: &Url, statement: &str) -> sqlx::Result<()> {
    let mut connection = sqlx::postgres::PgConnectOptions::from_url(server)?.connect().await?;
    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement))).await?;
    PgConnection::close(connection).await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn databases_named(name: &str) -> i64 {
        let mut server = PgConnection::connect(url().as_str()).await.unwrap();
        let count = "SELECT count(*) FROM pg_database WHERE datname = $1";
        sqlx::query_scalar(count).bind(name).fetch_one(&mut server).await.unwrap()
    }

    #[tokio::test]
    async fn a_database_is_its_own_and_goes_with_its_value() {
        let (one, other) = (database().await, database().await);
        let mut connection = PgConnection::connect(&one.url()).await.unwrap();
        connection.execute("CREATE TABLE mine (id TEXT)").await.unwrap();
        let mut connection_to_other = PgConnection::connect(&other.url()).await.unwrap();
        assert!(connection_to_other.execute("SELECT id FROM mine").await.is_err());

        let name = one.name.clone();
        assert_eq!(databases_named(&name).await, 1);
        drop(one);
        assert_eq!(databases_named(&name).await, 0, "dropped although somebody is connected");
        assert!(connection.execute("SELECT 1").await.is_err());
    }

    #[tokio::test]
    async fn text_sorts_as_people_sort_it() {
        let database = database().await;
        let mut connection = PgConnection::connect(&database.url()).await.unwrap();
        let sorted =
            "SELECT string_agg(word, ' ' ORDER BY word) FROM (VALUES ('B'), ('a'), ('ä'), ('b')) AS words (word)";
        let sorted: String = sqlx::query_scalar(sorted).fetch_one(&mut connection).await.unwrap();
        assert_eq!(sorted, "a ä b B");
    }
}
