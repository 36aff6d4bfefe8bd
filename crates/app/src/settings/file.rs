//! `gleaner.toml`: the same names as the flags.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use crate::duration::Span;

/// What the file sets. A name that does not exist is refused: it is a typo.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileSettings {
    pub data: Option<PathBuf>,
    pub database: Option<String>,
    pub workspace: Option<String>,
    pub listen: Option<SocketAddr>,
    pub metrics: Option<bool>,
    pub log: Option<String>,
    pub allow_private: Option<Vec<String>>,
    pub allow_ports: Option<Vec<u16>>,
    pub about: Option<String>,
    pub proxy: Option<String>,
    pub host_delay: Option<Span>,
    pub host_concurrency: Option<i64>,
    pub host_daily: Option<i64>,
    pub crawl_delay_cap: Option<Span>,
    pub first_byte: Option<Span>,
    pub fetch_time: Option<Span>,
    pub max_bytes: Option<u64>,
    pub concurrency: Option<usize>,
    pub parsers: Option<usize>,
    pub lease: Option<Span>,
    pub retry_base: Option<Span>,
    pub attempts: Option<i64>,
    pub grace: Option<Span>,
    pub gone_after: Option<Span>,
}

/// Reads the file.
pub fn read(path: &Path) -> anyhow::Result<FileSettings> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not a valid configuration", path.display()))
}
