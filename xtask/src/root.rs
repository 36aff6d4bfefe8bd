//! Where the workspace is.

use std::path::Path;

/// The folder of the workspace, wherever the command was started.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
