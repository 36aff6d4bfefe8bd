//! Where the workspace is, and where its programs are built.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;

/// The folder of the workspace, wherever the command was started. Cargo says which at each run: a program that was built for
/// another checkout of the same sources is taken from a shared build folder as it is.
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let own = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        own.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR"))).join("..")
    })
}

/// The folder that cargo builds into, which the environment may name.
pub fn target() -> Result<PathBuf> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec();
    Ok(metadata.context("could not read the workspace's manifests")?.target_directory.into_std_path_buf())
}
