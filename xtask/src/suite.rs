//! `test`: the whole suite with a PostgreSQL beside it, and one count at the end.

use std::fmt;

use anyhow::Result;
use clap::Args;

use crate::root::root;
use cluster::Server;
use cluster::child::{self, program};

/// How tests learn where PostgreSQL is; `testkit::postgres` reads it.
const VARIABLE: &str = "GLEANER_TEST_POSTGRES";

/// Which tests to run, and on which server.
#[derive(Args)]
pub struct Suite {
    /// Only tests whose name contains this.
    filter: Option<String>,
    /// Only this crate; may be repeated.
    #[arg(short, long = "package", value_name = "CRATE")]
    packages: Vec<String>,
    /// Use this PostgreSQL (as a superuser) instead of a temporary one.
    #[arg(long, value_name = "URL", env = VARIABLE, hide_env_values = true)]
    postgres: Option<String>,
}

impl Suite {
    /// Runs the tests to the end, whichever fail.
    pub async fn run(&self) -> Result<Count> {
        let server = if self.postgres.is_none() { Some(Server::start().await?) } else { None };
        let url = self.postgres.clone().or_else(|| server.as_ref().map(Server::url)).unwrap_or_default();
        let mut cargo = program("cargo", root(), &["test", "--no-fail-fast"]);
        if self.packages.is_empty() {
            cargo.arg("--workspace");
        }
        cargo.args(self.packages.iter().flat_map(|package| ["--package", package]));
        if self.packages.is_empty() || self.packages.iter().any(|package| package == "app") {
            cargo.args(["--features", "app/faults"]);
        }
        cargo.arg("--").args(&self.filter).env(VARIABLE, url);

        let mut count = Count::default();
        let status = child::lines(cargo, |line| {
            println!("{line}");
            count.add(line);
        })
        .await?;
        if !status.success() && count.failed == 0 {
            eprintln!("error: a test program did not compile or did not reach its end; it counts as one failure");
            count.failed = 1;
        }
        Ok(count)
    }
}

/// How many tests passed, failed and were left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Count {
    /// Adds what one test program reports: `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some(report) = line.strip_prefix("test result: ").and_then(|report| report.split_once(". ")) else {
            return;
        };
        for part in report.1.split("; ") {
            let (number, word) = part.split_once(' ').unwrap_or_default();
            let number: u64 = number.parse().unwrap_or(0);
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn adds_up_what_the_test_programs_report() {
        let mut count = Count::default();
        for line in [
            "running 3 tests",
            "test a ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.00s",
            "  test result: ok. 100 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out",
            "test result: FAILED. 20 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
        ] {
            count.add(line);
        }
        assert_eq!(count, Count { passed: 23, failed: 2, skipped: 1 });
        assert_eq!(count.to_string(), "23 passed, 2 failed, 1 skipped");
    }
}
