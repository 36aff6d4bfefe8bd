//! The fetched bytes, kept in files named by their SHA-256: written beside, made durable, then moved into place.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;

use crate::Error;

/// Where blobs are while they are written.
pub(crate) const INCOMING: &str = "incoming";

/// The blob folder.
#[derive(Debug, Clone)]
pub struct Blobs {
    pub(crate) folder: PathBuf,
}

/// A stored blob: its SHA-256 in hexadecimal and its length in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// SHA-256 in hexadecimal.
    pub hash: String,
    /// Length in bytes.
    pub length: u64,
}

impl Blob {
    /// What the address of every blob starts with.
    pub(crate) const SCHEME: &str = "gleaner://blobs/sha256/";

    /// The address that a document's `storageUrl` shows.
    pub fn url(&self) -> String {
        format!("{}{}", Self::SCHEME, self.hash)
    }
}

/// A blob that is being written. Dropped before [`BlobWriter::finish`], it leaves nothing that anybody reads.
#[derive(Debug)]
pub struct BlobWriter {
    folder: PathBuf,
    path: PathBuf,
    file: File,
    hash: Sha256,
    length: u64,
    finished: bool,
}

impl Blobs {
    pub(crate) async fn open(data: &Path) -> Result<Self, Error> {
        let folder = data.join("blobs");
        let incoming = folder.join(INCOMING);
        fs::create_dir_all(&incoming).await.map_err(Error::at(&incoming))?;
        Ok(Self { folder })
    }

    /// Begins a new blob.
    pub async fn writer(&self) -> Result<BlobWriter, Error> {
        let path = self.folder.join(INCOMING).join(model::JobId::new().to_string());
        let file = File::create_new(&path).await?;
        Ok(BlobWriter { folder: self.folder.clone(), path, file, hash: Sha256::new(), length: 0, finished: false })
    }

    /// The blob of that hash; `None` where this machine does not have it.
    pub async fn find(&self, hash: &str) -> Result<Option<Blob>, Error> {
        match fs::metadata(place(&self.folder, hash)).await {
            Ok(found) => Ok(Some(Blob { hash: hash.to_owned(), length: found.len() })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a stored blob for reading.
    pub async fn reader(&self, blob: &Blob) -> Result<File, Error> {
        Ok(File::open(place(&self.folder, &blob.hash)).await?)
    }
}

fn place(folder: &Path, hash: &str) -> PathBuf {
    let (shelf, name) = hash.split_at(2.min(hash.len()));
    folder.join(shelf).join(name)
}

impl BlobWriter {
    /// Adds bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        Ok(self.file.write_all(bytes).await?)
    }

    /// Makes the blob durable under its hash.
    pub async fn finish(mut self) -> Result<Blob, Error> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let digest = std::mem::take(&mut self.hash).finalize();
        let blob = Blob { hash: hexadecimal(&digest), length: self.length };
        let target = place(&self.folder, &blob.hash);
        if let Some(shelf) = target.parent() {
            match fs::create_dir(shelf).await {
                Ok(()) => sync(&self.folder).await?,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
            fs::rename(&self.path, &target).await?;
            sync(shelf).await?;
        }
        self.finished = true;
        Ok(blob)
    }
}

/// A new name survives a power cut once its folder is on the disk.
async fn sync(folder: &Path) -> Result<(), Error> {
    Ok(File::open(folder).await?.sync_all().await?)
}

impl Drop for BlobWriter {
    fn drop(&mut self) {
        if !self.finished {
            // Best effort: a file left in `incoming` is never read, and a later start removes it.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
