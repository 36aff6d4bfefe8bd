//! `bench-queue`: how the queue stands beside the bare database and beside other queues, all in one run.

mod ground;
mod http;
mod load;
mod measures;
mod ours;
mod pages;
mod peers;
mod raw;
mod report;
mod scale;
mod statistics;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;

use crate::measures::NAMES;
use crate::peers::Peers;
use crate::report::Report;
use crate::scale::Scale;

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
    /// Short rounds, small tables and no other queues: a look, not a result.
    #[arg(long)]
    quick: bool,
    /// Leave the other queues out; they are fetched from the package registries.
    #[arg(long)]
    no_peers: bool,
    /// Where the table goes as Markdown, beside the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let mut report = Report::default();
    let (scale, peers) = (arguments.scale(), Peers::new(arguments.without_peers())?);
    for name in arguments.measures()? {
        eprintln!("{name}");
        if let Err(error) = measures::take(name, &scale, &peers, &mut report).await {
            report.ended_early(name, &format!("{error:#}"));
        }
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
            return Scale {
                rounds: 3,
                slice: Duration::from_millis(400),
                jobs: 4_000,
                samples: 45,
                many: 30_000,
                backlog: 5_000,
                hold: Duration::from_secs(10),
                watch: Duration::from_secs(10),
                workers: 20,
            };
        }
        Scale {
            rounds: usize::from(self.rounds),
            slice: Duration::from_secs(2),
            jobs: 20_000,
            samples: 300,
            many: 1_000_000,
            backlog: 200_000,
            hold: Duration::from_secs(100),
            watch: Duration::from_mins(1),
            workers: 200,
        }
    }

    fn without_peers(&self) -> Option<&'static str> {
        if self.no_peers { Some("--no-peers") } else { self.quick.then_some("--quick") }
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
        let is_wanted =
            |name: &&str| self.only.is_empty() || self.only.iter().any(|only| name.starts_with(only.as_str()));
        Ok(names.into_iter().filter(is_wanted).collect())
    }
}
