//! `simulate`: the simulation of the queue, built for speed.

use anyhow::Result;

use cluster::child::{self, program};

use crate::root::root;

/// Passes the arguments on.
pub async fn run(arguments: &[String]) -> Result<()> {
    let build = ["run", "--quiet", "--release", "--package", "simulate", "--"];
    let arguments: Vec<&str> = build.into_iter().chain(arguments.iter().map(String::as_str)).collect();
    child::run(program("cargo", root(), &arguments)).await
}
