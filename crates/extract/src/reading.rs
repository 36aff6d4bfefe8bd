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
    /// The text. Soft line ends are `\n`, forced ones [`crate::line::HARD_BREAK`].
    pub blocks: Vec<Block>,
    /// What a person should know about the reading.
    pub warnings: Vec<String>,
}
