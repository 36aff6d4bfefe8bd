//! `gleaner work`: the workers alone.

use std::process::ExitCode;

use anyhow::Context;

use crate::settings::Settings;
use crate::setup;
use crate::shutdown;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let stop = shutdown::on_signal()?;
    let store = setup::store(settings).await?;
    let worker = setup::worker(&store, settings, settings.patience_of_service(), None)?;
    tracing::info!(database = %settings.database, "working");
    let (syncs, asked) = (setup::syncs(&store, settings, settings.patience_of_service())?, stop.clone());
    let syncing = tokio::spawn(async move { syncs.run(asked).await });
    worker.run(stop).await;
    syncing.await.context("the syncs broke")?;
    setup::close(&store).await;
    Ok(ExitCode::SUCCESS)
}
