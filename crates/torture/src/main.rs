//! The program behind `cargo xtask torture`: runs scenarios one after another and prints their table.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use cluster::Server;
use torture::crew::{On, Venue};
use torture::outcome::{Outcome, Verdict, table};
use torture::{Extent, SCENARIOS, Scenario};
use url::Url;

/// Runs `gleaner` through crashes, cuts and freezes, and judges it by what anybody outside can see.
#[derive(Parser)]
#[command(name = "torture", max_term_width = 110)]
struct Args {
    /// Which scenarios; all of them when none is named: kill, calls, takeover, freeze, outage, power, disk, partition,
    /// clock, poison, machines, points, connections, providers.
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// The program under test.
    #[arg(long, value_name = "FILE")]
    program: PathBuf,
    /// The program was built with the feature `faults`.
    #[arg(long)]
    faults: bool,
    /// How many processes are killed, and how many calls are broken off by a kill.
    #[arg(long, value_name = "N")]
    kills: Option<usize>,
    /// How many crashes of PostgreSQL, power cuts and full disks.
    #[arg(long, value_name = "N")]
    cuts: Option<usize>,
    /// How many freezes, takeovers and partitions.
    #[arg(long, value_name = "N")]
    rounds: Option<usize>,
    /// How many items a provider has.
    #[arg(long, value_name = "N")]
    items: Option<usize>,
    /// How many requests a second it may get.
    #[arg(long, value_name = "R")]
    rate: Option<u32>,
    /// Where chance begins; the same seed strikes at the same instants.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// On which database.
    #[arg(long, value_name = "DATABASE", default_value = "both")]
    database: Databases,
    /// A few rounds of each, as in the tests.
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Databases {
    Sqlite,
    Postgres,
    Both,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(outcomes) => {
            println!("{}", table(&outcomes));
            let unwell: Vec<_> = outcomes.iter().filter(|outcome| !outcome.is_well()).collect();
            for outcome in &unwell {
                println!("{outcome}");
            }
            if unwell.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<Vec<Outcome>> {
    let extent = if args.quick { Extent::BRIEF } else { Extent::FULL };
    let extent = Extent {
        kills: args.kills.unwrap_or(extent.kills),
        cuts: args.cuts.unwrap_or(extent.cuts),
        rounds: args.rounds.unwrap_or(extent.rounds),
        items: args.items.unwrap_or(extent.items),
        rate: args.rate.unwrap_or(extent.rate),
        seed: args.seed,
        ..extent
    };
    let chosen = args.scenarios.iter().map(|name| named(name)).collect::<Result<Vec<_>>>()?;
    let chosen = if chosen.is_empty() { SCENARIOS.to_vec() } else { chosen };
    let server = Server::start().await?;
    let program = args.program.canonicalize().with_context(|| format!("no program at {}", args.program.display()))?;
    let venue = Venue { program, has_faults: args.faults, server: Url::parse(&server.url())? };
    let mut outcomes = Vec::new();
    for scenario in chosen {
        for on in [On::Sqlite, On::Postgres].into_iter().filter(|on| wanted(args.database, *on)) {
            if scenario.is_about(on) {
                outcomes.extend(one(scenario, &venue, on, &extent).await);
            }
        }
    }
    Ok(outcomes)
}

/// Runs one scenario and says how it went while the others are still to come.
async fn one(scenario: Scenario, venue: &Venue, on: On, extent: &Extent) -> Vec<Outcome> {
    eprintln!("{} on {} ...", scenario.name(), on.name());
    let start = Instant::now();
    let outcomes = match scenario.lacks() {
        Some(what) => vec![Outcome::skipped(scenario.name(), on.name(), what)],
        None => scenario.run(venue, on, extent).await.unwrap_or_else(|error| {
            let mut verdict = Verdict::default();
            verdict.complain(format!("it could not be carried through: {error:#}"));
            vec![Outcome::new(scenario.name(), on.name(), 0, verdict)]
        }),
    };
    let took = Duration::from_secs(start.elapsed().as_secs());
    for outcome in &outcomes {
        eprintln!("  {outcome} ({took:?})");
    }
    outcomes
}

fn wanted(databases: Databases, on: On) -> bool {
    match databases {
        Databases::Both => true,
        Databases::Sqlite => on == On::Sqlite,
        Databases::Postgres => on == On::Postgres,
    }
}

fn named(name: &str) -> Result<Scenario> {
    let Some(scenario) = SCENARIOS.into_iter().find(|scenario| scenario.name() == name) else {
        let names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name()).collect();
        bail!("there is no scenario {name:?}; there are: {}", names.join(", "))
    };
    Ok(scenario)
}
