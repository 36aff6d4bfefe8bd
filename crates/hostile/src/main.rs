//! `bench-hostile`: files that are made to hurt, each read by `gleaner extract`, and what that costs.

mod measure;
mod report;
mod shape;
mod shapes;
mod stack;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};

use crate::measure::Cost;
use crate::report::{Report, Row};
use crate::shape::Shape;

/// Makes files that are made to hurt, has each read by a process of its own, and measures it with all its children.
///
/// Every file has to end in a text or in a reason, within bounds of processor time and memory. Time that others had the
/// processor does not count.
#[derive(Parser)]
#[command(name = "bench-hostile", max_term_width = 110, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// The program that reads: `gleaner`, built for release.
    #[arg(long, value_name = "FILE", required = true)]
    program: Option<PathBuf>,
    /// Only files in whose format and name this stands; may be repeated.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// How large a file is about, in MiB; those that count their parts have the size that these give.
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    mib: u16,
    /// Where the tables go as Markdown, beside the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the files into this folder and read none.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    #[command(subcommand)]
    inner: Option<Inner>,
}

#[derive(Subcommand)]
enum Inner {
    /// Run a command and print what it and its children took; what the run starts for each file.
    #[command(hide = true)]
    Measure {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if let Some(Inner::Measure { command }) = &arguments.inner {
        println!("{}", serde_json::to_string(&measure::watched(command)?)?);
        return Ok(ExitCode::SUCCESS);
    }
    let chosen: Vec<Shape> = shapes::all().into_iter().filter(|shape| is_chosen(shape, &arguments.only)).collect();
    let size = usize::from(arguments.mib) << 20;
    if let Some(folder) = &arguments.keep {
        for (number, shape) in chosen.iter().enumerate() {
            write(shape, size, folder, number)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let program = arguments.program.context("--program names the program that reads")?;
    ensure!(program.is_file(), "{} is no program; build it with: cargo build --release -p app", program.display());
    let rows = read_all(&chosen, size, &program)?;
    let pages = if arguments.only.is_empty() { stack::run()? } else { Vec::new() };
    let report = Report { rows, pages };
    println!("{report}");
    if let Some(path) = &arguments.out {
        std::fs::write(path, format!("{report}\n")).with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn is_chosen(shape: &Shape, only: &[String]) -> bool {
    let name = format!("{} {}", shape.ending, shape.name);
    only.is_empty() || only.iter().any(|part| name.contains(part.as_str()))
}

/// One after the other, so that none disturbs another.
fn read_all(shapes: &[Shape], size: usize, program: &Path) -> Result<Vec<Row>> {
    let folder = tempfile::Builder::new().prefix("gleaner-hostile-").tempdir()?;
    let mut rows = Vec::with_capacity(shapes.len());
    for (number, shape) in shapes.iter().enumerate() {
        let path = write(shape, size, folder.path(), number)?;
        let bytes = std::fs::metadata(&path)?.len();
        let cost: Cost = measure::of(program, &path)?;
        let row = Row { ending: shape.ending, name: shape.name.clone(), bytes, cost };
        eprintln!("{} of {}: {row}", number + 1, shapes.len());
        rows.push(row);
        std::fs::remove_file(path)?;
    }
    Ok(rows)
}

fn write(shape: &Shape, size: usize, folder: &Path, number: usize) -> Result<PathBuf> {
    let path = folder.join(format!("{number}.{}", shape.ending));
    std::fs::write(&path, shape.bytes(size)).with_context(|| format!("could not write {}", path.display()))?;
    Ok(path)
}
