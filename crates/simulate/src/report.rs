//! The report: the same figures as a table in a terminal and as a Markdown page with its picture.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use comfy_table::{Table, presets};

/// A table with its title.
pub struct Section {
    pub title: String,
    pub heads: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

impl Section {
    /// For a terminal.
    pub fn shown(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED).set_header(&self.heads).add_rows(&self.rows);
        format!("\n{}\n{table}", self.title)
    }

    fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let heads: Vec<String> = self.heads.iter().map(ToString::to_string).collect();
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("## {}\n\n{}|{}\n{rows}\n", self.title, line(&heads), "---|".repeat(heads.len()))
    }
}

/// Writes the page and the picture beside it.
pub fn write(folder: &Path, command: &str, sections: &[Section], svg: &str) -> Result<()> {
    let mut page = format!(
        "# The queue in simulation\n\n\
         Many workers, hosts and workspaces in virtual time, on the reference queue that the store is compared with step by step.\n\
         In every run it is checked that no host is asked before its gap is over or for more documents at once than allowed, that\n\
         no document is lost, runs twice at once, ends by somebody who does not hold it or is tried too often, and that every one\n\
         ends within its bound. A broken rule ends the command with an error. Made by `{command}`; the same seed gives the same figures,\n\
         real time apart.\n\n\
         *Fairness* is Jain's index over what imports got while all of them waited for workers, by weight and cost: 1 is equal. A\n\
         *drought* is the most runs of others in a row meanwhile. A *newcomer* is a page that somebody waits for; its wait is counted in\n\
         runs that began before it. 128 documents run at once where nothing else is said.\n\n\
         ![shares](simulation.svg)\n\n"
    );
    for section in sections {
        let _ = write!(page, "{}", section.markdown());
    }
    fs::create_dir_all(folder).context("could not make the folder of the report")?;
    let page = page.trim_end().to_owned() + "\n";
    fs::write(folder.join("simulation.md"), page).context("could not write simulation.md")?;
    fs::write(folder.join("simulation.svg"), svg).context("could not write simulation.svg")
}
