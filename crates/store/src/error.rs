//! What can go wrong with the store, cut by what the caller will do about it.

use std::io;
use std::path::Path;

/// A failed store operation. No text in it holds a password: database drivers name hosts, not credentials.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else holds what is needed; the same call may succeed in a moment.
    #[error("the database is busy: {0}")]
    Busy(sqlx::Error),
    /// The database cannot be reached, is shutting down or is full; it may come back.
    #[error("the database cannot be used: {0}")]
    Down(sqlx::Error),
    /// A named constraint refused the write.
    #[error("the database refused a duplicate or a forbidden value ({0})")]
    Conflict(String),
    /// The lease on a job is gone: another worker has it, or it ended. Nothing was written.
    #[error("the job is no longer this worker's")]
    Lost,
    /// What is stored cannot be read back.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    /// A secret is not for this process to read.
    #[error("a sealed secret cannot be read: {0}")]
    Locked(String),
    /// The database was made by another version of the schema.
    #[error("the database schema does not fit this version of Gleaner: {0}")]
    Schema(String),
    /// The blob folder failed.
    #[error("the data folder cannot be used: {0}")]
    Files(io::Error),
    /// A fault in a statement of ours.
    #[error("a database statement failed: {0}")]
    Statement(sqlx::Error),
}

impl Error {
    /// What failed at a path, with the path: the system's own words leave it out.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Files(io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    /// The same for another caller, where it passes for all of them alike.
    pub(crate) fn echo(&self) -> Option<Self> {
        let text = |error: &sqlx::Error| sqlx::Error::Io(io::Error::other(error.to_string()));
        match self {
            Self::Busy(error) => Some(Self::Busy(text(error))),
            Self::Down(error) => Some(Self::Down(text(error))),
            _ => None,
        }
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Down(_))
    }
}

// Causes are part of the texts and no sources: whoever prints a chain would print them twice.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Files(error)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy(error),
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Down(error)
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Corrupt(error.to_string()),
            sqlx::Error::Database(database) => match database.code().as_deref() {
                Some(code) if is_busy(code) => Self::Busy(error),
                Some(code) if is_down(code) => Self::Down(error),
                Some(code) if is_corrupt(code) => Self::Corrupt(database.message().to_owned()),
                _ => match constraint_of(database.as_ref()) {
                    Some(constraint) => Self::Conflict(constraint),
                    None => Self::Statement(error),
                },
            },
            _ => Self::Statement(error),
        }
    }
}

/// SQLite: BUSY (5), LOCKED (6) and their extended codes. PostgreSQL: serialization failure, deadlock, lock not available.
fn is_busy(code: &str) -> bool {
    matches!(code, "40001" | "40P01" | "55P03") || sqlite_primary(code).is_some_and(|primary| matches!(primary, 5 | 6))
}

/// SQLite: READONLY (8), IOERR (10), FULL (13), CANTOPEN (14). PostgreSQL: connection trouble (08), no resources (53), shutdown (57).
fn is_down(code: &str) -> bool {
    let postgres = code.len() == 5 && ["08", "53", "57"].iter().any(|class| code.starts_with(class));
    // 25P03 ends a transaction that was silent for too long, and its connection with it.
    postgres || code == "25P03" || sqlite_primary(code).is_some_and(|primary| matches!(primary, 8 | 10 | 13 | 14))
}

/// SQLite: CORRUPT (11), NOTADB (26). PostgreSQL: data or index corrupted.
fn is_corrupt(code: &str) -> bool {
    matches!(code, "XX001" | "XX002") || sqlite_primary(code).is_some_and(|primary| matches!(primary, 11 | 26))
}

/// The low byte of a SQLite result code; PostgreSQL's codes have five characters, SQLite's fewer.
fn sqlite_primary(code: &str) -> Option<u32> {
    if code.len() == 5 {
        return None;
    }
    code.parse::<u32>().ok().map(|number| number & 0xff)
}

fn constraint_of(error: &dyn sqlx::error::DatabaseError) -> Option<String> {
    use sqlx::error::ErrorKind;
    let named = || error.constraint().map_or_else(|| error.message().to_owned(), str::to_owned);
    match error.kind() {
        ErrorKind::UniqueViolation | ErrorKind::CheckViolation | ErrorKind::ForeignKeyViolation => Some(named()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_by_what_to_do() {
        let cases = [
            ("5", true, false, false),
            ("517", true, false, false), // BUSY_SNAPSHOT
            ("8", false, true, false),
            ("13", false, true, false),
            ("778", false, true, false), // IOERR_WRITE
            ("11", false, false, true),
            ("26", false, false, true),
            ("40P01", true, false, false),
            ("57P01", false, true, false),
            ("53100", false, true, false),
            ("XX001", false, false, true),
            ("23505", false, false, false),
            ("2067", false, false, false),
        ];
        for (code, busy, down, corrupt) in cases {
            assert_eq!((is_busy(code), is_down(code), is_corrupt(code)), (busy, down, corrupt), "{code}");
        }
    }
}
