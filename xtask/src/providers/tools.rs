//! The clients and Prism, installed from the packages' registries into a folder that goes away again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use cluster::child::{output, program};
use tokio::time::timeout;

/// Prism, and Notion's own client.
const NODE: [&str; 2] = ["@stoplight/prism-cli@5.14.2", "@notionhq/client@5.26.0"];
/// Google's own client, and those that others wrote for Zendesk and Confluence.
const PYTHON: [&str; 3] = ["google-api-python-client==2.202.0", "zenpy==2.0.57", "atlassian-python-api==5.0.5"];
/// A registry that takes longer does not answer.
const PATIENCE: Duration = Duration::from_secs(100);

/// What could be installed.
pub struct Tools {
    prism: Option<PathBuf>,
    has_python: bool,
}

impl Tools {
    /// Installs what can be had and says what cannot.
    pub async fn install(folder: &Path) -> Result<Self> {
        let target = folder.join("python");
        let target = target.to_str().context("the temporary folder has a name that is not text")?;
        let node = [&["install", "--no-audit", "--no-fund", "--loglevel=error"], &NODE[..]].concat();
        let python = [&["-m", "pip", "install", "--quiet", "--target", target], &PYTHON[..]].concat();
        let (node, python) = tokio::join!(could("npm", folder, &node), could("python3", folder, &python));
        let prism = node.then(|| folder.join("node_modules/.bin/prism"));
        Ok(Self { prism, has_python: python })
    }

    /// Prism's program.
    pub fn prism(&self) -> Option<&Path> {
        self.prism.as_deref()
    }

    pub fn has_node(&self) -> bool {
        self.prism.is_some()
    }

    pub fn has_python(&self) -> bool {
        self.has_python
    }
}

/// Whether a program could do its work; if not, the reason is printed.
async fn could(name: &str, folder: &Path, arguments: &[&str]) -> bool {
    let reason = match timeout(PATIENCE, output(program(name, folder, arguments))).await {
        Ok(Ok(_)) => return true,
        Ok(Err(error)) => format!("{error:#}"),
        Err(_) => format!("no answer in {} seconds", PATIENCE.as_secs()),
    };
    println!("providers: skipped what `{name}` would install: {}", reason.lines().next().unwrap_or_default());
    false
}
