//! What parent and child say to each other over the child's standard input and output.
//!
//! The child says [`HELLO`] once, and whether the kernel confines it. Then, for each document: the parent sends a request, the child says [`READY`], the
//! parent sends the body, the child answers. So a parent learns that an idle child is gone before it has used up the body.

use extract::{Extracted, Hint};
use model::{Failure, FailureCode};
use serde::{Deserialize, Serialize};

/// The child's first words. Whatever came before them was printed by its loader.
pub const HELLO: &[u8; 16] = b"gleaner-parser-2";

/// The kernel refuses the child everything but reading and answering.
pub const CONFINED: u8 = 0x0e;

/// Only limits on memory, time and files hold.
pub const OPEN: u8 = 0x0f;

/// The child has read the request and waits for the body.
pub const READY: u8 = 0x06;

/// The most bytes of an answer, which holds the text about twice. The parent unpacks it beside those of other parsers: a
/// million tiny paragraphs would cost it ten times this.
pub const MAX_ANSWER: usize = 32 * 1024 * 1024;

/// What the child is asked to read. On the wire: the length as four bytes, little end first, then JSON.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    /// What is known about the document.
    pub hint: Hint,
    /// How many bytes of body follow.
    pub length: u64,
    /// How many bytes of address space reading may take.
    pub memory_bytes: u64,
    /// How many seconds of processor time reading may take.
    pub cpu_secs: u64,
}

/// What came of it, in the same frame.
pub type Answer = Result<Extracted, Refusal>;

/// The refusal of a text beyond [`MAX_ANSWER`].
pub fn too_much_text() -> Failure {
    let text = format!("its text takes more than {} MiB; split the page", MAX_ANSWER / 1024 / 1024);
    Failure::new(FailureCode::TooLarge, text)
}

/// A failure as it travels.
#[derive(Debug, Serialize, Deserialize)]
pub struct Refusal {
    code: String,
    text: String,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { code: failure.code.to_string(), text: failure.text }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let code = FailureCode::ALL.iter().copied().find(|code| code.as_str() == refusal.code);
        Self::new(code.unwrap_or(FailureCode::Internal), refusal.text)
    }
}
