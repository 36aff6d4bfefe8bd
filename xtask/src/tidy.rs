//! `tidy`: the rules that no compiler keeps. Each rule is a file, and each complaint names its mend.

mod complaint;
mod crates;
mod documents;
mod imports;
mod migrations;
mod names;
mod store;
mod tested;
mod texts;
mod tree;

use std::path::Path;

use anyhow::{Result, bail};

use self::complaint::Complaint;
use self::tree::Tree;

/// Prints every complaint about the workspace at `root`; an error when there was one.
pub fn run(root: &Path) -> Result<()> {
    let complaints = complaints(root)?;
    for complaint in &complaints {
        println!("{complaint}");
    }
    match complaints.len() {
        0 => Ok(()),
        1 => bail!("one thing to tidy up"),
        more => bail!("{more} things to tidy up"),
    }
}

fn complaints(root: &Path) -> Result<Vec<Complaint>> {
    let tree = Tree::read(root)?;
    let workspace = crates::Workspace::read(root)?;
    let rules = [
        workspace.check(&tree),
        documents::check(&tree, &workspace.names()),
        imports::check(&tree),
        migrations::check(&tree),
        names::check(&tree),
        store::check(&tree),
        tested::check(&tree),
        texts::check(&tree),
    ];
    let mut complaints = rules.concat();
    complaints.sort();
    complaints.dedup();
    Ok(complaints)
}

#[cfg(test)]
mod tests {
    use super::complaints;
    use crate::root::root;

    /// So that `cargo test` alone keeps the rules.
    #[test]
    fn the_workspace_is_tidy() {
        let complaints = complaints(root()).unwrap();
        let list: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        assert!(list.is_empty(), "\n{}\n", list.join("\n"));
    }
}
