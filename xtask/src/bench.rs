//! `bench`: measures against other systems, with the server they need beside them.

use anyhow::Result;
use clap::Args;
use cluster::child::{self, program};
use cluster::{Options, Server};

use crate::root::{root, target};

/// How the benchmark learns where PostgreSQL is; `testkit::postgres` reads it.
const VARIABLE: &str = "GLEANER_TEST_POSTGRES";

/// Two hundred workers, each a process of its own to the server; and the counter of statements, which is switched on only where
/// it is read. Everything else is as PostgreSQL comes, durable.
const SETTINGS: [&str; 3] =
    ["max_connections=1000", "shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track=none"];

/// The queue benchmark; what stands after `--` and every flag that is not known here goes to it.
#[derive(Args)]
pub struct Queue {
    /// Use this PostgreSQL (as a superuser) instead of a temporary one.
    #[arg(long, value_name = "URL", env = VARIABLE, hide_env_values = true)]
    postgres: Option<String>,
    /// What `bench-queue` takes; `cargo xtask bench queue -- --help` lists it.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Queue {
    /// Runs it, in a release build. Fails when a goal is missed.
    pub async fn run(&self) -> Result<()> {
        let server = if self.postgres.is_none() { Some(Server::start_with(options()).await?) } else { None };
        let url = self.postgres.clone().or(server.as_ref().map(Server::url)).unwrap_or_default();
        let mut cargo = program("cargo", root(), &["run", "--release", "--package", "bench", "--"]);
        cargo.args(&self.arguments).env(VARIABLE, url);
        child::run(cargo).await
    }
}

/// The benchmark of extraction; every argument goes to it.
#[derive(Args)]
pub struct Extract {
    /// What `bench-extract` takes; `cargo xtask bench extract -- --help` lists it.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Extract {
    /// Runs it, in a release build. Fails when a goal is missed.
    pub async fn run(&self) -> Result<()> {
        let mut cargo = program("cargo", root(), &["run", "--release", "--package", "contest", "--"]);
        cargo.args(&self.arguments);
        child::run(cargo).await
    }
}

/// The benchmark of hostile files; every argument goes to it.
#[derive(Args)]
pub struct Hostile {
    /// What `bench-hostile` takes; `cargo xtask bench hostile -- --help` lists it.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Hostile {
    /// Runs it on a release build of the program. Fails when a file goes beyond its bounds.
    pub async fn run(&self) -> Result<()> {
        child::run(program("cargo", root(), &["build", "--release", "--package", "app"])).await?;
        let gleaner = target()?.join("release/gleaner");
        let mut cargo = program("cargo", root(), &["run", "--release", "--package", "hostile", "--", "--program"]);
        cargo.arg(gleaner).args(&self.arguments);
        child::run(cargo).await
    }
}

fn options() -> Options {
    Options { settings: SETTINGS.map(str::to_owned).into(), ..Options::default() }
}
