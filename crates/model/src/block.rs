//! The neutral text tree that every format is read into and every rendering is made from.

use serde::{Deserialize, Serialize};

/// One block of a document, in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Block {
    /// A heading with its level, 1 to 6.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        spans: Vec<Span>,
    },
    /// Running text.
    Paragraph {
        /// Its text.
        spans: Vec<Span>,
    },
    /// A list; an item holds blocks, so lists nest.
    List {
        /// The first number of an ordered list, `None` for bullets.
        start: Option<u64>,
        /// The items, each a run of blocks.
        items: Vec<Vec<Block>>,
    },
    /// A table of plain rows; a spanned cell is repeated.
    Table {
        /// The header cells; empty when the table has none.
        header: Vec<Vec<Span>>,
        /// The other rows.
        rows: Vec<Vec<Vec<Span>>>,
    },
    /// Code, white space kept.
    Code {
        /// The language it names.
        language: Option<String>,
        /// The code.
        text: String,
    },
    /// A quotation or an admonition.
    Quote {
        /// What is quoted.
        blocks: Vec<Block>,
    },
}

/// A run of text with one look.
#[expect(clippy::struct_excessive_bools, reason = "each look comes with or without each other one")]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Span {
    /// The text; for an image its alternative text.
    pub text: String,
    /// The absolute address it links to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Whether it is code.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub code: bool,
    /// Whether it is bold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strong: bool,
    /// Whether it is italic.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emphasis: bool,
    /// Whether it is struck out, so that it no longer holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub struck: bool,
    /// The absolute address of the image it stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

impl Span {
    /// Text without any look.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}
