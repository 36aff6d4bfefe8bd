//! The files of the workspace, read once for all rules.

use std::path::Path;

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

/// Folders that hold nothing of ours: builds, git's own files, a developer's data.
const NOT_OURS: [&str; 4] = ["target", ".git", "gleaner-data", "node_modules"];
/// Folders whose files say what the world says, in its words.
const QUOTED: [&str; 3] = ["fixtures", "snapshots", "vendor"];
/// What others built and we hand on, by its file name.
const BUILT: [&str; 2] = ["-bundle.", ".min."];

/// Every file, in the order of paths.
pub struct Tree {
    files: Vec<File>,
}

/// One file.
pub struct File {
    /// Its path in the workspace, with `/`.
    pub path: String,
    /// Its text; empty when it has none.
    pub text: String,
}

impl Tree {
    /// Reads the files below `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let entries = WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(is_ours);
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry?;
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(root)?.to_str().context("a path is not UTF-8")?.replace('\\', "/");
                let bytes = std::fs::read(entry.path()).with_context(|| format!("could not read {path}"))?;
                files.push(File { path, text: String::from_utf8(bytes).unwrap_or_default() });
            }
        }
        Ok(Self { files })
    }

    /// A tree of made-up files.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files.iter().map(|&(path, text)| File { path: path.to_owned(), text: text.to_owned() }).collect(),
        }
    }

    /// The files whose words are ours.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        let is_quoted = |path: &str| path.split('/').any(|part| QUOTED.contains(&part));
        let is_built = |path: &str| BUILT.iter().any(|mark| path.contains(mark));
        self.files.iter().filter(move |file| !is_quoted(&file.path) && !is_built(&file.path))
    }

    /// The Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files().filter(|file| file.kind() == "rs")
    }

    /// The paths below `folder`, which ends in `/`, without it.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        self.files.iter().filter_map(move |file| file.path.strip_prefix(folder))
    }

    /// Whether there is a file or folder of this name.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.files.iter().any(|file| {
            file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || path.is_empty())
        })
    }
}

impl File {
    /// What its name ends in, without the dot.
    pub fn kind(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, kind)| kind)
    }

    /// Whether the file is test code and nothing else.
    pub fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// The lines with their numbers, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

fn is_ours(entry: &DirEntry) -> bool {
    !(entry.file_type().is_dir() && entry.file_name().to_str().is_some_and(|name| NOT_OURS.contains(&name)))
}
