//! What can go wrong with the store, cut by what the caller will do about it.

/// A failed store operation. No text in it holds a password: database drivers name hosts, not credentials.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else holds what is needed; the same call may succeed in a moment.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// The database cannot be reached, is shutting down or is full; it may come back.
    #[error("the database cannot be used: {0}")]
    Down(#[source] sqlx::Error),
    /// A named constraint refused the write.
    #[error("the database refused a duplicate or a forbidden value ({0})")]
    Conflict(String),
    /// The lease on a job is gone: another worker has it, or it ended. Nothing was written.
    #[error("the job is no longer this worker's")]
    Lost,
    /// What is stored cannot be read back.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    /// The database was made by another version of the schema.
    #[error("the database schema does not fit this version of Gleaner: {0}")]
    Schema(String),
    /// The blob folder failed.
    #[error("the data folder cannot be used: {0}")]
    Files(#[from] std::io::Error),
    /// A fault in a statement of ours.
    #[error("a database statement failed: {0}")]
    Statement(#[source] sqlx::Error),
}

impl Error {
    /// Whether the same call may succeed later without anybody changing anything.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Down(_))
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

/// SQLite: IOERR (10), FULL (13), CANTOPEN (14). PostgreSQL: connection trouble (08), no resources (53), shutdown (57).
fn is_down(code: &str) -> bool {
    let postgres = code.len() == 5 && ["08", "53", "57"].iter().any(|class| code.starts_with(class));
    postgres || sqlite_primary(code).is_some_and(|primary| matches!(primary, 10 | 13 | 14))
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
            ("5", true, false),
            ("517", true, false), // BUSY_SNAPSHOT
            ("13", false, true),
            ("778", false, true), // IOERR_WRITE
            ("40P01", true, false),
            ("57P01", false, true),
            ("53100", false, true),
            ("23505", false, false),
            ("2067", false, false),
        ];
        for (code, busy, down) in cases {
            assert_eq!((is_busy(code), is_down(code)), (busy, down), "{code}");
        }
    }
}
