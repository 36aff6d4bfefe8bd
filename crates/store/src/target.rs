//! Which database a URL names. An unknown one is refused: a typo must not become an empty database.

use std::fmt;
use std::path::{Path, PathBuf};

/// The database to open.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL URL, which may hold a password.
    Postgres(String),
}

/// The URL names no database that Gleaner knows. The URL itself is left out: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown database URL (it starts with {0:?}); use postgres://user:password@host/database or sqlite:///path/to/file.db"
)]
pub struct UnknownDatabase(String);

impl Target {
    /// Reads a database URL; none means the file `gleaner.db` in the data folder.
    pub fn parse(url: Option<&str>, data: &Path) -> Result<Self, UnknownDatabase> {
        let Some(url) = url else { return Ok(Self::Sqlite(data.join("gleaner.db"))) };
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path)) {
            Some(path) if !path.is_empty() && !path.contains('?') => Ok(Self::Sqlite(path.into())),
            _ => {
                let scheme = url.split(':').next().filter(|scheme| scheme.len() < url.len()).unwrap_or("");
                Err(UnknownDatabase(scheme.chars().take(20).collect()))
            }
        }
    }
}

/// Shows what it is without a password.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => {
                let place =
                    url.rsplit_once('@').map_or_else(|| url.split("://").nth(1).unwrap_or(""), |(_, place)| place);
                write!(f, "postgres://{}", place.split('?').next().unwrap_or(""))
            }
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_databases_are_told_apart_and_unknown_ones_refused() {
        let data = Path::new("/data");
        let sqlite = |path: &str| Ok(Target::Sqlite(path.into()));
        let cases = [
            (None, sqlite("/data/gleaner.db")),
            (Some("sqlite:///var/x.db"), sqlite("/var/x.db")),
            (Some("sqlite:x.db"), sqlite("x.db")),
            (Some("postgres://u:p@h/d"), Ok(Target::Postgres("postgres://u:p@h/d".into()))),
            (Some("postgresql://h/d"), Ok(Target::Postgres("postgresql://h/d".into()))),
            (Some("mysql://u:p@h/d"), Err(UnknownDatabase("mysql".into()))),
            (Some("sqlite:"), Err(UnknownDatabase("sqlite".into()))),
            (Some("gleaner.db"), Err(UnknownDatabase(String::new()))),
            (Some(""), Err(UnknownDatabase(String::new()))),
        ];
        for (url, expected) in cases {
            assert_eq!(Target::parse(url, data), expected, "{url:?}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        for url in ["postgres://user:s3cret@host:5432/db?password=s3cret", "postgres://user:s3@cret@host/db"] {
            let shown = format!("{:?} {0}", Target::Postgres(url.into()));
            assert!(!shown.contains("s3") && shown.contains("host"), "{shown}");
        }
    }
}
