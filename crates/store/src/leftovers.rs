//! Bytes that nobody refers to: what a crash left half written, and blobs of runs that gave no text.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use model::Timestamp;
use serde_json::json;
use tokio::fs;

use crate::backend::{over_rows, run, statements};
use crate::blobs::INCOMING;
use crate::rows::rows;
use crate::{Blob, Error, Store};

/// A run is over within minutes: what is this old is used by none that still goes on.
const LIFETIME: Duration = Duration::from_hours(24);

statements! {
    IN_USE = over_rows!(
        "SELECT r.value ->> 0 FROM",
        "WHERE EXISTS (SELECT 1 FROM revisions
                       WHERE substr(revisions.blob, 1, 8) = substr(r.value ->> 0, 1, 8) AND revisions.blob = r.value ->> 0)
            OR EXISTS (SELECT 1 FROM documents d WHERE d.source = 'files' AND d.storage_url = r.value ->> 1)"
    );
}

impl Store {
    /// Removes such bytes from this machine's folder. Another process may do the same, so a file may vanish midway.
    pub async fn forget_leftovers(&self) -> Result<(), Error> {
        let mut shelves = fs::read_dir(&self.blobs.folder).await?;
        while let Some(shelf) = shelves.next_entry().await? {
            let mut leftovers = old_files(&shelf.path(), self.now()).await?;
            if shelf.file_name() != INCOMING {
                let in_use = self.in_use(&shelf.path(), &leftovers).await?;
                leftovers.retain(|file| !in_use.contains(&hash(&shelf.path(), file)));
            }
            for file in leftovers {
                let _ = fs::remove_file(file).await;
            }
        }
        Ok(())
    }

    async fn in_use(&self, folder: &Path, files: &[PathBuf]) -> Result<Vec<String>, Error> {
        let hashes = rows(files.iter().map(|file| {
            let hash = hash(folder, file);
            let url = Blob { hash: hash.clone(), length: 0 }.url();
            json!([hash, url])
        }));
        let mut read = self.read().await?;
        let used: Vec<(String,)> = run!(&mut read.tx, query_as::<(String,)>(IN_USE), [&hashes], fetch_all)?;
        Ok(used.into_iter().map(|(hash,)| hash).collect())
    }
}

async fn old_files(folder: &Path, now: Timestamp) -> Result<Vec<PathBuf>, Error> {
    let mut old = Vec::new();
    let mut entries = fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let Ok(modified) = entry.metadata().await.and_then(|metadata| metadata.modified()) else { continue };
        let since_epoch = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        if now.since(Timestamp::from_micros(0).plus(since_epoch)) > LIFETIME {
            old.push(entry.path());
        }
    }
    Ok(old)
}

/// The blob that a file holds: the names of shelf and file are the parts of its hash.
fn hash(shelf: &Path, file: &Path) -> String {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name(shelf) + &name(file)
}
