//! Where PostgreSQL's programs are: the newest of those on PATH and where packages put them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::child::{self, program};

/// The oldest version that the product supports.
pub const OLDEST: u32 = 15;
/// Folders of versions, as Debian and the PostgreSQL project's RPMs have them.
const PACKAGED: [&str; 2] = ["/usr/lib/postgresql", "/usr"];

/// A folder with `initdb` and `postgres` of one version. An empty folder means PATH.
pub struct Programs {
    folder: PathBuf,
    pub version: u32,
}

impl Programs {
    /// Makes a fresh cluster.
    pub fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    /// Serves a cluster.
    pub fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }
}

/// The newest usable programs; `None` when there are none.
pub async fn programs() -> Option<Programs> {
    let mut found = Vec::new();
    for folder in folders().await {
        if let Some(version) = version(&folder).await
            && version >= OLDEST
        {
            found.push(Programs { folder, version });
        }
    }
    found.into_iter().max_by_key(|programs| programs.version)
}

async fn folders() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::new()];
    if let Ok(folder) = child::output(program("pg_config", Path::new("/"), &["--bindir"])).await {
        folders.push(folder.trim_end().into());
    }
    let versions = PACKAGED.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("postgres").exists()));
    folders
}

/// The version of `postgres` in this folder, when `initdb` is beside it.
async fn version(folder: &Path) -> Option<u32> {
    let ask = async |name| child::output(program(folder.join(name), Path::new("/"), &["--version"])).await.ok();
    ask("initdb").await?;
    major(&ask("postgres").await?)
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` is 15.
fn major(answer: &str) -> Option<u32> {
    let version = answer.split_once("(PostgreSQL) ")?.1;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn reads_the_major_version() {
        let cases = [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 18beta1\n", Some(18)),
            ("postgres (PostgreSQL) 9.6.24", Some(9)),
            ("postgres: unknown option", None),
        ];
        for (answer, expected) in cases {
            assert_eq!(major(answer), expected, "{answer}");
        }
    }
}
