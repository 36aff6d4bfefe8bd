//! `cargo xtask`: every command a developer or a CI machine needs.

mod bench;
mod check;
mod fuzz;
mod generate;
mod providers;
mod root;
mod simulate;
mod suite;
mod tidy;
mod torture;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

use crate::bench::{Extract, Hostile, Queue};
use crate::fuzz::Fuzz;
use crate::root::root;
use crate::suite::Suite;
use crate::torture::Torture;
use cluster::Server;

/// Every command a developer needs, and exactly what CI runs.
///
/// Before a change is handed in: `cargo xtask ci`. While working: `cargo xtask check` and `cargo xtask test NAME`.
#[derive(Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", max_term_width = 110)]
enum Command {
    /// Check without running: tidy, formatting, and clippy with every warning an error.
    Check,
    /// Run the tests, with a temporary PostgreSQL beside them.
    ///
    /// PostgreSQL 15 or later is looked for on PATH and where packages put it; where apt-get is at hand a missing one
    /// is installed. It listens on 127.0.0.1 only, on a free port, with its files in a temporary folder, and is gone
    /// when the command ends, however it ends. The last line printed is the count.
    #[command(
        after_help = "Examples:\n  cargo xtask test                 everything\n  cargo xtask test -p store        \
                            one crate\n  cargo xtask test -p store lease  the tests of that crate with `lease` in their name"
    )]
    Test(Suite),
    /// Check what compilers do not: import circles, edges between crates, names, stale paths in documents.
    ///
    /// Each complaint is one line, `path:line: what is wrong; the mend`.
    Tidy,
    /// Write the committed files that are made from code: docs/openapi.json.
    Gen {
        /// Change nothing; fail when a file is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Bring up a temporary PostgreSQL, print its URL, and keep it until Ctrl-C.
    #[command(after_help = "To run one test from an editor: export GLEANER_TEST_POSTGRES with the printed URL.")]
    Db,
    /// Run the queue in virtual time: scenarios, growing sizes, short histories with crashes; `simulate help` tells more.
    Simulate {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Kill, freeze, cut off and starve real processes, and judge them by what anybody outside can see.
    ///
    /// The full run takes hours; `--quick` takes minutes. What is provoked and how stands in docs/reliability.md.
    #[command(
        after_help = "Examples:\n  cargo xtask torture --quick\n  cargo xtask torture kill calls --kills 2000 --seed 7\n  \
                            cargo xtask torture power --database sqlite --cuts 50"
    )]
    Torture(Torture),
    /// Measure against the bare database and other systems.
    #[command(subcommand)]
    Bench(Bench),
    /// Look for input that breaks a reader, the promises of every document, or the talk with parser children.
    ///
    /// The inputs that reach new code are kept in fuzz/corpus, those that break something in fuzz/findings.
    #[command(after_help = "Examples:\n  cargo xtask fuzz html --minutes 30\n  \
                            cargo xtask fuzz html -- findings/html-crash-…   one finding again")]
    Fuzz(Fuzz),
    /// Try the fakes of providers with the vendors' own clients, Prism between them.
    ///
    /// What is needed is installed from npm and `PyPI` into a temporary folder; where they do not answer it is left out, and
    /// that is printed. The vendors' documents are read from the folder that `GLEANER_VENDOR_SPECS` names.
    Providers,
    /// All of it: check, gen --check, providers, test.
    Ci(Suite),
}

#[derive(Subcommand)]
enum Bench {
    /// How the queue stands beside bare statements and other queues; docs/benchmarks/queue.md explains the table.
    #[command(
        after_help = "Examples:\n  cargo xtask bench queue                  everything, with the other queues\n  \
                            cargo xtask bench queue --quick          a look, in about two minutes\n  \
                            cargo xtask bench queue --only drain     one measure\n  \
                            cargo xtask bench queue -- --help        every flag"
    )]
    Queue(Queue),
    /// How our extraction stands beside other extractors; docs/benchmarks/extract.md explains the tables.
    #[command(
        after_help = "Examples:\n  cargo xtask bench extract --sets DIR               everything, with the other extractors\n  \
                            cargo xtask bench extract --sets DIR --quick       a look: one round, a part of the pages\n  \
                            cargo xtask bench extract --sets DIR --no-peers    ours alone\n  \
                            cargo xtask bench extract -- --help                every flag"
    )]
    Extract(Extract),
    /// What files that are made to hurt cost the program; docs/benchmarks/hostile.md explains the table.
    #[command(after_help = "Examples:\n  cargo xtask bench hostile                          every file\n  \
                            cargo xtask bench hostile --only pdf               one format, or a word of the name\n  \
                            cargo xtask bench hostile -- --help                every flag")]
    Hostile(Hostile),
}

fn main() -> ExitCode {
    let command = Command::parse();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("could not start the runtime")
        .and_then(|runtime| runtime.block_on(until_told_to_stop(command)));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// On a signal the running command is dropped: its guards end the child programs and remove the temporary files.
async fn until_told_to_stop(command: Command) -> Result<ExitCode> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        outcome = run(command) => outcome.map(|is_well| if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
        _ = interrupt.recv() => Ok(ExitCode::from(130)),
        _ = terminate.recv() => Ok(ExitCode::from(143)),
        _ = hang_up.recv() => Ok(ExitCode::from(129)),
    }
}

/// Whether all is well; what is not has been printed.
async fn run(command: Command) -> Result<bool> {
    match command {
        Command::Check => check::run().await?,
        Command::Test(suite) => return report(&suite).await,
        Command::Tidy => tidy::run(root())?,
        Command::Gen { check } => generate::run(check).await?,
        Command::Db => {
            let mut server = Server::start().await?;
            println!("{}", server.url());
            server.ended().await?;
        }
        Command::Simulate { arguments } => simulate::run(&arguments).await?,
        Command::Torture(torture) => torture.run().await?,
        Command::Bench(Bench::Queue(queue)) => queue.run().await?,
        Command::Bench(Bench::Extract(extract)) => extract.run().await?,
        Command::Bench(Bench::Hostile(hostile)) => hostile.run().await?,
        Command::Fuzz(fuzz) => fuzz.run().await?,
        Command::Providers => providers::run().await?,
        Command::Ci(suite) => {
            let mut is_well = true;
            let steps = [
                ("check", check::run().await),
                ("gen --check", generate::run(true).await),
                ("providers", providers::run().await),
            ];
            for (name, outcome) in steps {
                if let Err(error) = outcome {
                    eprintln!("error: {name}: {error:#}");
                    is_well = false;
                }
            }
            return Ok(report(&suite).await? && is_well);
        }
    }
    Ok(true)
}

/// Runs the tests and prints their count as the last line.
async fn report(suite: &Suite) -> Result<bool> {
    let count = suite.run().await?;
    println!("gleaner: {count}");
    Ok(count.failed == 0)
}
