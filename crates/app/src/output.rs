//! Standard output: results go there and nothing else. A reader that has seen enough is no error.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use anyhow::Context;

/// Prints a line.
pub fn line(text: impl Display) -> anyhow::Result<()> {
    text_of(format_args!("{text}\n"))
}

/// Prints text that ends its own lines.
pub fn text_of(text: impl Display) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    write!(output, "{text}").and_then(|()| output.flush()).context("cannot write to standard output")
}

/// Whether an error only says that the reader of our output is gone.
pub fn is_unread(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<std::io::Error>();
    cause.is_some_and(|cause| cause.kind() == ErrorKind::BrokenPipe)
}
