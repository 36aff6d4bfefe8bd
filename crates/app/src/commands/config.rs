//! `gleaner config`: the settings in force.

use std::process::ExitCode;

use crate::output;
use crate::settings::Settings;
use crate::setup;

pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    setup::client(settings)?;
    output::text_of(settings)?;
    Ok(ExitCode::SUCCESS)
}
