//! What a measure stands on: an empty database of its own, which goes when the value is dropped.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use store::Target;
use tempfile::TempDir;
use testkit::postgres::TestDatabase;

use crate::raw;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The server that the command brought up.
    Postgres,
    /// A file.
    Sqlite,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Postgres, Self::Sqlite];

    /// As tables show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Sqlite => "SQLite",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An empty database and a folder.
pub struct Ground {
    database: Option<TestDatabase>,
    folder: TempDir,
}

impl Ground {
    /// A new one of that kind.
    pub async fn new(kind: Kind) -> Result<Self> {
        let database = match kind {
            Kind::Postgres => Some(testkit::postgres::database().await),
            Kind::Sqlite => None,
        };
        Ok(Self { database, folder: tempfile::tempdir()? })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of a PostgreSQL database; `None` of a SQLite file.
    pub fn url(&self) -> Option<String> {
        self.database.as_ref().map(TestDatabase::url)
    }

    /// The address of a PostgreSQL database, where there must be one.
    pub fn postgres(&self) -> Result<String> {
        self.url().context("the measure is one of PostgreSQL")
    }

    /// Clears dead rows away and learns the tables' sizes, so that every round begins alike. SQLite needs neither.
    pub async fn tidy(&self) -> Result<()> {
        let Some(url) = self.url() else { return Ok(()) };
        Ok(raw::postgres::connect(&url).await?.batch_execute("VACUUM (ANALYZE)").await?)
    }

    /// The file of a SQLite database.
    pub fn sqlite(&self) -> PathBuf {
        self.folder.path().join("gleaner.db")
    }

    /// The database as the store takes it.
    pub fn target(&self) -> Target {
        self.url().map_or_else(|| Target::Sqlite(self.sqlite()), Target::Postgres)
    }
}
