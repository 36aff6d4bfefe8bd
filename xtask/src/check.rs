//! `check`: what can be judged without running anything.

use anyhow::{Result, ensure};

use crate::root::root;
use crate::tidy;
use cluster::child::{self, program};

/// Runs every check even when an earlier one failed: one run shows all there is to mend.
pub async fn run() -> Result<()> {
    let checks = [
        ("tidy", tidy::run(root())),
        ("formatting", cargo(&["fmt", "--all", "--", "--check"]).await),
        ("clippy", cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).await),
    ];
    let mut failed = Vec::new();
    for (name, outcome) in checks {
        if let Err(error) = outcome {
            eprintln!("error: {name}: {error:#}");
            failed.push(name);
        }
    }
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}

async fn cargo(arguments: &[&str]) -> Result<()> {
    child::run(program("cargo", root(), arguments)).await
}
