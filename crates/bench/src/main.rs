//! `bench-queue`: how the queue stands beside the bare database and beside other queues, all in one run.

mod ground;
mod http;
mod load;
mod measures;
mod ours;
mod pages;
mod raw;
mod report;
mod statistics;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;

use crate::measures::{NAMES, Scale};
use crate::report::Report;

/// Measures the queue, in turns with the bare database and with other queues.
///
/// Only ratios within one run mean anything: both sides of one share every disturbance. `cargo xtask bench queue` brings up
/// the PostgreSQL server that is needed and runs this.
#[derive(Parser)]
#[command(name = "bench-queue", max_term_width = 110)]
struct Arguments {
    /// Only the measures whose name starts so; may be repeated.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// How many rounds count.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(3..))]
    rounds: u8,
    /// Short rounds and small tables: a look, not a result.
    #[arg(long)]
    quick: bool,
    /// Where the table goes as Markdown, beside the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let mut report = Report::default();
    let scale = arguments.scale();
    for name in arguments.measures()? {
        eprintln!("{name}");
        measures::take(name, &scale, &mut report).await.with_context(|| format!("the measure {name} ended early"))?;
    }
    println!("{report}");
    if let Some(path) = &arguments.out {
        std::fs::write(path, format!("{report}\n")).with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Arguments {
    fn scale(&self) -> Scale {
        if self.quick {
            return Scale { rounds: 3, slice: Duration::from_millis(500), jobs: 4_000 };
        }
        Scale { rounds: usize::from(self.rounds), slice: Duration::from_secs(2), jobs: 20_000 }
    }

    fn measures(&self) -> Result<Vec<&'static str>> {
        let names = NAMES.map(|(name, _)| name);
        for only in &self.only {
            ensure!(
                names.iter().any(|name| name.starts_with(only.as_str())),
                "no measure starts with {only:?}; there are {}",
                names.join(", ")
            );
        }
        let is_wanted = |name: &&str| self.only.is_empty() || self.only.iter().any(|only| name.starts_with(only.as_str()));
        Ok(names.into_iter().filter(is_wanted).collect())
    }
}
