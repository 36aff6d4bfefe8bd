//! `gleaner config`: the settings in force.

use std::process::ExitCode;

use crate::settings::Settings;

pub fn run(settings: &Settings) -> ExitCode {
    print!("{settings}");
    ExitCode::SUCCESS
}
