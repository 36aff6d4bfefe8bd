//! `bench-extract`: our extraction beside other extractors, on the same pages, by one scorer, in one run.

mod gauge;
mod peers;
mod race;
mod reader;
mod report;
mod sets;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::peers::Peers;
use crate::report::Report;
use crate::sets::Set;

/// Scores our extraction beside other extractors', and times them in turns.
///
/// Quality is compared with gold texts. Of speeds only ratios within one run mean anything: all share every disturbance.
#[derive(Parser)]
#[command(name = "bench-extract", max_term_width = 110, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// The folder of sets. A set is a folder with gold.jsonl[.gz] (`id`, `url`, `type`, `text`, for some `with` and `without`)
    /// and html/ID.html[.gz].
    #[arg(long, value_name = "DIR", env = "GLEANER_BENCH_SETS", required = true)]
    sets: Option<PathBuf>,
    /// Only this set; may be repeated.
    #[arg(long, value_name = "SET")]
    only: Vec<String>,
    /// How many rounds are timed; the median counts.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
    /// One round and a part of the pages: a look, not a result.
    #[arg(long)]
    quick: bool,
    /// Leave the other extractors out; they are fetched from the package registries.
    #[arg(long)]
    no_peers: bool,
    /// Where the tables go as Markdown, beside the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(subcommand)]
    inner: Option<Inner>,
}

#[derive(Subcommand)]
enum Inner {
    /// Read the pages of an index and write their texts; what the run starts for our side.
    #[command(hide = true)]
    Read { index: PathBuf, out: PathBuf },
}

/// So many pages of each set are a look.
const A_LOOK: usize = 60;

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if let Some(Inner::Read { index, out }) = &arguments.inner {
        reader::read(index, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = tempfile::Builder::new().prefix("gleaner-contest-").tempdir()?;
    let most = if arguments.quick { A_LOOK } else { usize::MAX };
    let from = arguments.sets.context("--sets names the folder of sets")?;
    let sets = Set::load_all(&from, &arguments.only, folder.path(), most)?;
    let peers = Peers::fetch(&folder.path().join("peers"), arguments.no_peers);
    let rounds = if arguments.quick { 1 } else { arguments.rounds };
    let results = race::run(&sets, &peers.readers, usize::from(rounds), folder.path())?;
    let report = Report { results, absent: peers.absent, is_a_look: arguments.quick };
    println!("{report}");
    if let Some(path) = &arguments.out {
        std::fs::write(path, format!("{report}\n")).with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
