//! Which crate may know which: the picture of the workspace, and who alone may use a dependency.

use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::{Dependency, DependencyKind, Metadata, MetadataCommand, Package};

use super::complaint::Complaint;
use super::tree::Tree;

/// Each crate and what it may use. Arrows only go down; crates on one level do not see each other.
const PICTURE: [(&str, &[&str]); 17] = [
    ("model", &[]),
    ("extract", &["model"]),
    ("diff", &[]),
    ("store", &["model"]),
    ("connect", &["model"]),
    ("reference", &["model"]),
    ("simulate", &["model", "reference"]),
    ("pipeline", &["model", "extract", "diff", "store", "connect"]),
    ("web", &["model", "extract", "diff", "store"]),
    ("app", &["model", "extract", "diff", "store", "connect", "pipeline", "web"]),
    ("testkit", &["model"]),
    ("cluster", &[]),
    ("torture", &["model", "cluster", "testkit"]),
    // It plays the caller, the worker and the bare database, and is in no program that is handed out.
    ("bench", &["model", "store", "pipeline", "web", "testkit"]),
    ("contest", &["extract"]),
    ("hostile", &["extract"]),
    ("xtask", &["cluster"]),
];
/// Only tests may use them, and the developers' programs that the picture names.
const FOR_TESTS: [&str; 4] = ["testkit", "cluster", "torture", "reference"];
/// Dependencies that are one crate's business. Tests are exempt: they play the other side.
const RESERVED: [(&str, &[&str]); 5] = [
    ("sqlx", &["store", "testkit"]),
    ("reqwest", &["connect"]),
    ("axum", &["web", "testkit"]),
    // The bare side of the benchmark holds the only other SQL.
    ("tokio-postgres", &["bench"]),
    ("rusqlite", &["bench"]),
];

/// The crates of the workspace, as cargo sees them.
pub struct Workspace(Metadata);

impl Workspace {
    /// Asks cargo; without resolving, so without the network.
    pub fn read(root: &Path) -> Result<Self> {
        let manifest = root.join("Cargo.toml");
        let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec();
        metadata.context("could not read the workspace's manifests").map(Self)
    }

    /// The names of the crates.
    pub fn names(&self) -> Vec<String> {
        self.0.packages.iter().map(|package| package.name.to_string()).collect()
    }

    /// Every edge that is not in the picture.
    pub fn check(&self, tree: &Tree) -> Vec<Complaint> {
        let names = self.names();
        let mut complaints = Vec::new();
        for package in &self.0.packages {
            let manifest = package.manifest_path.strip_prefix(&self.0.workspace_root).unwrap_or(&package.manifest_path);
            let mut complain = |what: &str, text| {
                complaints.push(Complaint::new(manifest.as_str(), line_of(tree, manifest.as_str(), what), text));
            };
            if !PICTURE.iter().any(|(name, _)| package.name == *name) {
                let text = "is not in the picture; add it to ARCHITECTURE.md and xtask/src/tidy/crates.rs";
                complain("name", format!("`{}` {text}", package.name));
            }
            for dependency in &package.dependencies {
                let problem = if names.contains(&dependency.name) {
                    inner(package, dependency)
                } else {
                    reserved(package, dependency)
                };
                if let Some(text) = problem {
                    complain(dependency.rename.as_ref().unwrap_or(&dependency.name), text);
                }
            }
        }
        complaints
    }
}

fn inner(package: &Package, dependency: &Dependency) -> Option<String> {
    let (crate_name, used) = (package.name.as_str(), dependency.name.as_str());
    let may_use = PICTURE.iter().find(|(name, _)| *name == crate_name).map_or(&[][..], |(_, may_use)| may_use);
    if FOR_TESTS.contains(&used) && !may_use.contains(&used) {
        let text = format!("`{used}` is for tests; move it to [dev-dependencies]");
        return (dependency.kind != DependencyKind::Development).then_some(text);
    }
    let text = format!("`{crate_name}` may not know `{used}`; move the shared type to `model`, or the work up a level");
    (!may_use.contains(&used)).then_some(text)
}

fn reserved(package: &Package, dependency: &Dependency) -> Option<String> {
    let (_, users) = RESERVED.iter().find(|(name, _)| dependency.name == *name)?;
    let is_free = dependency.kind == DependencyKind::Development || users.contains(&package.name.as_str());
    let users = users.join("` and `");
    let text = format!("only `{users}` may use `{}`; ask that crate for what is needed", dependency.name);
    (!is_free).then_some(text)
}

fn line_of(tree: &Tree, path: &str, key: &str) -> usize {
    let starts = |line: &str| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
    let file = tree.files().find(|file| file.path == path);
    file.and_then(|file| file.lines().find(|(_, line)| starts(line))).map_or(1, |(line, _)| line)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Workspace;
    use crate::tidy::tree::Tree;

    /// The complaints about crates with these dependency sections.
    fn found(crates: &[(&str, &str)]) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n").unwrap();
        for (name, dependencies) in crates {
            let folder = root.path().join(name);
            fs::create_dir_all(folder.join("src")).unwrap();
            fs::write(folder.join("src/lib.rs"), "").unwrap();
            let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n{dependencies}\n");
            fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        }
        let root = fs::canonicalize(root.path()).unwrap();
        let complaints = Workspace::read(&root).unwrap().check(&Tree::read(&root).unwrap());
        complaints.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn finds_edges_that_are_not_in_the_picture() {
        let model = ("model", "");
        let store = ("store", "[dependencies]\nmodel = { path = \"../model\" }\nsqlx = \"0.9\"");
        let testkit = ("testkit", "[dependencies]\naxum = \"0.8\"\nsqlx = \"0.9\"");
        let cases: [(&[(&str, &str)], &str); 9] = [
            (&[model, store, testkit], ""),
            (
                &[("model", "[dependencies]\nstore = { path = \"../store\" }"), ("store", "")],
                "model/Cargo.toml:5: `model` may not know `store`",
            ),
            (
                &[model, ("diff", "[dependencies]\nextract = { path = \"../extract\" }"), ("extract", "")],
                "`diff` may not know `extract`",
            ),
            (
                &[testkit, ("web", "[dependencies]\ntestkit = { path = \"../testkit\" }")],
                "move it to [dev-dependencies]",
            ),
            (&[testkit, ("web", "[dev-dependencies]\ntestkit = { path = \"../testkit\" }\nreqwest = \"0.13\"")], ""),
            (
                &[(
                    "pipeline",
                    "[target.'cfg(unix)'.dependencies]\nhttp = { package = \"reqwest\", version = \"0.13\" }",
                )],
                "pipeline/Cargo.toml:5: only `connect` may use `reqwest`",
            ),
            (&[testkit, ("bench", "[dependencies]\ntestkit = { path = \"../testkit\" }\nrusqlite = \"0.39\"")], ""),
            (&[("web", "[dependencies]\ntokio-postgres = \"0.7\"")], "only `bench` may use `tokio-postgres`"),
            (&[("extra", "")], "`extra` is not in the picture"),
        ];
        for (crates, expected) in cases {
            let found = found(crates);
            match expected {
                "" => assert!(found.is_empty(), "{crates:?}: {found:?}"),
                _ => assert!(found.len() == 1 && found[0].contains(expected), "{crates:?}: {found:?}"),
            }
        }
    }
}
