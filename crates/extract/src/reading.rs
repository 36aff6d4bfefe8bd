//! What every format's reader hands on: the text tree, and what the document says about itself.

use model::Block;

/// One document as its reader understood it.
#[derive(Debug, Default)]
pub struct Reading {
    /// The title that the document gives itself.
    pub title: Option<String>,
    /// The language that the document claims, as it claims it.
    pub language: Option<String>,
    /// The address that the document calls its own.
    pub canonical_url: Option<String>,
    /// Who wrote it, as the document names them.
    pub authors: Vec<String>,
    /// When it was published, in any spelling.
    pub published: Option<String>,
    /// When it was last changed, in any spelling.
    pub modified: Option<String>,
    /// The path to the document on its site, outermost first.
    pub breadcrumbs: Vec<String>,
    /// The fingerprints of its blocks that could be chrome.
    pub fingerprints: Vec<u64>,
    /// The text. Soft line ends are `\n`, forced ones [`crate::line::HARD_BREAK`].
    pub blocks: Vec<Block>,
    /// What a person should know about the reading.
    pub warnings: Vec<String>,
}
