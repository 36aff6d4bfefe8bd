//! The queue in virtual time: scenarios, growing sizes, and many short histories with crashes, each checked throughout.

mod crew;
mod fairness;
mod growth;
mod histories;
mod measured;
mod plan;
mod plot;
mod random;
mod report;
mod scenarios;
mod tally;
mod watch;
mod world;

use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use measured::{Measured, grouped};
use plot::Course;
use reference::Fault;
use report::Section;

/// Simulate the queue in virtual time, with every rule checked at every step.
///
/// Workers, hosts, crashes and clocks are simulated; the queue is the reference that the store is compared with. The same seed
/// gives the same run.
#[derive(Parser)]
#[command(name = "simulate", max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Run the scenarios and print fairness, waits and politeness; all of them, or those named.
    Scenarios {
        names: Vec<String>,
        /// How many pages the largest scenarios have.
        #[arg(long, default_value_t = 100_000)]
        pages: u32,
    },
    /// Show what a page costs as the work grows tenfold at a time.
    Grow {
        /// The largest size; 10,000,000 needs about 4 GB of memory.
        #[arg(long, default_value_t = 1_000_000)]
        to: u32,
        /// How many processes work, with 8 documents each.
        #[arg(long, default_value_t = 1_000)]
        workers: u32,
    },
    /// Walk over short random histories, each again with a crash at each of its events.
    #[command(
        after_help = "A broken rule is printed with its seed; see it again with `simulate replay SEED [--crash-at EVENT]`."
    )]
    Histories {
        #[arg(long, default_value_t = 1_000_000)]
        count: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Run one history again.
    Replay {
        seed: u64,
        #[arg(long)]
        crash_at: Option<u64>,
    },
    /// Break each rule on purpose, and fail unless the checks notice.
    Controls,
    /// Scenarios, sizes, controls and histories, written to a Markdown page and its picture.
    Report {
        #[arg(long, default_value = "docs/benchmarks")]
        folder: PathBuf,
        #[arg(long, default_value_t = 100_000)]
        pages: u32,
        #[arg(long, default_value_t = 1_000_000)]
        to: u32,
        #[arg(long, default_value_t = 100_000)]
        histories: u64,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().what {
        What::Scenarios { names, pages } => {
            let (section, _) = scenarios(&names, pages)?;
            println!("{}", section.shown());
        }
        What::Grow { to, workers } => println!("{}", growth(to, workers)?.shown()),
        What::Histories { count, seed } => println!("{}", walk(count, seed)?.shown()),
        What::Replay { seed, crash_at } => replay(seed, crash_at)?,
        What::Controls => println!("{}", controls()?.shown()),
        What::Report { folder, pages, to, histories } => {
            let (first, svg) = scenarios(&[], pages)?;
            let sections = [first, growth(to, 1_000)?, walk(histories, 1)?, controls()?];
            for section in &sections {
                println!("{}", section.shown());
            }
            let command = format!("cargo xtask simulate report --pages {pages} --to {to} --histories {histories}");
            report::write(&folder, &command, &sections, &svg)?;
            println!("written to {}", folder.join("simulation.md").display());
        }
    }
    Ok(())
}

/// The table of the scenarios, and their picture.
fn scenarios(names: &[String], pages: u32) -> Result<(Section, String)> {
    let known = |name: &String| scenarios::ALL.iter().any(|scenario| scenario.name == name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let all: Vec<_> = scenarios::ALL.iter().map(|scenario| scenario.name).collect();
        bail!("there is no scenario {unknown:?}; there are {}", all.join(", "));
    }
    let mut done = Vec::new();
    for scenario in
        scenarios::ALL.iter().filter(|scenario| names.is_empty() || names.iter().any(|name| name == scenario.name))
    {
        eprintln!("{}: {}", scenario.name, scenario.about);
        let measured = Measured::of((scenario.plan)(pages)).map_err(|why| anyhow!("{}: {why}", scenario.name))?;
        println!("{}", plot::text(&Course { name: scenario.name, parts: &measured.told.tally.course }));
        done.push((scenario, measured));
    }
    let rows = done.iter().map(|(scenario, measured)| measured.row(scenario.name)).collect();
    let courses: Vec<Course<'_>> = done
        .iter()
        .map(|(scenario, measured)| Course { name: scenario.name, parts: &measured.told.tally.course })
        .collect();
    let svg = plot::svg(&courses);
    Ok((Section { title: "Scenarios".to_owned(), heads: measured::HEADS.to_vec(), rows }, svg))
}

fn growth(to: u32, workers: u32) -> Result<Section> {
    let mut rows = Vec::new();
    let sizes = std::iter::successors(Some(1_000_u32), |size| size.checked_mul(10)).take_while(|size| *size <= to);
    for size in sizes {
        eprintln!("{} pages", grouped(u64::from(size)));
        let grown = growth::grow(size, workers).map_err(|why| anyhow!("{size} pages: {why}"))?;
        eprintln!("  {:?} a page", grown.per_page);
        rows.push(grown.row);
    }
    Ok(Section { title: "What a page costs as the work grows".to_owned(), heads: growth::HEADS.to_vec(), rows })
}

fn walk(count: u64, seed: u64) -> Result<Section> {
    let bar = ProgressBar::new(count);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {human_pos} of {human_len} histories, {per_sec}, {eta} left",
    )?);
    let walked = histories::walk(seed, count, None, |done| bar.set_position(done)).map_err(|broken| {
        let again = broken.crash_at.map_or_else(String::new, |event| format!(" --crash-at {event}"));
        anyhow!("{}\nagain: simulate replay {}{again}", broken.why, broken.seed)
    })?;
    bar.finish_and_clear();
    let figures = [walked.histories, walked.events, walked.grants, walked.repeats, walked.refused];
    let heads = vec!["histories", "events", "runs", "runs again", "late ends refused"];
    let title = format!("Short histories from seed {seed}, with a crash at every event");
    Ok(Section { title, heads, rows: vec![figures.map(grouped).to_vec()] })
}

fn replay(seed: u64, crash_at: Option<u64>) -> Result<()> {
    let mut walked = histories::Walked::default();
    let events = histories::one(seed, crash_at, None, &mut walked).map_err(|broken| anyhow!("{}", broken.why))?;
    println!("seed {seed}: {events} events, {} runs, every rule kept", walked.grants);
    Ok(())
}

/// Each broken rule must be noticed, or the checks are worth nothing.
fn controls() -> Result<Section> {
    let mut rows = Vec::new();
    for (fault, expected) in histories::CONTROLS {
        match histories::walk(1, 10_000, Some(fault), |_| {}) {
            Err(broken) if broken.why.contains(expected) => rows.push(vec![format!("{fault:?}"), broken.why]),
            other => bail!("{fault:?} went unnoticed: {other:?}"),
        }
    }
    let waits = |fault| {
        let plan = plan::Plan { fault, ..scenarios::history(10_000) };
        Measured::of(plan).map(|measured| measured.told.tally.waits.runs(100)).map_err(|why| anyhow!(why))
    };
    let (fair, unfair) = (waits(None)?, waits(Some(Fault::ForgetsServed))?);
    if unfair < 10 * fair.max(1) {
        bail!("{:?} went unnoticed: waits of {fair} and {unfair} runs", Fault::ForgetsServed);
    }
    let said = format!("a workspace with a past waits for {} runs instead of {fair}", grouped(unfair));
    rows.push(vec![format!("{:?}", Fault::ForgetsServed), said]);
    Ok(Section { title: "Rules that were broken on purpose".to_owned(), heads: vec!["rule", "noticed"], rows })
}
