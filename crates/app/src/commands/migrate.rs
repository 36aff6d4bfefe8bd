//! `gleaner migrate`: opening the store brings its schema up to date.

use std::process::ExitCode;

use crate::output;
use crate::settings::Settings;
use crate::setup;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = setup::store(settings).await?;
    store.ready().await?;
    store.close().await;
    output::line(format_args!("{} is up to date", settings.database))?;
    Ok(ExitCode::SUCCESS)
}
