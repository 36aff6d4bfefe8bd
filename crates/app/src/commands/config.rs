//! `gleaner config`: the settings in force.

use std::process::ExitCode;

use crate::settings::Settings;

pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    print!("{settings}");
    Ok(ExitCode::SUCCESS)
}
