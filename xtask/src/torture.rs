//! `torture`: builds the program with its faults in and runs the crash scenarios on it.

use anyhow::Result;
use clap::Args;
use cluster::child::{self, program};

use crate::root::{root, target};

/// What is handed on to the scenarios' own program.
#[derive(Args)]
pub struct Torture {
    /// Names of scenarios, and flags; `--help` after `--` lists both.
    #[arg(value_name = "SCENARIO", trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Torture {
    /// Runs the scenarios; an error when one did not come out as it must.
    pub async fn run(&self) -> Result<()> {
        child::run(program("cargo", root(), &["build", "--package", "app", "--features", "app/faults"])).await?;
        let gleaner = target()?.join("debug/gleaner");
        let mut torture = program("cargo", root(), &["run", "--quiet", "--package", "torture", "--", "--faults"]);
        torture.arg("--program").arg(gleaner).args(&self.arguments);
        child::run(torture).await
    }
}
