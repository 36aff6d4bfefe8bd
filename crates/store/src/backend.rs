//! The only file that knows there are two databases.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::Error;
use crate::group::{Member, Writer};

/// Where connections come from.
#[derive(Debug, Clone)]
pub(crate) enum Pools {
    /// One writer, and readers that never wait for it.
    Sqlite {
        writer: Writer,
        reader: SqlitePool,
    },
    Postgres(PgPool),
}

/// An open transaction on either database, or a connection for a single statement.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(SqliteTx),
    Postgres(PostgresTx),
}

#[derive(Debug)]
pub(crate) enum SqliteTx {
    Write(Member),
    Snapshot(Transaction<'static, Sqlite>),
    Glance(PoolConnection<Sqlite>),
}

#[derive(Debug)]
pub(crate) enum PostgresTx {
    Open(Transaction<'static, Postgres>),
    Glance(PoolConnection<Postgres>),
}

impl SqliteTx {
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Write(member) => member.connection(),
            Self::Snapshot(tx) => tx,
            Self::Glance(connection) => connection,
        }
    }
}

impl PostgresTx {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        match self {
            Self::Open(tx) => tx,
            Self::Glance(connection) => connection,
        }
    }
}

/// One statement in the words of both databases.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Sql {
    /// The same text for both.
    pub(crate) const fn same(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }

    /// Two texts, where the dialects differ.
    pub(crate) const fn split(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }
}

/// A statement over many rows: `$1` is a JSON array of arrays, and the text between head and tail reads `r.value ->> n`.
macro_rules! over_rows {
    ($head:expr, $tail:expr) => {
        $crate::backend::Sql::split(
            concat!($head, " jsonb_each($1) AS r ", $tail),
            concat!($head, " jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) ", $tail),
        )
    };
}

/// The same for rows that are named one by one: `$key` of each is the first of its array. PostgreSQL may believe that a table is
/// empty, when it looked at it in a moment when it was, and then take a walk through all of it for cheaper than to look each name
/// up. An equality with an array of one is nothing that it could walk by.
macro_rules! over_named {
    ($head:expr, $join:literal, $key:literal, $tail:expr) => {
        $crate::backend::Sql::split(
            concat!($head, " jsonb_each($1) AS r ", $join, " WHERE ", $key, " = r.value ->> 0 ", $tail),
            concat!(
                $head,
                " jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) ",
                $join,
                " WHERE ",
                $key,
                " = ANY (ARRAY[r.value ->> 0]) ",
                $tail
            ),
        )
    };
}

/// Runs one query on either database: `run!(tx, query_as::<Row>(SQL), [a, b], fetch_all)`.
macro_rules! run {
    ($tx:expr, $make:ident $(::<$row:ty>)? ($sql:expr), [$($bind:expr),* $(,)?], $fetch:ident) => {
        match $tx {
            $crate::backend::Tx::Sqlite(tx) => {
                sqlx::$make::<_ $(, $row)?>($sql.sqlite)$(.bind($bind))*.$fetch(tx.connection()).await.map(Into::into)
            }
            $crate::backend::Tx::Postgres(tx) => {
                sqlx::$make::<_ $(, $row)?>($sql.postgres)$(.bind($bind))*.$fetch(tx.connection()).await.map(Into::into)
            }
        }
    };
}

/// Names the statements of a file and lists them, so that none can be left out of the test that prepares them all.
macro_rules! statements {
    ($($(#[$note:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$note])* const $name: $crate::backend::Sql = $sql;)+

        #[cfg(test)]
        pub(crate) const STATEMENTS: &[(&str, $crate::backend::Sql)] = &[$((stringify!($name), $name)),+];
    };
}

pub(crate) use {over_named, over_rows, run, statements};

/// How many rows a statement touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Touched(pub(crate) u64);

impl From<sqlx::sqlite::SqliteQueryResult> for Touched {
    fn from(result: sqlx::sqlite::SqliteQueryResult) -> Self {
        Self(result.rows_affected())
    }
}

impl From<sqlx::postgres::PgQueryResult> for Touched {
    fn from(result: sqlx::postgres::PgQueryResult) -> Self {
        Self(result.rows_affected())
    }
}

impl Pools {
    /// Begins a transaction that sees one snapshot and cannot write.
    pub(crate) async fn read(&self) -> Result<Tx, Error> {
        match self {
            Self::Sqlite { reader, .. } => Ok(Tx::Sqlite(SqliteTx::Snapshot(reader.begin().await?))),
            Self::Postgres(pool) => begin_postgres(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await,
        }
    }

    /// A connection for one statement, which is a snapshot by itself. It saves the way to the database and back, twice.
    pub(crate) async fn glance(&self) -> Result<Tx, Error> {
        match self {
            Self::Sqlite { reader, .. } => Ok(Tx::Sqlite(SqliteTx::Glance(reader.acquire().await?))),
            Self::Postgres(pool) => Ok(Tx::Postgres(PostgresTx::Glance(pool.acquire().await?))),
        }
    }

    /// A connection for one statement that writes. On SQLite it needs its turn like every other.
    pub(crate) async fn stroke(&self) -> Result<Tx, Error> {
        match self {
            Self::Sqlite { .. } => self.write().await,
            Self::Postgres(_) => self.glance().await,
        }
    }

    /// Begins a transaction that may write. SQLite takes its write lock at once: a read that turns into a write cannot wait.
    pub(crate) async fn write(&self) -> Result<Tx, Error> {
        match self {
            Self::Sqlite { writer, .. } => Ok(Tx::Sqlite(SqliteTx::Write(writer.begin().await?))),
            Self::Postgres(pool) => begin_postgres(pool, "BEGIN").await,
        }
    }
}

/// A task of its own sees the beginning through. Were it dropped half way, because its caller was, the driver would not
/// know that the transaction is open, and whoever gets the connection next would work inside it.
async fn begin_postgres(pool: &PgPool, statement: &'static str) -> Result<Tx, Error> {
    let pool = pool.clone();
    let beginning = tokio::spawn(async move { begin_on_live_connection(&pool, statement).await });
    beginning.await.map_err(|_| Error::Down(sqlx::Error::WorkerCrashed))?
}

/// After a database restart every pooled connection is dead, and says so at its first use: each is tried once and dropped.
async fn begin_on_live_connection(pool: &PgPool, statement: &'static str) -> Result<Tx, Error> {
    let mut dead = pool.size();
    loop {
        match pool.begin_with(statement).await {
            Ok(tx) => return Ok(Tx::Postgres(PostgresTx::Open(tx))),
            Err(error) if dead > 0 && is_broken(&error) => dead -= 1,
            Err(error) => return Err(error.into()),
        }
    }
}

fn is_broken(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(database) => {
            database.code().is_some_and(|code| code.starts_with("57P") || code == "25P03")
        }
        _ => false,
    }
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(SqliteTx::Write(member)) => member.commit().await?,
            Self::Postgres(PostgresTx::Open(tx)) => tx.commit().await?,
            // There is nothing to keep.
            Self::Sqlite(_) | Self::Postgres(PostgresTx::Glance(_)) => {}
        }
        Ok(())
    }
}
