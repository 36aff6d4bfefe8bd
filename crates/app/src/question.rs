//! A question to a person at a terminal.

use std::io::{IsTerminal, Write};

use anyhow::{Context, bail};

/// Asks a person at a terminal. A script has to say beforehand that it means it.
pub fn confirm(question: &str) -> anyhow::Result<()> {
    if !std::io::stdin().is_terminal() {
        bail!("{question} There is no terminal to ask at, so nothing was changed; say --yes to do it");
    }
    eprint!("{question} [y/N] ");
    std::io::stderr().flush().context("standard error")?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("standard input")?;
    if !matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        bail!("nothing was changed");
    }
    Ok(())
}
