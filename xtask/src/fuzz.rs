//! `fuzz`: lets a fuzzer look for input that breaks a promise, from the folder `fuzz`.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use cluster::child::{self, program};

use crate::root::root;

/// How the compiler is told to count which branches an input takes. The code is safe Rust, so no further sanitizer is needed.
const INSTRUMENTS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// What there is to break.
const TARGETS: [&str; 7] = ["html", "markdown", "csv", "eml", "zip", "pdf", "protocol"];

/// Which target, and how long.
#[derive(Args)]
pub struct Fuzz {
    /// One of html, markdown, csv, eml, zip, pdf and protocol.
    target: String,
    /// How long to look.
    #[arg(long, default_value_t = 30, value_name = "N")]
    minutes: u32,
    /// A folder of further files to begin with, beside the fixtures and those of fuzz/seeds; may be repeated.
    #[arg(long, value_name = "DIR")]
    seeds: Vec<PathBuf>,
    /// What libFuzzer takes, such as a file under fuzz/findings to run again.
    #[arg(last = true)]
    arguments: Vec<String>,
}

impl Fuzz {
    /// Builds the target with instruments and runs it. Fails on a finding, which stays in fuzz/findings.
    pub async fn run(&self) -> Result<()> {
        let target = self.target.as_str();
        ensure!(TARGETS.contains(&target), "there is no target {target:?}; there are {}", TARGETS.join(", "));
        let folder = root().join("fuzz");
        let (corpus, findings) = (folder.join("corpus").join(target), folder.join("findings"));
        for made in [&corpus, &findings] {
            std::fs::create_dir_all(made).with_context(|| format!("could not make {}", made.display()))?;
        }
        let host = host().await?;
        // With a target named, build scripts and macros are spared the instruments.
        let mut cargo = program("cargo", &folder, &["run", "--release", "--target", &host, "--bin", target, "--"]);
        cargo.env("RUSTFLAGS", INSTRUMENTS);
        if self.arguments.is_empty() {
            let seeds = [root().join("crates/extract/fixtures"), folder.join("seeds").join(target)];
            let others = self.seeds.iter().map(std::path::absolute).collect::<Result<Vec<PathBuf>, _>>()?;
            cargo.arg(corpus).args(seeds.iter().filter(|seeds| seeds.is_dir())).args(others);
            cargo.arg(format!("-max_total_time={}", self.minutes.saturating_mul(60)));
            cargo.arg(format!("-artifact_prefix={}/{target}-", findings.display()));
            cargo.args(["-timeout=20", "-rss_limit_mb=1024", "-max_len=65536", "-print_final_stats=1"]);
        }
        cargo.args(&self.arguments);
        child::run(cargo).await
    }
}

/// The machine's name as the compiler spells it.
async fn host() -> Result<String> {
    let told = child::output(program("rustc", root(), &["-vV"])).await?;
    let line = told.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).context("rustc does not say what machine this is")
}
