//! The text that a run gave, and how it differs from the one before.

use model::{Block, Metadata};
use sha2::{Digest, Sha256};

use crate::Blob;
use crate::blobs::hexadecimal;

/// The text that a run gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    /// The fetched bytes.
    pub blob: Blob,
    /// Where they came from, after redirects.
    pub url: String,
    /// Their media type.
    pub mime_type: String,
    /// The title.
    pub title: String,
    /// The language, BCP 47.
    pub language: Option<String>,
    /// The paragraphs.
    pub paragraphs: Vec<String>,
    /// The block tree.
    pub blocks: Vec<Block>,
    /// What was left out or doubtful.
    pub warnings: Vec<String>,
    /// What it says of itself beside its text.
    pub metadata: Metadata,
    /// What the source calls this version: an `ETag`, or a provider's own key.
    pub etag: Option<String>,
    /// The `Last-Modified` of the answer.
    pub last_modified: Option<String>,
    /// The rules by which it was read; the same version read by the same rules says the same.
    pub read_as: String,
}

impl NewText {
    /// The same with the version that its source told.
    #[must_use]
    pub fn with_version(self, version: Option<String>) -> Self {
        Self { etag: version, ..self }
    }

    /// How many bytes of text a list shows of it.
    pub(crate) fn bytes(&self) -> i64 {
        i64::try_from(self.paragraphs.iter().map(String::len).sum::<usize>()).unwrap_or(i64::MAX)
    }

    /// SHA-256 of title, blocks and paragraphs: two runs with the same hash said the same.
    pub fn content_hash(&self) -> String {
        let mut hash = Sha256::new();
        for text in std::iter::once(&self.title).chain(&self.paragraphs) {
            hash.update(text.len().to_le_bytes());
            hash.update(text);
        }
        hash.update(serde_json::to_string(&self.blocks).unwrap_or_default());
        hexadecimal(&hash.finalize())
    }
}

/// How a text differs from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// There was none before.
    First,
    /// It says the same, letter by letter; no revision is written.
    None,
    /// Only the look differs.
    Immaterial,
    /// It says something else.
    Material,
}
