//! `gleaner serve`: the API and the workers in one process.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use model::Scopes;
use store::{Store, new_key};
use tokio::net::TcpListener;

use crate::output;
use crate::providers::{Asker, Scout};
use crate::settings::Settings;
use crate::setup;
use crate::shutdown;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let stop = shutdown::on_signal()?;
    let store = setup::store(settings).await?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another address with --listen", settings.listen))?;
    let patience = settings.patience_of_service();
    let worker = setup::worker(&store, settings, patience, None)?;
    // Who is told that it listens, and queues at once, is not told that nobody works.
    worker.sign_on().await?;
    greet(&store, settings, &listener).await?;
    let state = web::State {
        max_attempts: patience.attempts,
        lease: settings.lease,
        metrics: settings.metrics,
        providers: Arc::new(Asker(setup::sources(&store, settings)?)),
        crawls: Arc::new(Scout(setup::crawler(&store, settings)?)),
        limits: web::Limits {
            file: usize::try_from(settings.max_bytes).unwrap_or(usize::MAX),
            ..web::Limits::default()
        },
        ..web::State::new(store.clone())
    };
    let asked_to_serve = stop.clone();
    let serving =
        tokio::spawn(web::serve(listener, web::router(state), async move { asked_to_serve.cancelled().await }));
    let syncs = setup::syncs(&store, settings, patience)?;
    let asked = stop.clone();
    let syncing = tokio::spawn(async move { syncs.run(asked).await });
    worker.run(stop.clone()).await;
    syncing.await.context("the syncs broke")?;
    // The worker only ends when it is told to; then the server has been told too.
    serving.await.context("the server broke")?.context("the server broke")?;
    setup::close(&store).await;
    Ok(ExitCode::SUCCESS)
}

/// Says where it listens and, once in the life of a store, the first key.
async fn greet(store: &Store, settings: &Settings, listener: &TcpListener) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    if let Some(key) = first_key(store, settings).await? {
        output::line(format_args!(
            "Workspace {:?} is new. Its first API key, which is not shown again:\n\n{key}\n",
            settings.workspace
        ))?;
    }
    println!(
        "Gleaner {} listens on http://{address} (API reference: http://{address}/docs)",
        env!("CARGO_PKG_VERSION")
    );
    tracing::info!(%address, database = %settings.database, "serving");
    Ok(())
}

async fn first_key(store: &Store, settings: &Settings) -> anyhow::Result<Option<String>> {
    let workspace = setup::workspace(store, settings).await?;
    let mut write = store.write().await?;
    if !write.keys(workspace).await?.is_empty() {
        return Ok(None);
    }
    let key = new_key()?;
    write.save_key(workspace, "first", Scopes::ALL, &key, store.now()).await?;
    write.commit().await?;
    Ok(Some(key.reveal().to_owned()))
}
