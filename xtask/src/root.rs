//! Where the workspace is, and where its programs are built.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;

/// The folder of the workspace, wherever the command was started.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The folder that cargo builds into, which the environment may name.
pub fn target() -> Result<PathBuf> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec();
    Ok(metadata.context("could not read the workspace's manifests")?.target_directory.into_std_path_buf())
}
